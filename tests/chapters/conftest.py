"""A report whose runs choose, count and diverge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report

BODY = """
    run.fresh_data(train=60)
    run.choice("rate", (0.1, 0.03, 0.1, 0.03, 0.1)[run.seed])
    run.choice("decay", (True, True, 1, 1, None)[run.seed])
    run.choice("kind", ("<b>a_b</b>", run.seed < 9))
    run.value("errors", run.seed, of=60 + run.seed)
    run.value("misses", 3, of=60)
    if run.seed == 3:
        run.diverged("the loss *became* infinite")
    """


@pytest.fixture(scope="session")
def choosing(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return it measured; who needs another writes to its templates only."""
    from tests.conftest import Report

    report = Report(tmp_path_factory.mktemp("choices"))
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    report.write("templates/pages/index/en.md", "")
    report.experiment("some", BODY, declared="seeds=5")
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    return report
