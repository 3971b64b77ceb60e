"""Where the corpora lie; without them these tests are skipped, and they never run with the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def corpora() -> Path:
    """Return the folder that BIFOLIO_CORPORA names."""
    folder = os.environ.get("BIFOLIO_CORPORA")
    if not folder:
        pytest.skip("BIFOLIO_CORPORA names no folder: tests/corpora/README.md says what belongs into it")
    return Path(folder)
