"""Where a run can be shown everything, readers in Rust and C++ are heard, too."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report

FILES = ("data/a.safetensors", "data/a.bin", "data/tokenizer.json", "data/vocab.json", "data/merges.txt")


@pytest.fixture
def guarded(report: Report, tensors: Path, shown_everything: None) -> Report:
    """Return a report with files that a run may want to read, on a system without namespaces."""
    report.write("experiments/__init__.py", "")
    report.write("data/vocab.json", '{"a": 0}')
    report.write("data/merges.txt", "#version: 0.2\n")
    shutil.copytree(tensors, report.root / "data", dirs_exist_ok=True)
    return report


@pytest.mark.parametrize(
    ("body", "file"),
    [
        ('from safetensors.torch import load_file; load_file("data/a.safetensors")', 0),
        ('from safetensors import safe_open; safe_open("data/a.safetensors", framework="pt")', 0),
        ('from safetensors.numpy import load_file; load_file(filename="data/a.safetensors")', 0),
        ('import torch; torch.from_file("data/a.bin", size=2)', 1),
        ('import torch; torch.UntypedStorage.from_file("data/a.bin", False, 8)', 1),
        ('from tokenizers import Tokenizer; Tokenizer.from_file("data/tokenizer.json")', 2),
        ('from tokenizers.models import BPE; BPE.from_file("data/vocab.json", "data/merges.txt")', 3),
    ],
)
def test_a_reader_of_another_language_is_heard(guarded: Report, body: str, file: int) -> None:
    every = ", ".join(f'"{name}"' for name in FILES)
    guarded.experiment("curious", f"{body}\nrun.value('x', 1)")
    guarded.experiment("honest", f"{body}\nrun.value('x', 1)", declared=f"seeds=1, inputs=({every},)")
    messages = {outcome.name.experiment: outcome.message for outcome in guarded.measure(jobs=1).values()}
    assert messages["honest"] == ""
    assert (
        f"a run opened a file of the project that it did not declare\n  found:    {FILES[file]}" in messages["curious"]
    )
    assert messages["curious"].startswith("experiments/curious.py:12: ")
