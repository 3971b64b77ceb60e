"""The drawings of the mathematics chapter show what its formulas say."""

from __future__ import annotations

import numpy as np

from experiments.mathematics.illustrations import MOMENTUM, RATE, START, VALLEY, height, walk
from experiments.mathematics.reference import gradient_descent, momentum


def test_both_ways_down_the_valley_take_the_steps_of_the_displayed_formulas() -> None:
    for places, formula in (
        (walk(0.0), gradient_descent),
        (walk(MOMENTUM), lambda theta, g, eta: momentum(theta, g, eta, MOMENTUM)),
    ):
        gradients = np.array([VALLEY * place for place in places[:-1]])
        assert np.allclose(formula(START, gradients, RATE), places[-1])
        assert height(places[-1]) < height(places[0])
