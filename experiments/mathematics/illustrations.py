"""The numbers behind the drawings of the mathematics chapter: computed from its formulas, with no chance in them."""

from __future__ import annotations

import math

import numpy as np
from bifolio import Run

from experiments.mathematics.reference import sigmoid

SCORES = np.arange(-4.0, 4.25, 0.25)
STEPS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000)
VALLEY = np.array([1.0, 100.0])  # how strongly the loss curves along the valley, and across it
START, RATE, MOMENTUM, WALKED = np.array([10.0, 1.0]), 0.015, 0.9, 80
BETAS, ALPHA = (0.9, 0.999), 0.99


def record_illustrations(run: Run) -> None:
    record_activations(run)
    record_sure_and_wrong(run)
    record_first_steps(run)
    record_valley(run)


def record_activations(run: Run) -> None:
    """Record three activations and their derivatives."""
    functions = ("sigmoid", "tanh", "relu", "sigmoid_slope", "tanh_slope", "relu_slope")
    table = run.table("activations", columns=("score", *functions))
    for z, s, t in zip(SCORES, sigmoid(SCORES), np.tanh(SCORES), strict=True):
        table.add(float(z), float(s), float(t), max(0.0, float(z)), float(s * (1 - s)), float(1 - t**2), float(z > 0))


def record_sure_and_wrong(run: Run) -> None:
    """Record how hard two losses pull at the score of a sigmoid whose answer should have been 1."""
    table = run.table("sure_and_wrong", columns=("score", "cross_entropy", "squared_error"))
    for z, p in zip(2 * SCORES, sigmoid(2 * SCORES), strict=True):
        table.add(float(z), float(1 - p), float(2 * (1 - p) * p * (1 - p)))


def record_first_steps(run: Run) -> None:
    """Record the length of a step, in learning rates, where the gradient stays the same."""
    table = run.table("first_steps", columns=("step", "adam", "adam_without_correction", "rmsprop"))
    for t in STEPS:
        m, v = 1 - BETAS[0] ** t, 1 - BETAS[1] ** t
        table.add(t, (m / m) / math.sqrt(v / v), m / math.sqrt(v), 1 / math.sqrt(1 - ALPHA**t))


def record_valley(run: Run) -> None:
    """Record the loss on two ways down a long valley, at the same learning rate."""
    table = run.table("valley", columns=("step", "gradient_descent", "momentum"))
    without, with_momentum = walk(0.0), walk(MOMENTUM)
    for step in range(WALKED + 1):
        table.add(step, height(without[step]), height(with_momentum[step]))


def walk(momentum: float) -> list[np.ndarray]:
    """Return the places from the start on, along and across the valley."""
    places, velocity = [START], np.zeros(2)
    for _ in range(WALKED):
        velocity = momentum * velocity + VALLEY * places[-1]
        places.append(places[-1] - RATE * velocity)
    return places


def height(place: np.ndarray) -> float:
    return float((VALLEY * place**2).sum() / 2)
