"""What a displayed formula comes to when it is computed as sympy reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import sympy  # type: ignore[import-untyped]

from experiments.mathematics.latex import Value, compute, load, read, right_sides
from experiments.mathematics.reference import softmax

Plain = Mapping[str, np.ndarray]


def expression(formula: str, equation: int = 0) -> str:
    """Return the right side of an equation of a displayed formula."""
    return right_sides(load(formula))[equation]


def meaning(latex: str) -> sympy.Expr:
    tree = read(latex)
    if tree is None:
        raise ValueError(f"sympy does not read {latex}; expected LaTeX in which it finds one meaning")
    return tree


def as_read(formula: str, letter: str, **others: str) -> Callable[[Plain], Value]:
    """Compute the first equation as sympy reads it, for each component of the input `letter`.

    `others` names the inputs of further symbols; a symbol with the subscript `i` is its component of the array.
    """

    def computed(inputs: Plain) -> Value:
        tree = meaning(expression(formula))
        values: dict[str, Value] = {symbol: inputs[name] for symbol, name in others.items()}
        whole = inputs[letter]
        indexed = any(str(symbol) == f"{letter}_{{i}}" for symbol in tree.free_symbols)
        if indexed:
            values |= {letter: whole, "V": float(len(whole))}
            return np.array([compute(tree, values, {"i": place}) for place in range(1, len(whole) + 1)])
        return np.array([compute(tree, {**values, letter: float(component)}) for component in whole])

    return computed


def batch_norm_as_read(inputs: Plain) -> Value:
    """Compute the three equations of the display in turn: mean, variance, output."""
    mean, variance, output = map(meaning, right_sides(load("batch_norm")))
    values: dict[str, Value] = {"x": inputs["x"], "m": float(len(inputs["x"])), "epsilon": 1e-5}
    values |= {"gamma": inputs["gamma"], "beta": inputs["beta"]}
    values["mu"] = compute(mean, values)
    values["s"] = compute(variance, values) ** 0.5
    return np.array([compute(output, values, {"i": place}) for place in range(1, len(inputs["x"]) + 1)])


def cross_entropy_gradient_as_read(inputs: Plain) -> Value:
    tree = meaning(expression("cross_entropy", equation=1))
    p, y = softmax(inputs["z"]), np.eye(inputs["z"].shape[1])[inputs["target"]]
    rows = [
        [compute(tree, {"p": p[t], "y": y[t]}, {"i": place}) for place in range(1, p.shape[1] + 1)]
        for t in range(len(p))
    ]
    return np.array(rows) / len(p)  # the mean over the places, as in the loss
