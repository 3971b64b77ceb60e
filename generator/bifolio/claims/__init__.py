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
from bifolio.claims.computed import Computed, compute_over_seeds
from bifolio.claims.condition import Binary, Condition, Expression, Name, Negative, Number, Operator, names_in
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
    "Binary",
    "Claim",
    "Computed",
    "Condition",
    "Evaluated",
    "Exact",
    "Expression",
    "Kind",
    "Name",
    "Negative",
    "Number",
    "Operand",
    "Operator",
    "Outcome",
    "Region",
    "Sampled",
    "compute_over_seeds",
    "evaluate",
    "names_in",
    "parse_condition",
    "statement_outcome",
]
