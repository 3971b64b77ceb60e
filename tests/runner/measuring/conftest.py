"""A system without mount namespaces, for runs that are to be shown everything; and files that libraries write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import MadeOnce, Report

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


WRITING = """
import torch
from safetensors.torch import save_file
save_file({"a": torch.ones(2)}, "a.safetensors")
torch.ones(2).numpy().tofile("a.bin")
from tokenizers import Tokenizer
from tokenizers.models import BPE
Tokenizer(BPE()).save("tokenizer.json")
"""


@pytest.fixture(scope="session")
def tensors(made_once: MadeOnce) -> Path:
    """Return a folder with tensors and a tokenizer, written by a process of its own: this one imports no torch."""

    def fill(folder: Path) -> None:
        folder.mkdir()
        subprocess.run([sys.executable, "-c", WRITING], cwd=folder, check=True)

    return made_once("tensors", fill)
