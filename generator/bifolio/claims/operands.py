"""What the names of a condition stand for: exact numbers, or one number a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bifolio.claims.condition import Name
from bifolio.statistics import Range


@dataclass(frozen=True)
class Exact:
    """A number in which chance has no part: a field of a config, a value that is computed."""

    number: float


@dataclass(frozen=True)
class Sampled:
    """What an experiment measured, by seed; `test_to_train` is n_test / n_train where the seed drew the split.

    `limits` are where it can lie and `matters` is the smallest difference that a reader would act on, as declared;
    `of` is what it is a count out of, where that is the same for all seeds.
    """

    experiment: str
    numbers: Mapping[int, float]
    test_to_train: float = 0.0
    limits: Range | None = None
    matters: float | None = None
    of: int | None = None


Operand = Exact | Sampled
Lookup = Callable[[Name], Operand]
