"""What `table` shows, from the stored results of the tiny report."""

from __future__ import annotations

import pytest
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered


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
