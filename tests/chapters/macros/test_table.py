"""What `table` shows, from the stored results of the tiny report."""

from __future__ import annotations

import pytest
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered
from tests.conftest import Report


def test_a_stored_table(tiny: Project) -> None:
    text = rendered(
        tiny, '{{ table(letters.vowels, columns={"vowel": "V", "count": "C"}, where={"after": ("a", "e")}, rows=3) }}'
    )
    assert text.splitlines()[:2] == ["| V | C (pairs) |", "| --- | ---: |"]
    assert [line.split(" | ")[0] for line in text.splitlines()[2:]] == ["| a", "| e", "| i"]
    one = rendered(tiny, '{{ table(letters.vowels, columns={"count": "C"}, rows=1, seed=1, caption="Words.") }}')
    assert "±" not in one and '<span class="bf-caption">Words.</span>' in one


def test_a_table_of_values(tiny: Project) -> None:
    text = rendered(
        tiny,
        '{{ table({"x": {"a": letters.seen_pairs}, "y": {"a": letters.greedy.seen_pairs}},'
        ' columns={"a": "A"}, head="H") }}',
    )
    lines = text.splitlines()
    assert lines[:2] == ["| H | A (%) |", "| --- | ---: |"]
    assert lines[2].startswith("| x | [") and "evidence/letters.md#greedy-seen_pairs" in lines[3]
    assert "{.bf-value} |" in lines[2] and "n = 3" not in lines[2]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            '{{ table({"x": {"a": letters.seen_pairs}, "y": {"a": dice.fair.mean}}, columns={"a": "A"}) }}',
            "mixes units",
        ),
        ('{{ table({"x": {"b": dice.fair.mean}}, columns={"a": "A"}) }}', "a row lacks a column"),
        ('{{ table({"x": 3}, columns={"a": "A"}) }}', "a row of a table is a variant"),
        ("{{ table(dice.fair.running_mean, columns={}) }}", "a table needs columns"),
        ('{{ table(dice.fair.running_mean, columns={"throws": "t"}, seed=9) }}', "there is no such seed of dice.fair"),
    ],
)
def test_what_cannot_be_shown(tiny: Project, template: str, message: str) -> None:
    text = refused(tiny, template)
    assert text.startswith("templates/pages/index/en.md:1: ") and message in text.splitlines()[0]


UNVARIED = """
    curve = run.table("curve", columns=("step", "share", "loss"))
    for step in (1, 2):
        curve.add(step, 50.5 if step == 1 else 40.0 + run.seed, 0.25)
    run.value("share", 50.5, unit="%")
    run.value("drawn", 40.0 + run.seed, unit="%")
    run.value("steps", 7)
    """
NOTE = "Numbers without an interval did not vary over the seeds."


@pytest.mark.parametrize(
    ("table", "noted"),
    [
        ('table(same.curve, columns={"step": "S", "share": "A"})', True),
        ('table(same.curve, columns={"step": "S", "loss": "L"}, caption="Words.")', False),
        ('table({"x": same}, columns={"share": "A", "drawn": "D"}, caption="Words.")', True),
        ('table({"x": same}, columns={"steps": "S", "drawn": "D"})', False),
    ],
)
def test_what_did_not_vary_is_said_below(report: Report, table: str, noted: bool) -> None:
    """A column of which no number varies is one of settings, and so is a whole number on which all seeds agree."""
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    report.experiment("same", UNVARIED, declared="seeds=3")
    report.measure()
    text = rendered(report.project, f"{{{{ {table} }}}}")
    assert (NOTE in text) is noted and ("±" in text or "loss" in table)
    assert ("Words." in text) is ("Words." in table)
