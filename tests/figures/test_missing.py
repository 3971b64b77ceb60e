"""What was not measured is drawn as missing, and numbers that no axis shows well get a power of ten or are refused."""

from __future__ import annotations

import math
import re

import pytest
from bifolio.errors import FigureError
from bifolio.figures import (
    Axis,
    Bar,
    BarFigure,
    Figure,
    HeatmapFigure,
    LineFigure,
    Point,
    Series,
    Strip,
    StripFigure,
    breaks_lines,
    draw,
)
from bifolio.figures.checking import MOST_POINTS
from bifolio.figures.ticks import linear_labels, log_labels

from tests.figures.test_figures import texts


def line(xs: tuple[float, ...], missing: tuple[float, ...] = (), scale: float = 1.0) -> Series:
    points = tuple(Point(x, (x + 1) * scale, (x + 0.5) * scale, (x + 2) * scale) for x in xs)
    return Series("a", points, missing=missing)


def drawn(*series: Series) -> str:
    return draw(LineFigure(series, Axis("x"), Axis("y")), theme="light", title="t", description="d")


def paths(svg: str, mark: str) -> list[str]:
    """Return the strokes, each from where a pen is set down, of one kind of mark."""
    return [
        stroke
        for path in re.findall(rf'<path[^>]*\sd="([^"]*)"[^>]*{mark}', svg)
        for stroke in re.findall("M[^M]*", path)
    ]


def test_a_missing_value_breaks_line_and_band() -> None:
    whole, broken = drawn(line((0, 1, 2, 3))), drawn(line((0, 1, 3, 4), missing=(2,)))
    assert [len(paths(svg, 'stroke-width="2.2"')) for svg in (whole, broken)] == [1, 2]
    assert [len(paths(svg, 'fill-opacity="0.16"')) or svg.count("0.16") for svg in (whole, broken)] != [0, 0]
    figure = LineFigure((line((0, 1, 3, 4), missing=(2,)),), Axis("x"), Axis("y"))
    assert breaks_lines(figure)
    assert not breaks_lines(LineFigure((line((0, 1), missing=(2, 3)),), Axis("x"), Axis("y")))  # it ends early


def test_what_is_missing_at_an_end_still_has_its_place_on_the_axis() -> None:
    assert "4" in texts(drawn(line((0, 1, 2), missing=(3, 4))))


def test_a_point_between_two_gaps_is_a_dot_with_its_interval() -> None:
    xs = tuple(x for x in range(20) if x not in (4, 6))
    plain, broken = drawn(line(tuple(range(20)))), drawn(line(xs, missing=(4, 6)))
    assert "<circle" not in plain and broken.count("<circle") == 1
    assert broken.count("<line") > plain.count("<line")


def test_a_place_is_either_measured_or_missing() -> None:
    with pytest.raises(FigureError, match="more than one point at the same x"):
        drawn(line((0, 1, 2), missing=(1,)))


def test_a_missing_cell_is_a_dash_and_a_zero_is_a_zero() -> None:
    figure = HeatmapFigure(((9, None), (0, 8)), ("r", "s"), ("c", "d"), "row", "column")
    shown = texts(draw(figure, theme="light", title="t", description="d"))
    assert shown.count("—") == 1 and shown.count("0") == 1
    with pytest.raises(FigureError, match="a heat map has no cells"):
        draw(HeatmapFigure(((None,),), ("r",), ("c",), "row", "column"), theme="light", title="", description="")


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_missing_bar_is_a_dash_beside_its_name(logarithmic: bool) -> None:
    figure = BarFigure((Bar("adam", 1, 0.5, 2),), Axis("loss", logarithmic), missing=("sgd",))
    shown = texts(draw(figure, theme="light", title="t", description="d"))
    assert "sgd" in shown and shown.count("—") == 1


@pytest.mark.parametrize("scale", [1e11, 1e30, 1e149, 1e-9, 1e-149, 10**30])
def test_axes_of_huge_and_tiny_numbers_have_powers_of_ten(scale: float) -> None:
    power = "10" + str(math.floor(math.log10(scale))).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    large = line((1, 2, 4), scale=scale)
    across = Series("a", tuple(Point(n * scale, n, n, n) for n in (1, 2, 4)))
    bars = BarFigure((Bar("b", 2 * scale, scale, 3 * scale),), Axis("y"))
    heat = HeatmapFigure(((scale, 2 * scale),), ("r",), ("c", "d"), "row", "column")
    figures: list[Figure] = [LineFigure((one,), Axis("x"), Axis("y")) for one in (large, across)]
    for figure in (*figures, LineFigure((large,), Axis("x"), Axis("y", True)), bars, heat):
        shown = texts(draw(figure, theme="light", title="t", description="d"))
        assert any(power in text for text in shown), shown
        assert max(map(len, shown)) < 14


def test_usual_axes_have_the_labels_they_had() -> None:
    assert linear_labels(0, 9_999_999) == linear_labels(-0.0001, 0) == linear_labels(0, 0) == {}
    assert "labelExpr" not in log_labels(1e-5, 3) and "labelExpr" in log_labels(1e9, 1e11)


@pytest.mark.parametrize("number", [1e151, 1e300, 5e-324, 10**300])
def test_what_no_axis_shows_is_refused_with_the_number(number: float) -> None:
    by_y = LineFigure((Series("a", (Point(1, number, number, number),)),), Axis("x"), Axis("y"))
    by_x = LineFigure(
        (
            Series(
                "a",
                (Point(number, 1, 1, 1), Point(-number, 1, 1, 1)),
            ),
        ),
        Axis("x"),
        Axis("y"),
    )
    by_log = LineFigure(by_y.series, Axis("x"), Axis("y", True))
    for figure in (by_y, by_x, by_log, BarFigure((Bar("a", number, number, number),), Axis("y"))):
        with pytest.raises(FigureError, match=r"no axis reaches so far|too near to zero") as refused:
            draw(figure, theme="light", title="t", description="d")
        assert refused.value.found and refused.value.expected


def test_strips_have_a_scale_of_their_own_however_large() -> None:
    strip = Strip("flops", (1e300, 2e300, 3e300), 2e300, 1.5e300, 2.5e300, "10³⁰⁰", "3 × 10³⁰⁰")
    assert "10³⁰⁰" in texts(draw(StripFigure((strip,)), theme="light", title="t", description="d"))


def test_too_many_points_are_refused_before_anything_is_drawn() -> None:
    with pytest.raises(FigureError, match="too many points") as refused:
        drawn(line(tuple(range(MOST_POINTS + 1))))
    assert (refused.value.found, str(refused.value.expected)[:14]) == ("20,001", "at most 20,000")
