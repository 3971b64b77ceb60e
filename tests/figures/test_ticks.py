"""Where axes are labelled: at what was measured, at round numbers, and never so that labels touch."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from bifolio.figures import Axis, LineFigure, Point, Series, Shape, draw, specification
from bifolio.figures.axes import y_domain
from bifolio.figures.ends import end_labels
from bifolio.figures.style import LAYOUTS, text_width
from bifolio.figures.ticks import log_ticks, tick_labels
from hypothesis import given
from hypothesis import strategies as st

RATES = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 1e-2, 1e-1, 1.0)


def measured(*places: float, logarithmic: bool = False) -> LineFigure:
    points = tuple(Point(x, 1 + place, 1 + place, 1 + place) for place, x in enumerate(places))
    return LineFigure((Series("a", points),), Axis("x", logarithmic), Axis("y"))


def shown(figure: LineFigure, shape: Shape = "wide") -> list[str]:
    """Return the labels of the axis below the lines."""
    svg = draw(figure, theme="light", title="t", description="d", shape=shape)
    axes = re.findall(r'<g class="mark-text role-axis-label"[^>]*>(.*?)</g>', svg)
    assert axes
    return [text for text in re.findall(r"<text[^>]*>([^<]*)</text>", axes[0]) if text]


@pytest.mark.parametrize("logarithmic", [False, True])
def test_few_measured_places_are_labelled(logarithmic: bool) -> None:
    assert shown(measured(16, 64, 256, logarithmic=logarithmic)) == ["16", "64", "256"]
    assert shown(measured(0.25, 0.5, 1.125, logarithmic=logarithmic)) == ["0.25", "0.5", "1.125"]


def test_many_measured_places_leave_the_axis_to_round_numbers() -> None:
    assert shown(measured(*range(1, 34, 4))) == ["5", "10", "15", "20", "25", "30"]


def test_of_places_that_lie_close_some_have_no_label_and_all_have_a_tick() -> None:
    figure = measured(16, 32, 64, 1024)
    axis = specification(figure, theme="light")["encoding"]["x"]["axis"]
    assert axis["values"] == [16, 32, 64, 1024] and shown(figure) == ["16", "64", "1,024"]


def test_powers_of_ten_are_written_shorter_where_their_zeros_would_touch() -> None:
    figure = measured(*RATES, logarithmic=True)
    assert shown(figure) == ["0.00001", "0.0001", "0.001", "0.01", "0.1", "1"]
    assert shown(figure, "narrow") == ["10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"]


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=8, unique=True), st.booleans())
def test_no_labels_touch(places: list[float], logarithmic: bool) -> None:
    ticks = sorted(places)
    for layout in LAYOUTS.values():
        room = layout.width - 80
        found = tick_labels(ticks, (ticks[0], ticks[-1]), room, layout, logarithmic=logarithmic)
        labels = [(float(tick), label) for tick, label in re.findall(r"=== (\S+) \? '([^']*)'", found["labelExpr"])]
        assert found["values"] == ticks and labels[-1][0] == ticks[-1]
        for (tick, label), (after, other) in pairwise(labels):
            scale = math.log if logarithmic else float
            apart = room * (scale(after) - scale(tick)) / (scale(ticks[-1]) - scale(ticks[0]))
            assert apart > (text_width(label, layout.label) + text_width(other, layout.label)) / 2


def test_ticks_of_a_logarithmic_axis() -> None:
    assert log_ticks(1, 1e5) == [1, 10, 100, 1_000, 10_000, 100_000]
    assert log_ticks(0.02, 0.6) == [0.02, 0.05, 0.1, 0.2, 0.5]
    assert log_ticks(1, 500) == [1, 3, 10, 30, 100, 300]
    assert log_ticks(3.3, 5.5) == [3.5, 4, 4.5, 5, 5.5]
    assert log_ticks(1.01, 1.4) == [1.1, 1.2, 1.3, 1.4]
    assert log_ticks(2e-11, 10) == [1e-10, 1e-8, 1e-6, 1e-4, 0.01, 1]
    assert log_ticks(2e-6, 30) == [1e-4, 0.01, 1]  # no round numbers where powers are passed over


@given(st.floats(1e-9, 1e9), st.floats(1.03, 1e9))
def test_a_logarithmic_axis_has_labels_enough_and_inside_it(low: float, ratio: float) -> None:
    ticks = log_ticks(low, low * ratio)
    assert ticks == sorted(set(ticks)) and all(low <= tick <= low * ratio for tick in ticks)
    assert len(ticks) >= 2 or ratio < 1.25


def test_labels_at_the_ends_of_low_lines_stay_above_those_of_the_axis() -> None:
    ends = {"in steps": 0.01, "cosine": 0.0, "constant": 1.0}
    points = {label: (Point(0, 1, 1, 1), Point(400, end, end, end)) for label, end in ends.items()}
    series = tuple(Series(label, both) for label, both in points.items())
    figure, layout = LineFigure(series, Axis("step"), Axis("factor")), LAYOUTS["wide"]
    low, high = y_domain(figure)
    height = {label: (end - low) / (high - low) * (layout.height - 80) for label, end in ends.items()}
    assert min(height[one.label] - one.down for one in end_labels(figure, layout)) >= -0.1
