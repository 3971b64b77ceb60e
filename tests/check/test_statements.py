"""Rules about whose sentences are held against values, how wide their margins are, and what seeds did with the data."""

from __future__ import annotations

import json

import pytest
from bifolio.check import Finding, check
from bifolio.project import Project

from tests.check.conftest import edit
from tests.conftest import Report

SEEDED = 'seeds=5, quantities={"drawn": Quantity(matters=0.5, reason="a test")}'


def found(project: Project, rule: str) -> list[Finding]:
    return [finding for finding in check(project) if finding.rule == rule]


def chapter(report: Report, text: str) -> None:
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    report.write("templates/pages/index/en.md", f"# Home {{#home}}\n\n{text}\n")


@pytest.fixture
def drawing(report: Report) -> Report:
    """Return a report that draws a number near a half, measured."""
    body = 'run.no_data()\nimport random\nrun.value("drawn", random.random(), unit="km")\nrun.value("size", 7)'
    report.experiment("drawing", body, declared=SEEDED, imports="from bifolio import Quantity")
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    return report


def test_a_statement_of_nobody(edited: Project) -> None:
    for language in edited.languages:
        path = edited.templates / f"pages/chance/{language}.md"
        place = {"en": "page 2", "de": "Seite 2", "zh": "第 2 页"}[language]
        edit(path, f'source="tester2026invented, {place}" expected="fails"', 'expected="fails"')
    findings = found(edited, "unsourced-statement")
    assert [finding.edition for finding in findings] == list(edited.languages)
    english = next(finding for finding in findings if finding.edition == "en")
    assert english.file == "templates/pages/chance/en.md" and english.found == "A bent coin is nearly fair."


@pytest.mark.parametrize(("margin", "wide"), [("by 1.5", False), ("by 1.6", True), ("", False)])
def test_a_margin_far_wider_than_what_matters(drawing: Report, margin: str, wide: bool) -> None:
    chapter(drawing, f'{{% question expected="holds" if=drawing.drawn ≈ 0.5 {margin} %}}Near?{{% endquestion %}}')
    findings = found(drawing.project, "wide-margin")
    assert bool(findings) is wide
    if wide:
        assert findings[0].found == "drawing.drawn ≈ 0.5 by 1.6" and "3 times 0.5" in findings[0].expected


def test_a_margin_is_held_against_what_matters_elsewhere_in_its_unit(drawing: Report) -> None:
    other = 'run.no_data()\nimport random\nrun.value("far", random.random(), unit="km")'
    drawing.experiment("other", other, declared="seeds=5")
    drawing.measure("other")
    chapter(drawing, '{% question expected="holds" if=other.far ≈ 0.5 by 2 %}Near?{% endquestion %}')
    (finding,) = found(drawing.project, "wide-margin")
    assert finding.found == "other.far ≈ 0.5 by 2"


def test_seeds_have_to_say_what_they_do_with_the_data(report: Report) -> None:
    report.experiment("silent", 'import random; run.value("drawn", random.random())', declared="seeds=2")
    report.experiment("timed", 'run.timing("waited", 1.5, unit="s")', declared="seeds=2")
    report.experiment("exact", 'run.value("size", 7, tolerance=0)', declared="seeds=2")
    report.experiment("single", 'run.value("size", 7.5)', declared="seeds=1")
    report.measure()
    (finding,) = found(report.project, "unsaid-data")
    assert (finding.file, finding.found) == (
        "experiments/silent.py",
        "silent (default): nothing says what its seeds did with the data",
    )


def test_a_single_count_out_of_so_many_has_an_interval(report: Report) -> None:
    """The rule looks at what is stored, so `of` has to be among what is remembered of a result."""
    body = 'run.no_data()\nrun.value("errors", 3, of=40)\nrun.value("loss", 0.5)'
    report.experiment("counted", body, declared="seeds=1")
    report.measure()
    chapter(report, "{{ counted.errors }} {{ counted.loss }}")
    assert [finding.found for finding in found(report.project, "single-seed")] == [
        "counted (default, cpu): loss of n = 1"
    ]
    assert json.loads(report.result_file("counted").read_text())["values"]["errors"]["of"] == 40


def test_the_report_of_the_tests_has_none_of_these(edited: Project) -> None:
    assert check(edited) == ()
