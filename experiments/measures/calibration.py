"""How good are probabilities of two classes: hits, F1, and whether seven in ten means seven in ten."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Answers of about one probability: how many, their mean probability and the share that came true (0 to 1)."""

    low: float
    count: int
    predicted: float
    observed: float


def f1_score(guesses: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the harmonic mean of precision and recall of class 1 (percent); 0 where it is never guessed rightly."""
    hits = int((guesses & labels).sum())
    return 100.0 * 2 * hits / max(1, int(guesses.sum()) + int(labels.sum()))


def reliability(chances: torch.Tensor, labels: torch.Tensor) -> list[Bin]:
    """Sort probabilities of class 1 into ten equal bins from 0 to 1; empty ones are left out."""
    chances = chances.double()
    places = (chances * BINS).long().clamp(max=BINS - 1)
    bins = []
    for number in range(BINS):
        inside = places == number
        if inside.any():
            observed = labels[inside].double().mean().item()
            bins.append(Bin(number / BINS, int(inside.sum()), chances[inside].mean().item(), observed))
    return bins


def calibration_error(bins: list[Bin]) -> float:
    """Return the expected calibration error in percentage points.

    Guo et al. (2017) sort by the confidence in the class guessed; with two classes the probability of one says as much.
    """
    total = sum(one.count for one in bins)
    return 100.0 * math.fsum(one.count * abs(one.predicted - one.observed) for one in bins) / total
