"""A claim or a statement as a chapter makes it, and the outcomes that each can have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bifolio.claims.condition import Condition

Kind = Literal["claim", "statement"]
Outcome = Literal["holds", "contradicted", "not supported", "holds only if", "fails", "cannot be tested here"]
HOLDS: Outcome = "holds"
CONTRADICTED: Outcome = "contradicted"
NOT_SUPPORTED: Outcome = "not supported"
HOLDS_ONLY_IF: Outcome = "holds only if"
FAILS: Outcome = "fails"
UNTESTED: Outcome = "cannot be tested here"
STATEMENT_OUTCOMES = (HOLDS, HOLDS_ONLY_IF, FAILS, NOT_SUPPORTED, UNTESTED)
OUTCOMES = (*STATEMENT_OUTCOMES, CONTRADICTED)


@dataclass(frozen=True)
class Claim:
    """`number` counts the claims and statements of a page from 1; `file` and `line` are those of the template.

    `conditions` are one, or two where a statement is to hold only under the first of them, or none for
    a statement that cannot be tested here, `because` of something. `sentence` is inline Markdown without links.
    """

    kind: Kind
    number: int
    conditions: tuple[Condition, ...]
    sentence: str
    expected: str
    because: str
    file: str
    line: int

    @property
    def condition_texts(self) -> tuple[str, ...]:
        """Return the conditions in normal form, as records keep them."""
        return tuple(map(str, self.conditions))

    @property
    def asked(self) -> str:
        """Return what the editions have in common: all but the words."""
        conditions = " only ".join(self.condition_texts)
        return conditions if self.kind == "claim" else f"“{self.expected}” {conditions}".rstrip()


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
