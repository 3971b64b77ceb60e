"""The drawings of the mathematics chapter show what its formulas say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from experiments.mathematics.illustrations import MOMENTUM, RATE, START, VALLEY, height, walk
from experiments.mathematics.reference import gradient_descent, momentum

PICTURE = Path(__file__).resolve().parents[3] / "templates/pages/mathematics/valley.svg"


def test_both_ways_down_the_valley_take_the_steps_of_the_displayed_formulas() -> None:
    for places, formula in (
        (walk(0.0), gradient_descent),
        (walk(MOMENTUM), lambda theta, g, eta: momentum(theta, g, eta, MOMENTUM)),
    ):
        gradients = np.array([VALLEY * place for place in places[:-1]])
        assert np.allclose(formula(START, gradients, RATE), places[-1])
        assert height(places[-1]) < height(places[0])


def test_the_picture_of_the_valley_shows_these_steps() -> None:
    text = PICTURE.read_text(encoding="utf-8")
    for name, places in (("gradient-descent", walk(0.0)), ("momentum", walk(MOMENTUM))):
        found = re.search(rf'id="{name}" points="([^"]*)"', text)
        assert found is not None
        drawn = np.array([[float(number) for number in point.split(",")] for point in found[1].split()])
        steps = np.array(places[: len(drawn)])
        assert np.allclose(drawn[:, 0], 36 * (steps[:, 0] + 7), atol=0.06)
        assert np.allclose(drawn[:, 1], 100 * (1.25 - steps[:, 1]), atol=0.06)
