"""What a sentence says of a value or of a choice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered

if TYPE_CHECKING:
    from tests.conftest import Report


def test_forms_of_a_value(tiny: Project) -> None:
    number = r"(\d\.\d\d?)"
    text = rendered(
        tiny,
        "{{ dice.fair.mean }}|{{ dice.fair.mean | bare }}|{{ dice.fair.mean | plain }}|{{ dice.fair.mean | mean }}|"
        "{{ dice.fair.mean | mean | digits(3) }}|{{ dice.fair.sides }}|{{ dice.fair.share_of_sixes }}",
    ).split("|")
    link = r'\(evidence/dice\.md#fair-mean "dice\.fair\.mean · mean: [^"]* · evidence: fresh"\)\{\.bf-value\}'
    assert re.fullmatch(rf"\[{number} ± 0\.\d\d?\]{link} \(n = 3\)", text[0])
    assert text[1] == text[0].removesuffix(" (n = 3)")
    assert re.fullmatch(rf"\[{number}\]{link}", text[2])
    assert re.fullmatch(number, text[3]) and re.fullmatch(r"\d\.\d{3}", text[4])
    assert text[5].startswith("[6](") and "exact" in text[5] and "n =" not in text[5]
    assert text[6].startswith("[16.67 %](") and text[6].endswith(" (did not vary in 3)")


def test_a_timing_names_its_machine(tiny: Project) -> None:
    assert re.search(
        r'"letters\.seconds · mean: [^"]* s, 95 % interval [^"]* s · [^"]* · device: [^"]*, \d+ cores · ',
        rendered(tiny, "{{ letters.seconds }}"),
    )
    assert "cores" not in rendered(tiny, "{{ letters.seen_pairs }}")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ some.rate }}", "[0.1](evidence/some.md#rate){.bf-value} (3 of 5 seeds)"),
        ("{{ some.decay }}", "[yes, 1](evidence/some.md#decay){.bf-value} (2 of 5 seeds each)"),
        ("{{ some.kind }}", "[&#60;b&#62;a_b&#60;&#47;b&#62;, yes](evidence/some.md#kind){.bf-value}"),
    ],
)
def test_a_choice_is_shown_with_how_often_and_without_an_interval(choosing: Report, template: str, text: str) -> None:
    assert rendered(choosing.project, template).strip() == text


def test_names_and_what_is_nearest_know_choices(choosing: Report) -> None:
    message = refused(choosing.project, "{{ some.rat }}")
    assert "expected: decay, errors, kind, misses, rate" in message and "nearest:  rate" in message
    assert "the choice some.rate" in refused(choosing.project, "{{ some.rate | bare }}")
    assert "the choice some.rate" in refused(choosing.project, "{% claim some.rate < 1 %}S{% endclaim %}")
