"""What a chapter holds against measured values, as it is written, and the outcomes that it can have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bifolio.claims.condition import Condition

Kind = Literal["claim", "statement", "question"]
"""A sentence of ours that has to hold, one of others, and a question of ours; the last two show what comes of them."""
Outcome = Literal[
    "holds",
    "contradicted",
    "not supported",
    "holds only if",
    "fails",
    "cannot be tested here",
    "wrong by definition",
]
HOLDS: Outcome = "holds"
CONTRADICTED: Outcome = "contradicted"
NOT_SUPPORTED: Outcome = "not supported"
HOLDS_ONLY_IF: Outcome = "holds only if"
FAILS: Outcome = "fails"
UNTESTED: Outcome = "cannot be tested here"
WRONG: Outcome = "wrong by definition"
STATED = (UNTESTED, WRONG)
"""The outcomes that the author gives a reason for, where others come of conditions."""
STATEMENT_OUTCOMES = (HOLDS, HOLDS_ONLY_IF, FAILS, NOT_SUPPORTED, *STATED)
OUTCOMES = (*STATEMENT_OUTCOMES, CONTRADICTED)


@dataclass(frozen=True)
class Claim:
    """`number` counts what a page holds against values from 1; `file` and `line` are those of the template.

    `conditions` are one, or two where a statement is to hold only under the first of them, or none where the
    outcome is given `because` of something. `sentence` is inline Markdown without links, and so are `source`, who
    says it where, and `about`, what it was tested on; `works` are the keys of the works that say it.
    """

    kind: Kind
    number: int
    conditions: tuple[Condition, ...]
    sentence: str
    expected: str
    because: str
    file: str
    line: int
    source: str = ""
    works: tuple[str, ...] = ()
    about: str = ""

    @property
    def condition_texts(self) -> tuple[str, ...]:
        """Return the conditions in normal form, as records keep them."""
        return tuple(map(str, self.conditions))

    @property
    def asked(self) -> str:
        """Return what the editions have in common: all but the words."""
        conditions = " only ".join(self.condition_texts)
        if self.kind == "claim":
            return conditions
        return " ".join(filter(None, [*(f"@{key}" for key in self.works), f"“{self.expected}”", conditions]))

    @property
    def kept_as(self) -> Kind:
        """Return the kind under which records keep its outcomes: those of a question are a statement's."""
        return "claim" if self.kind == "claim" else "statement"


def statement_outcome(conditions: Sequence[Outcome]) -> Outcome:
    """Return the outcome of a statement from those of its conditions.

    With two, the first is the statement where its proviso is met and the second the statement where it is not: it holds
    only if the proviso does when the first holds and the second is contradicted. Where the two differ in any other way,
    the statement as a whole is not supported.
    """
    if not conditions:
        return UNTESTED
    if all(outcome == HOLDS for outcome in conditions):
        return HOLDS
    if all(outcome == CONTRADICTED for outcome in conditions):
        return FAILS
    return HOLDS_ONLY_IF if tuple(conditions) == (HOLDS, CONTRADICTED) else NOT_SUPPORTED
