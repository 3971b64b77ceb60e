"""Conditions of every kind on 10,000 simulated experiments that lie on their boundary: how often they err."""

from __future__ import annotations

import math

import numpy as np
import pytest
from bifolio.claims import CONTRADICTED, HOLDS, Name, Sampled, evaluate, parse_condition
from numpy.typing import NDArray

COUNT = 10_000
ONE_SIDED = 0.005
"""How often a condition at 99 % may hold although the truth lies on its boundary."""
BOUND = 3.9 * math.sqrt(ONE_SIDED * (1 - ONE_SIDED) / COUNT)
WORST_WELCH, WORST_IN_A_RANGE = 0.008, 0.0075
"""The same for Welch with 5 seeds against 20, and for the logit: half of what their worst coverage leaves out."""
Samples = NDArray[np.float64]


def outcomes(condition: str, values: dict[str, Samples], **told: object) -> tuple[float, float]:
    """Return the shares of experiments in which a condition over `e.a`, `e.b` and `f.c` holds and is contradicted."""
    asked = parse_condition(condition)
    rows = {name: samples.tolist() for name, samples in values.items()}
    found = []
    for place in range(COUNT):

        def lookup(name: Name, place: int = place) -> Sampled:
            numbers = dict(enumerate(rows[name.parts[1]][place]))
            return Sampled(name.parts[0], numbers, **told)  # type: ignore[arg-type]

        found.append(evaluate(asked, lookup).outcome)
    return found.count(HOLDS) / COUNT, found.count(CONTRADICTED) / COUNT


def normal(seed: int, seeds: int, spread: float = 1.0) -> Samples:
    return np.random.default_rng(seed).normal(0.0, spread, (COUNT, seeds))


def test_variants_that_are_alike() -> None:
    common = normal(1, 5)  # what the seeds' splits give both variants
    held, refuted = outcomes("e.a < e.b", {"a": common + normal(2, 5), "b": common + normal(3, 5, 2.0)})
    assert abs(held - ONE_SIDED) < BOUND and abs(refuted - ONE_SIDED) < BOUND


def test_a_shift_at_the_boundary() -> None:
    held, refuted = outcomes("e.a < e.b - 3", {"a": normal(2, 5), "b": 3 + normal(3, 5)})
    assert abs(held - ONE_SIDED) < BOUND and abs(refuted - ONE_SIDED) < BOUND


def test_splits_that_overlap() -> None:
    """Splits are correlated by n_test / (n_test + n_train), as Nadeau and Bengio (2003) assume."""
    train, test = 60, 20
    share = test / (test + train)
    common = math.sqrt(share) * normal(4, 1)
    held, refuted = outcomes("e.a > 0", {"a": common + math.sqrt(1 - share) * normal(5, 5)}, test_to_train=test / train)
    assert abs(held - ONE_SIDED) < BOUND and abs(refuted - ONE_SIDED) < BOUND


def test_different_experiments() -> None:
    held, refuted = outcomes("e.a > f.c", {"a": normal(6, 5), "c": normal(7, 20)})
    assert held < WORST_WELCH + BOUND and refuted < WORST_WELCH + BOUND


def test_multiples() -> None:
    held, refuted = outcomes("e.a / e.b < 2", {"a": 2 * np.exp(normal(8, 5)), "b": np.exp(normal(9, 5, 0.5))})
    assert abs(held - ONE_SIDED) < BOUND and abs(refuted - ONE_SIDED) < BOUND


def test_equal_within_a_margin_that_the_truth_just_misses() -> None:
    """Two one-sided tests (Schuirmann, 1987): what is not alike is called so no more often than one of them errs."""
    held, _ = outcomes("e.a ≈ e.b by 4", {"a": 4 + normal(10, 5), "b": normal(11, 5)})
    assert held < ONE_SIDED + BOUND


@pytest.mark.parametrize("mean", [50.0, 95.0])
def test_a_share_near_the_end_of_its_range(mean: float) -> None:
    """Seeds scatter by a third of the distance to the nearer end, as accuracies near 100 % do."""
    spread = min(mean, 100 - mean) / 3
    shares = np.clip(mean + normal(12, 5, spread), 0.0, 100.0)
    truth = float(np.mean(shares))
    held, refuted = outcomes(f"e.a > {truth:.6f}", {"a": shares}, limits=(0.0, 100.0))
    assert held < WORST_IN_A_RANGE + BOUND and refuted < WORST_IN_A_RANGE + BOUND


@pytest.mark.parametrize("probability", [0.02, 0.5])
def test_a_single_count(probability: float) -> None:
    """Clopper and Pearson (1934): never more often than it says."""
    counts = np.random.default_rng(13).binomial(200, probability, (COUNT, 1)).astype(float)
    held, refuted = outcomes(f"e.a > {200 * probability}", {"a": counts}, of=200)
    assert held < ONE_SIDED + BOUND and refuted < ONE_SIDED + BOUND


def test_two_seeds_decide_nothing() -> None:
    assert outcomes("e.a > 0", {"a": normal(14, 2)}) == (0.0, 0.0)
