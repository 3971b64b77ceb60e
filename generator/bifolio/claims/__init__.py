"""Claims: conditions over measured values, read from text and held against the seeds."""

from bifolio.claims.claim import (
    CONTRADICTED,
    FAILS,
    HOLDS,
    HOLDS_ONLY_IF,
    NOT_SUPPORTED,
    OUTCOMES,
    STATED,
    STATEMENT_OUTCOMES,
    UNTESTED,
    WRONG,
    Claim,
    Kind,
    Outcome,
    statement_outcome,
)
from bifolio.claims.compared import Region
from bifolio.claims.condition import Condition, Name, names_in
from bifolio.claims.evaluation import Evaluated, evaluate
from bifolio.claims.operands import Exact, Operand, Sampled
from bifolio.claims.parser import parse_condition

__all__ = [
    "CONTRADICTED",
    "FAILS",
    "HOLDS",
    "HOLDS_ONLY_IF",
    "NOT_SUPPORTED",
    "OUTCOMES",
    "STATED",
    "STATEMENT_OUTCOMES",
    "UNTESTED",
    "WRONG",
    "Claim",
    "Condition",
    "Evaluated",
    "Exact",
    "Kind",
    "Name",
    "Operand",
    "Outcome",
    "Region",
    "Sampled",
    "evaluate",
    "names_in",
    "parse_condition",
    "statement_outcome",
]
