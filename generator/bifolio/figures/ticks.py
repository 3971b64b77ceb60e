"""Where an axis is labelled, and how: numbers as they are, or with a power of ten, none touching its neighbour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bifolio.figures.style import Layout, Specification, text_width

RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
"""The signs of an exponent: minus, and the digits."""
_APART = 0.7
"""The least distance between two labels, in their size."""


def tick_labels(
    ticks: Sequence[float], ends: tuple[float, float], room: float, layout: Layout, *, logarithmic: bool = False
) -> Specification:
    """Return the properties of an axis, `room` pixels long, that labels so many of its ticks as do not touch.

    A logarithmic axis writes its numbers as powers of ten where these touch less.
    """
    places = {tick: _place(tick, ends, room, logarithmic=logarithmic) for tick in ticks}
    labels = {tick: _decimal(tick) for tick in ticks}
    if logarithmic:
        powers = {tick: with_power(tick) for tick in ticks}
        far = bool(ticks) and (ticks[0] < _NEAREST or ticks[-1] >= _FURTHEST)
        if far or len(_apart(labels, places, layout)) < len(_apart(powers, places, layout)):
            labels = powers
    shown = _apart(labels, places, layout)
    said = (f"datum.value === {tick!r} ? '{labels[tick]}' : " for tick in ticks if tick in shown)
    return {"values": list(ticks), "labelExpr": f"{''.join(said)}''"}


def _place(tick: float, ends: tuple[float, float], room: float, *, logarithmic: bool) -> float:
    """Return how many pixels from the beginning of the axis a tick stands."""
    low, high = map(math.log, ends) if logarithmic else ends
    at = math.log(tick) if logarithmic else tick
    return room * (at - low) / (high - low) if high > low else room / 2


def _apart(labels: Mapping[float, str], places: Mapping[float, float], layout: Layout) -> list[float]:
    """Return the ticks whose labels do not touch: the last, and from the first on each for which there is room."""
    *others, last = sorted(labels, key=lambda tick: places[tick])
    shown: list[float] = []
    for tick in others:
        beside = [*shown[-1:], last]
        if all(abs(places[tick] - places[one]) >= _needed(labels[tick], labels[one], layout) for one in beside):
            shown.append(tick)
    return [*shown, last]


def _needed(label: str, other: str, layout: Layout) -> float:
    return (text_width(label, layout.label) + text_width(other, layout.label)) / 2 + _APART * layout.label


def _decimal(tick: float) -> str:
    """Return a number with all its digits and no exponent."""
    return f"{tick:,.0f}" if float(tick).is_integer() else f"{Decimal(repr(float(tick))):,f}"


def log_labels(low: float, high: float) -> Specification:
    """Return the properties of a logarithmic axis that draw every one of its labels."""
    ticks = log_ticks(low, high)
    # Vega leaves some out where it is asked for fewer than ten times as many as there are powers of ten
    properties: Specification = {"values": ticks, "tickCount": 10 * len(ticks)}
    far = len(ticks) > 0 and (ticks[0] < _NEAREST or ticks[-1] >= _FURTHEST)
    if far or (len(ticks) > 1 and ticks[1] / ticks[0] > 50):  # powers of ten were passed over
        powers = (f"datum.value === {tick!r} ? '{with_power(tick)}' : " for tick in ticks)
        properties["labelExpr"] = f"{''.join(powers)}datum.label"
    return properties


def linear_labels(low: float, high: float) -> Specification:
    """Return the properties of a linear axis whose numbers need a power of ten, the same for all its labels."""
    largest = max(abs(low), abs(high))
    if not largest or _SMALLEST <= largest < _FURTHEST:
        return {}
    power = math.floor(math.log10(largest))
    label = f"format(datum.value / 1e{power}, '.12~r') + '\u202f×\u202f{_power_of_ten(power)}'"
    return {"labelExpr": f"datum.value === 0 ? '0' : {label}"}


_FURTHEST, _SMALLEST, _NEAREST = 1e7, 1e-4, 1e-7
"""From here on, numbers on an axis have a power of ten; a logarithmic axis goes through many before it needs them."""


def with_power(tick: float) -> str:
    """Return a tick as 10ⁿ or 2 × 10ⁿ: Vega writes 0.00001 and 1e-7 on one axis."""
    digits, _, power = f"{tick:e}".partition("e")
    digits = digits.rstrip("0").rstrip(".")
    return ("" if digits == "1" else f"{digits}\u202f×\u202f") + _power_of_ten(int(power))


def _power_of_ten(power: int) -> str:
    return "10" + str(power).translate(str.maketrans("-0123456789", RAISED))


_WHOLE, _HALVES, _TENTHS = (tuple(ten / 10 for ten in range(10, 100, step)) for step in (10, 5, 1))
_STEPS = ((1,), (1, 3), (1, 2, 5), _WHOLE, _HALVES, _TENTHS)
_MOST_TICKS = 7


def log_ticks(low: float, high: float) -> list[float]:
    """Return where a logarithmic axis is labelled: at powers of ten, with round numbers between them if these are few,
    and only at every second or third if they are many.
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    every = max(1, math.ceil((last - first) / _MOST_TICKS))
    powers = range(first // every * every, last + 1, every)
    chosen: list[float] = []
    for steps in _STEPS if every == 1 else _STEPS[:1]:
        # a power of ten below 1 is written as a quotient, because 0.001 is nearer to 1/10**3 than 10**-3 computes to
        ticks = [step * 10**power if power >= 0 else step / 10**-power for power in powers for step in steps]
        within = [tick for tick in ticks if low <= tick <= high]
        if chosen and len(within) > _MOST_TICKS:
            return chosen
        chosen = within
    return chosen
