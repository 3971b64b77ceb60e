"""The index of the evidence: a row for each experiment, the broken ones included."""

from __future__ import annotations

import pytest
from bifolio.chapters import render
from bifolio.markdown.escaping import escape
from bifolio.project import Project


@pytest.mark.parametrize(
    ("language", "said"), [("en", "broken</span>: "), ("zh", "出错</span>："), ("de", "defekt</span>: ")]
)
def test_a_broken_experiment_has_a_row_with_its_place(edited: Project, language: str, said: str) -> None:
    (edited.experiments / "coins.py").write_text("x = 1\ny = (\n")
    assert render(edited, [language]).kept
    index = (edited.docs / language / "evidence" / "index.md").read_text(encoding="utf-8")
    (row,) = [line for line in index.splitlines() if line.startswith("| [coins](coins.md){#row-coins} |")]
    assert said + escape("experiments/coins.py:2: this is no valid Python") in row
    assert row.count(" | ") == index.splitlines()[-3].count(" | ")
