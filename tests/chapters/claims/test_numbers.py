"""The rows behind a mark: a rounded bound never contradicts the outcome, and what could have been shown is said."""

from __future__ import annotations

import pytest
from bifolio.chapters.claims.numbers import numbers
from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.page import Page
from bifolio.claims import HOLDS, NOT_SUPPORTED, Evaluated, Region, parse_condition
from bifolio.formats.language import load_language
from bifolio.project import Project
from bifolio.statistics import Spread

CONDITION = parse_condition("coins.fair.heads < coins.bent.heads")
ABOVE = Region(10.0, float("inf"), closed=False)
BELOW = Region(float("-inf"), 0.0, closed=False)


def told(tiny: Project, found: Evaluated) -> list[str]:
    page = Page(Catalogue(tiny), load_language("en", tiny.templates), "index")
    return [row.replace("\u00a0", " ") for row in numbers(page, found)]


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (
            Evaluated(CONDITION, HOLDS, "ratio", "student", ABOVE, 326.0, 21.08, 5045.0, (5,), 0.001),
            "ratio: 326, 99 % interval 21.1 to 5,040",
        ),
        (
            Evaluated(CONDITION, HOLDS, "ratio", "student", ABOVE, 326.0, 10.0004, 5045.0, (5,), 0.001),
            "ratio: 326, 99 % interval 10.0004 to 5,045",
        ),
        (
            Evaluated(CONDITION, HOLDS, "difference", "student", BELOW, -2.0, -3.9996, -0.0004, (5,), 0.009),
            "difference: −2.0000, 99 % interval −3.9996 to −0.0004",
        ),
    ],
)
def test_a_rounded_bound_never_contradicts_the_outcome(tiny: Project, found: Evaluated, shown: str) -> None:
    assert shown in told(tiny, found)


def test_what_could_have_been_shown_stands_beside_what_was_not_decided(tiny: Project) -> None:
    spreads = (Spread(4.0, 1 / 3, 5),)
    undecided = Evaluated(CONDITION, NOT_SUPPORTED, "difference", "student", BELOW, -1.0, -5.0, 3.0, (5,), 0.2)
    assert told(tiny, undecided)[-1] == "underpowered: no difference that is said to matter could have been shown"
    found = told(tiny, Evaluated(**{**vars(undecided), "spreads": spreads}))
    assert found[-2] == "could have been shown: 11 from the boundary, in four of five repetitions"
    able = told(tiny, Evaluated(**{**vars(undecided), "spreads": spreads, "matters": 20.0}))
    assert able[-1] == found[-2], "it is not underpowered where what matters could have been shown"
