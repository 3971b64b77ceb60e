"""What templates compute from values: numbers with their interval, unit, card and evidence, or an error."""

from __future__ import annotations

import re

import pytest
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered


def test_a_difference_has_its_interval_its_seeds_and_its_evidence(tiny: Project) -> None:
    text = rendered(tiny, "{{ dice.loaded.mean - dice.fair.mean }}").replace("\u00a0", " ")
    assert re.match(r"\[[\d.]+ ± [\d.]+\]\(evidence/dice\.md#loaded-mean \"", text)
    assert "dice.loaded.mean - dice.fair.mean · mean: " in text and "95 % interval" in text
    assert "seeds: 3, compared one by one · evidence: fresh" in text and text.rstrip().endswith("{.bf-value} (n = 3)")


def test_the_filters_know_it(tiny: Project) -> None:
    source = "{{ (dice.loaded.mean - dice.fair.mean) | %s }}"
    bare, plain = (rendered(tiny, source % name) for name in ("bare", "plain"))
    assert "±" in bare and "n = 3" not in bare and "±" not in plain.split("]")[0]
    mean = float(rendered(tiny, source % "mean").strip().replace("−", "-"))
    apart = rendered(tiny, "{{ (dice.loaded.mean | mean) - (dice.fair.mean | mean) }}")
    assert mean == pytest.approx(float(apart.strip().replace("−", "-")))


def test_numbers_and_signs_take_part(tiny: Project) -> None:
    text = rendered(tiny, "{{ (-(dice.fair.mean - 1.5) * 2) | plain }}|{{ (2 * dice.fair.sides - 2) | plain }}")
    assert "-(dice.fair.mean - 1.5) &#42; 2" in text
    assert re.search(r"\|\[10\]\(.*: 10, exact · evidence: fresh", text)


def test_the_unit_follows(tiny: Project) -> None:
    share = "letters.seen_pairs"
    assert "points](" in rendered(tiny, f"{{{{ {share} - letters.greedy.seen_pairs }}}}")
    assert "%" in rendered(tiny, f"{{{{ 100 - {share} }}}}").split("](")[0]
    ratio = rendered(tiny, f"{{{{ {share} / letters.greedy.seen_pairs }}}}").split("](")[0]
    assert "%" not in ratio and "points" not in ratio


def test_a_table_shows_differences_and_leaves_a_cell_empty(tiny: Project) -> None:
    text = rendered(
        tiny,
        '{{ table({"fair": {"m": dice.fair.mean, "d": none}, "loaded": {"m": dice.loaded.mean,'
        ' "d": dice.loaded.mean - dice.fair.mean}}, columns={"m": "mean", "d": "against fair"}, head="die") }}',
    )
    lines = text.splitlines()
    assert lines[0] == "| die | mean | against fair |"
    assert lines[2].endswith("| — |") and "dice.loaded.mean - dice.fair.mean" in lines[3]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ dice.fair.mean - letters.seen_pairs }}", "the units of a computation do not go together"),
        ("{{ letters.seen_pairs * letters.greedy.seen_pairs }}", "the units of a computation do not go together"),
        ("{{ dice.fair.mean / (dice.fair.sides - dice.fair.sides) }}", "this has no number for some seed"),
        ("{{ dice.fair.running_mean - 1 }}", "unsupported operand type"),
        ('{{ dice.fair.mean - "one" }}', "unsupported operand type"),
    ],
)
def test_what_cannot_be_computed_is_refused(tiny: Project, template: str, message: str) -> None:
    text = refused(tiny, template)
    assert text.startswith("templates/pages/index/en.md:1: ") and message in text
