"""A report in which everything that a fingerprint covers occurs once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report


@pytest.fixture
def measured(report: Report) -> Report:
    """Return a report in which everything that a fingerprint covers occurs once."""
    report.write("experiments/__init__.py", '"""Experiments."""\n')
    report.write("experiments/data/__init__.py", "")
    report.write(
        "experiments/data/words.py",
        """
        from bifolio.authoring import Dataset
        DATASET = Dataset(name="words", version="1", source="here", licence="none", size="2", files={"a": "0a"})
        """,
    )
    report.write("experiments/inner.py", "def size():\n    return 1\n")
    report.write("experiments/outer.py", "from experiments.inner import size\n")
    report.write("experiments/unused.py", "x = 1\n")
    report.write("questions/list.txt", "why?\n")
    report.experiment("upstream", imports="from experiments.outer import size")
    report.experiment(
        "downstream",
        declared='seeds=2, variants={"a": Config(), "b": Config(size=2)}, smoke=Config(size=0), needs=("upstream",)',
        config="size: int = 1\n    rate: float = 0.1",
    )
    report.edit("experiments/upstream.py", "seeds=1", "seeds=2")
    report.experiment(
        "alone", imports="from experiments.data.words import DATASET", declared='seeds=1, inputs=("questions/*",)'
    )
    return report
