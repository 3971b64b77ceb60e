"""Versions of the formulas that are in print or in wide use, and wrong; one line beside what each gets wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from experiments.mathematics.checks import BETAS, RATE
from experiments.mathematics.latex import Value, compute
from experiments.mathematics.readings import Plain, as_read, expression, meaning
from experiments.mathematics.reference import adam, attention, batch_norm, cross_entropy, softmax


@dataclass(frozen=True)
class Misprint:
    """A wrong version of a checked formula; of an optimizer, what is compared is the way from the first parameters."""

    of: str
    computed: Callable[[Plain], Value]
    from_start: bool = False


def softmax_twice(inputs: Plain) -> Value:
    """Hand probabilities to a loss that expects scores, so that softmax is taken twice."""
    return cross_entropy(softmax(inputs["z"]), inputs["target"])


def answers_of_yes_alone(inputs: Plain) -> Value:
    """Keep only the first term of the binary cross-entropy."""
    return -float((inputs["y"] * np.log(inputs["p"])).mean())


def parsed_binary_cross_entropy(inputs: Plain) -> Value:
    """Compute what sympy reads where the right formula is displayed: its logarithm swallows the terms that follow."""
    tree = meaning(expression("binary_cross_entropy"))
    return compute(tree, {"p": inputs["p"], "y": inputs["y"], "n": float(len(inputs["y"]))})


def misprinted_adam(*, root: bool = True, correction: bool = True) -> Callable[[Plain], Value]:
    return lambda one: adam(one["theta"], one["g"], RATE, BETAS, root=root, correction=correction)


MISPRINTS: Mapping[str, Misprint] = {
    "softmax_without_exponential": Misprint("softmax", as_read("softmax_misprint", "z")),
    "cross_entropy_of_softmax": Misprint("cross_entropy", softmax_twice),
    "binary_cross_entropy_one_term": Misprint("binary_cross_entropy", answers_of_yes_alone),
    "binary_cross_entropy_parsed": Misprint("binary_cross_entropy", parsed_binary_cross_entropy),
    "perplexity_base_two": Misprint("perplexity", lambda one: 2.0 ** one["L"]),
    "adam_without_root": Misprint("adam", misprinted_adam(root=False), from_start=True),
    "adam_without_correction": Misprint("adam", misprinted_adam(correction=False), from_start=True),
    "attention_without_scale": Misprint("attention", lambda one: attention(one["q"], one["k"], one["v"], scaled=False)),
    "attention_without_mask": Misprint("attention", lambda one: attention(one["q"], one["k"], one["v"], masked=False)),
    "batch_norm_without_root": Misprint(
        "batch_norm", lambda one: batch_norm(one["x"], float(one["gamma"]), float(one["beta"]), root=False)
    ),
}
