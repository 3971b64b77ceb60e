"""A system without mount namespaces, for runs that are to be shown everything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report

# The processes that measure are forked from one that imports this first.
REFUSING = """
    from bifolio.runner.measuring import view
    view._unshare = lambda: False
    """


@pytest.fixture
def shown_everything(report: Report, monkeypatch: pytest.MonkeyPatch, anew: None) -> None:
    """Let runs be measured as on a system without namespaces."""
    folder = report.write("../without/sitecustomize.py", REFUSING).resolve().parent
    monkeypatch.setenv("PYTHONPATH", f"{folder}:{os.environ.get('PYTHONPATH', '')}")
