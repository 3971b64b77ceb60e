"""Claims: conditions over measured values, read from text and held against the seeds."""

from generator.claims.claim import (
    CONTRADICTED,
    FAILS,
    HOLDS,
    HOLDS_ONLY_IF,
    NOT_SUPPORTED,
    OUTCOMES,
    STATEMENT_OUTCOMES,
    UNTESTED,
    Claim,
    Kind,
    Outcome,
    statement_outcome,
)
from generator.claims.condition import Condition, Name, names_in
from generator.claims.evaluation import Evaluated, evaluate
from generator.claims.parser import parse_condition
from generator.claims.quantity import Exact, Quantity, Sampled
from generator.claims.question import Region

__all__ = [
    "CONTRADICTED",
    "FAILS",
    "HOLDS",
    "HOLDS_ONLY_IF",
    "NOT_SUPPORTED",
    "OUTCOMES",
    "STATEMENT_OUTCOMES",
    "UNTESTED",
    "Claim",
    "Condition",
    "Evaluated",
    "Exact",
    "Kind",
    "Name",
    "Outcome",
    "Quantity",
    "Region",
    "Sampled",
    "evaluate",
    "names_in",
    "parse_condition",
    "statement_outcome",
]
