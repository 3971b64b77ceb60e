"""The page of all claims: what it keeps of sentences that are no longer said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bifolio.chapters import render
from bifolio.errors import ResultError
from bifolio.project import Project
from bifolio.results.new_claims import ClaimOnNewSeeds, keep_first_outcomes, write_down

GONE = ClaimOnNewSeeds(
    "chance",
    "claim",
    "Heads, <b>again</b>.",
    ("coins.fair.heads > 60",),
    {"coins": "5"},
    "holds",
    "not supported",
    "coins.fair.heads > 60: difference -9.8, ```` 99 % interval -12 to -7",
)


def keep(project: Project, one: ClaimOnNewSeeds) -> None:
    write_down(project, "cpu", [((one.kind, one.conditions), ["coins"])])
    assert keep_first_outcomes(project, "cpu", [one]) == (one,)


def page(project: Project, name: str) -> str:
    render(project)
    return (project.docs / name).read_text(encoding="utf-8")


def test_what_unseen_seeds_overturned_stays_to_be_read(edited: Project) -> None:
    assert "overturned" not in page(edited, "en/evidence/claims.md")
    keep(edited, GONE)
    assert "and that are no longer said: 1. They stand [at the end](#overturned)." in page(
        edited, "en/evidence/claims.md"
    )
    first, *others = edited.languages
    for language in (first, *others):
        text = page(edited, f"{language}/evidence/claims.md").split("{#overturned}")[1]
        assert "`````\ncoins.fair.heads > 60\ndifference -9.8\n```` 99 % interval -12 to -7\n`````" in text
        assert text.count('class="bf-outcome') == 2 and "<b>" not in text
        assert ("again" in text) is (language == first), "the sentence is in the first edition's words"
    assert 'Written: <span class="bf-outcome bf-holds">holds</span>; on new seeds (coins from seed 5, profile cpu)' in (
        page(edited, "en/evidence/claims.md").replace("\\", "")
    )


def test_an_outcome_that_there_is_not_is_no_reason_to_say_less(edited: Project) -> None:
    keep(edited, replace(GONE, outcome="perhaps"))
    with pytest.raises(ResultError, match="there is no such outcome"):
        render(edited)


def test_what_was_not_decided_or_came_out_again_is_not_told(edited: Project) -> None:
    keep(edited, replace(GONE, wanted="not supported", outcome="holds"))
    keep(edited, replace(GONE, conditions=("coins.fair.heads > 40",), outcome="holds"))
    assert "{#overturned}" not in page(edited, "en/evidence/claims.md")
