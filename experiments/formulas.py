"""Do the formulas that this report displays compute what PyTorch computes, and how wrong are those in print?"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

import numpy as np
import torch
from bifolio import Column, Quantity, Run, experiment
from torch import Tensor

from experiments.mathematics.checks import CHECKS, Check, Inputs
from experiments.mathematics.illustrations import record_illustrations
from experiments.mathematics.latex import Value, load, read, right_sides
from experiments.mathematics.misprints import MISPRINTS, Misprint
from experiments.mathematics.readings import Plain


@dataclass(frozen=True)
class Config:
    draws: int = 50


@experiment(
    seeds=20,
    inputs=(
        "templates/formulas/adam.toml",
        "templates/formulas/adamw.toml",
        "templates/formulas/attention.toml",
        "templates/formulas/batch_norm.toml",
        "templates/formulas/binary_cross_entropy.toml",
        "templates/formulas/convolution.toml",
        "templates/formulas/cross_entropy.toml",
        "templates/formulas/elbo.toml",
        "templates/formulas/gan_objective.toml",
        "templates/formulas/gradient_descent.toml",
        "templates/formulas/mean_squared_error.toml",
        "templates/formulas/momentum.toml",
        "templates/formulas/multi_head.toml",
        "templates/formulas/perceptron_layer.toml",
        "templates/formulas/perplexity.toml",
        "templates/formulas/positions.toml",
        "templates/formulas/power_law.toml",
        "templates/formulas/relu.toml",
        "templates/formulas/rmsprop.toml",
        "templates/formulas/sigmoid.toml",
        "templates/formulas/softmax.toml",
        "templates/formulas/softmax_misprint.toml",
        "templates/formulas/tanh.toml",
    ),
    smoke=Config(draws=1),
    quantities={
        "checked*": Quantity(exact=True),
        "equations*": Quantity(exact=True),
        "overflow_*": Quantity(exact=True),
        "largest_error_*": Quantity(range=(0, None)),
        "*_without_*": Quantity(range=(0, None)),
        "cross_entropy_of_softmax": Quantity(range=(0, None)),
        "binary_cross_entropy_*": Quantity(range=(0, None)),
        "perplexity_base_two": Quantity(range=(0, None)),
        "softmax_improper": Quantity(range=(0, 100)),
        "errors.error_*": Quantity(range=(0, None)),
        "activations.*": Quantity(exact=True),
        "sure_and_wrong.*": Quantity(exact=True),
        "first_steps.*": Quantity(exact=True),
        "valley.*": Quantity(exact=True),
    },
)
def formulas(config: Config, run: Run) -> None:
    run.no_data()
    record_errors(config, run)
    record_misprints(config, run)
    record_readings(run)
    record_illustrations(run)
    for bits, dtype in ((16, torch.float16), (32, torch.float32), (64, torch.float64)):
        run.value(f"overflow_{bits}", first_overflow(dtype))


def record_errors(config: Config, run: Run) -> None:
    """Record the largest error of each formula over all draws, with torch at double and at single precision."""
    columns = ("formula", "read_by", Column("error_64", tolerance=1e-12), Column("error_32", tolerance=1e-3))
    table = run.table("errors", columns=columns)
    worst: dict[torch.dtype, float] = {torch.float64: 0.0, torch.float32: 0.0}
    for check in run.progress(CHECKS):
        drawn = [exact(check.draw()) for _ in range(config.draws)]
        found = {
            dtype: max(error(check.ours(plain(one)), check.torchs(cast(one, dtype))) for one in drawn)
            for dtype in worst
        }
        table.add(check.name, check.read_by, *found.values())
        worst = {dtype: max(worst[dtype], found[dtype]) for dtype in worst}
    run.value("largest_error_64", worst[torch.float64], tolerance=1e-12)
    run.value("largest_error_32", worst[torch.float32], tolerance=1e-3)
    run.value("checked", len(CHECKS))
    run.value("checked_as_displayed", sum(check.read_by == "sympy" for check in CHECKS))


def record_misprints(config: Config, run: Run) -> None:
    """Record the median error of each wrong version, in percent, and how often false softmax gives no probability."""
    checks = {check.name: check for check in CHECKS}
    for name, misprint in MISPRINTS.items():
        check = checks[misprint.of]
        drawn = [exact(check.draw()) for _ in range(config.draws)]
        errors = [misprint_error(misprint, check, one) for one in drawn]
        run.value(name, 100 * statistics.median(errors), unit="%", tolerance=0.5)
        if name == "softmax_without_exponential":
            answers = [np.asarray(misprint.computed(plain(one))) for one in drawn]
            improper = [bool((answer.min() < 0) or (answer.max() > 1)) for answer in answers]
            run.value("softmax_improper", 100 * statistics.mean(improper), unit="%", tolerance=0.5)


def misprint_error(misprint: Misprint, check: Check, inputs: Inputs) -> float:
    start = inputs["theta"] if misprint.from_start else torch.zeros(())
    return error(misprint.computed(plain(inputs)) - start.numpy(), check.torchs(inputs) - start)


def record_readings(run: Run) -> None:
    """Record what sympy reads of each equation of the formulas that were checked."""
    names = sorted({check.name.removesuffix("_gradient").removesuffix("_divergence") for check in CHECKS})
    rows = [
        {"formula": name, "displayed": side, "read": str(read(side) or "")}
        for name in names
        for side in right_sides(load(name))
    ]
    run.sample("readings", rows)
    run.value("equations", len(rows))
    run.value("equations_read", sum(row["read"] != "" for row in rows))


def error(ours: Value, torchs: Tensor) -> float:
    """Return the largest difference as a share of torch's largest result; zero where both are zero."""
    expected = torchs.double().numpy()
    difference = float(np.abs(np.asarray(ours) - expected).max())
    return difference / float(np.abs(expected).max()) if difference else 0.0


def exact(inputs: Inputs) -> Inputs:
    """Return the inputs in double precision; drawn in single, they are the same numbers at both."""
    return cast(inputs, torch.float64)


def cast(inputs: Inputs, dtype: torch.dtype) -> Inputs:
    return {name: one.to(dtype) if one.is_floating_point() else one for name, one in inputs.items()}


def plain(inputs: Inputs) -> Plain:
    return {name: one.numpy() for name, one in inputs.items()}


def first_overflow(dtype: torch.dtype) -> int:
    """Return the smallest whole score whose exponential is infinite."""
    numbers = torch.arange(1000, dtype=dtype)
    return int(numbers.exp().isinf().nonzero()[0])
