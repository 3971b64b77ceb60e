"""Reports survive JSON as they were; what is damaged, misplaced or about something else is noticed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.errors import ResultError
from bifolio.project import find_project
from bifolio.provenance.declaration import RunName
from bifolio.results.comparison import Comparison, Difference
from bifolio.results.reports import (
    Report,
    is_current,
    read_report,
    read_reports,
    report_path,
    verdict_of_reports,
    write_report,
)
from bifolio.results.store import read_checked, result_path
from hypothesis import given
from hypothesis import strategies as st

from tests.results.test_comparison import HERE
from tests.results.test_reading import cells, numbers

if TYPE_CHECKING:
    from tests.conftest import Report as Small

SAME = Comparison(True, ("answer",), ("seconds",), ())
NAME = RunName("some", "cpu", "default", 0)
LINES = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), min_size=1, max_size=9)
REPORT = Report(NAME, "ab" * 32, "cd" * 32, "", SAME, HERE)

differences = st.builds(
    Difference,
    LINES,
    st.sampled_from(["value", "choice", "column", "table", "sample", "image", "split", "diverged"]),
    cells,
    cells,
    st.none() | numbers,
    st.none() | st.floats(0, 9),
    st.none() | st.integers(1, 99),
)
comparisons = st.builds(
    Comparison,
    st.booleans(),
    st.lists(LINES, max_size=3).map(tuple),
    st.lists(LINES, max_size=3).map(tuple),
    st.lists(differences, max_size=3).map(tuple),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report")
    (made / "pyproject.toml").write_text('[tool.bifolio]\nlanguages = ["en"]\n')
    return made


@given(st.none() | comparisons, st.text(max_size=20))
def test_a_report_is_the_same_after_it_was_stored(folder: Path, comparison: Comparison | None, problem: str) -> None:
    project = find_project(folder)
    report = replace(REPORT, comparison=comparison, problem=problem)
    write_report(project, report)
    assert read_report(project, NAME) == report
    assert json.loads(report_path(project, NAME).read_text())["verdict"] == report.verdict


def test_a_report_lies_where_its_result_would(report: Small) -> None:
    write_report(report.project, REPORT)
    assert report_path(report.project, NAME) == report.root / "experiments/reproductions/some/cpu/default/seed-0.json"
    assert read_reports(report.project, "some", "cpu") == {NAME: REPORT}
    assert read_reports(report.project, "some", "gpu") == {}


def test_an_edited_report_is_noticed(report: Small) -> None:
    write_report(report.project, replace(REPORT, comparison=None, problem="crash"))
    path = report_path(report.project, NAME)
    path.write_text(path.read_text().replace("failed", "identical"))
    with pytest.raises(ResultError, match="does not match its checksum") as caught:
        read_report(report.project, NAME)
    assert "bifolio reproduce --force" in str(caught.value)


def test_a_report_of_another_run_is_noticed(report: Small) -> None:
    write_report(report.project, REPORT)
    other = replace(NAME, seed=1)
    report_path(report.project, NAME).rename(report_path(report.project, other))
    with pytest.raises(ResultError, match="another run than its path"):
        read_report(report.project, other)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"same_machine": true', '"same_machine": 1', "comparison.same_machine"),
        ('"identical": ["answer"]', '"identical": [1]', "comparison.identical"),
        ('"memory": 1000', '"memory": -1', "witness.memory"),
        ('"kind": "value"', '"kind": "script"', "comparison.differences[0].kind"),
    ],
)
def test_a_wrong_field_is_named(report: Small, old: str, new: str, field: str) -> None:
    from bifolio.results.store import encode_data

    different = Comparison(True, ("answer",), (), (Difference("a", "value", 1, 2, 1.0),))
    write_report(report.project, replace(REPORT, comparison=different))
    path = report_path(report.project, NAME)
    text = path.read_text()
    assert old in text
    data = json.loads(text.replace(old, new))
    path.write_bytes(encode_data(data))
    with pytest.raises(ResultError) as caught:
        read_report(report.project, NAME)
    assert f"field {field}" in str(caught.value)


def test_a_report_is_current_as_long_as_its_result_is_the_one_that_is_stored(report: Small) -> None:
    report.experiment("some", "import random\nrun.value('answer', random.random())")
    report.measure()
    path = result_path(report.project, NAME)
    data = read_checked(path, "")
    about = replace(REPORT, fingerprint=data["fingerprint"]["digest"], published=data["checksum"])
    assert is_current(report.project, about)
    assert not is_current(report.project, replace(about, fingerprint="0"))
    assert not is_current(report.project, replace(about, published="0"))
    path.unlink()
    assert not is_current(report.project, about)


def test_one_failure_is_the_verdict_on_all() -> None:
    failed = replace(REPORT, comparison=None, problem="crash")
    assert verdict_of_reports([REPORT], 0.0) == "identical"
    assert verdict_of_reports([REPORT, failed], 0.0) == "failed"
    assert verdict_of_reports([], 0.0) is None
