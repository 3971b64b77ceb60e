"""The verb `power`: what seeds can show, how many would do, what they cost, and when none will."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict

from bifolio.chapters.power import Power, power_of
from bifolio.cli.arguments import FINE, print_json
from bifolio.project import Project


def say_power(project: Project, options: argparse.Namespace) -> int:
    """Print the power of an experiment's conditions."""
    powers = power_of(project, options.name, options.difference)
    if options.json:
        print_json([asdict(power) for power in powers])
        return FINE
    for power in powers:
        print("\n".join(_lines(power)))
    if not powers:
        print(f"no condition of the report names something of {options.name} that varies over at least five seeds")
    return FINE


def _lines(power: Power) -> Iterator[str]:
    counts = " and ".join(map(str, power.seeds))
    unit = " (a factor)" if power.scale == "ratio" else ""
    state = f"{power.outcome}, underpowered" if power.underpowered else power.outcome
    yield f"{power.page}: {power.condition}: {state}"
    yield f"  seeds: {counts}; shown with 80 % power at 99 %: {power.detectable:.3g}{unit}"
    if power.wanted is None:
        yield "  nothing says what matters: declare Quantity(matters=…, reason=…), or ask with --difference D"
    elif power.needed is not None:
        yield f"  for {power.wanted:.3g}{unit}: {power.needed} seeds each, {power.core_minutes:.3g} core-minutes more"
    elif power.largest_ratio is None:
        yield f"  for {power.wanted:.3g}{unit}: nothing can be that equal"
    else:
        yield f"  for {power.wanted:.3g}{unit}: no number of seeds that anybody runs"
        if power.largest_ratio:
            share = f"n_test/n_train of at most {power.largest_ratio:.2g}"
            yield f"  a larger training share would do ({share}), or a larger test part, whose results scatter less"
        fresh = "no number that anybody runs either" if power.fresh is None else f"{power.fresh} seeds each"
        yield f"  with fresh data for every seed: {fresh}"
    if power.floor > (1.0 if power.scale == "ratio" else 0.0):
        yield f"  the floor that no number of seeds passes: {power.floor:.3g}{unit}"
