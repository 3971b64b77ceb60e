"""Figures are drawn from data, are the same everywhere, and refuse what would mislead."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from generator.errors import FigureError
from generator.figures import (
    Axis,
    Bar,
    BarFigure,
    Figure,
    HeatmapFigure,
    LineFigure,
    Point,
    Series,
    draw,
    specification,
)
from generator.figures.style import log_ticks
from generator.palette import PALETTES, contrast


def series(label: str, *means: float, spread: float = 0.1) -> Series:
    return Series(label, tuple(Point(x, y, y - spread, y + spread) for x, y in enumerate(means, start=1)))


LINES = LineFigure((series("训练", 3, 2, 1), series("验证", 6, 5, 4)), Axis("轮数"), Axis("损失（纳特）"))
BARS = BarFigure((Bar("多数类基线", 10, 10, 10), Bar("多层感知机", 97, 96, 98)), Axis("准确率（%）"))
HEATMAP = HeatmapFigure(((9, 1), (2, 8)), ("零", "一"), ("判为零", "判为一"), "真实", "预测")
FIGURES: list[Figure] = [LINES, BARS, HEATMAP]


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def marks(drawing: dict[str, Any]) -> list[str]:
    return [layer["mark"]["type"] for layer in drawing["layer"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("figure", FIGURES)
def test_drawing_is_accessible_and_can_share_a_page(figure: Figure, theme: Any) -> None:
    svg = draw(figure, theme=theme, title="甲 < 乙", description='甲为 3，"乙"为 6')
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == '甲为 3，"乙"为 6'
    assert root[0].text == "甲 < 乙"
    assert not [node for node in root.iter() if "id" in node.attrib]
    assert "Noto Sans SC" in svg


def test_drawing_shows_labels_in_the_language_of_the_data() -> None:
    shown = texts(draw(LINES, theme="light", title="t", description="d"))
    assert {"轮数", "损失（纳特）", "训练", "验证"} <= set(shown)
    assert {"多数类基线", "多层感知机", "准确率（%）"} <= set(
        texts(draw(BARS, theme="light", title="t", description="d"))
    )
    assert {"零", "判为一", "9", "真实"} <= set(texts(draw(HEATMAP, theme="light", title="t", description="d")))


def test_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from generator.figures import *\n"
        "points = tuple(Point(x, 1 / x, 0.9 / x, 1.1 / x) for x in range(1, 9))\n"
        "figure = LineFigure((Series('甲', points),), Axis('x'), Axis('y', True))\n"
        "sys.stdout.buffer.write(draw(figure, theme='dark', title='t', description='d').encode())"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout for _ in range(2)
    )
    assert first == second != b""


def test_order_decides_the_colours_in_both_themes() -> None:
    for theme in ("light", "dark"):
        color = specification(LINES, theme=theme)["encoding"]["color"]
        assert color["scale"] == {"domain": ["训练", "验证"], "range": list(PALETTES[theme].series[:2])}


def test_labels_stand_at_the_ends_unless_they_collide() -> None:
    assert "text" in marks(specification(LINES, theme="light"))
    near = dataclasses.replace(LINES, series=(series("甲", 3, 2, 1), series("乙", 6, 5, 1.05)))
    drawing = specification(near, theme="light")
    assert "text" not in marks(drawing)
    assert drawing["encoding"]["color"]["legend"] is not None
    shorter = dataclasses.replace(LINES, series=(series("甲", 3, 2, 1), series("乙", 6, 5)))
    assert "text" not in marks(specification(shorter, theme="light"))


def test_band_only_where_there_is_an_interval() -> None:
    assert "area" in marks(specification(LINES, theme="light"))
    exact = dataclasses.replace(LINES, series=(series("甲", 3, 2, 1, spread=0),))
    assert "area" not in marks(specification(exact, theme="light"))


def test_bars_start_at_zero_and_a_logarithmic_axis_has_dots() -> None:
    bars = specification(BARS, theme="light")
    assert marks(bars)[0] == "bar" and bars["layer"][0]["encoding"]["x"]["scale"]["zero"] is True
    dots = specification(dataclasses.replace(BARS, value=Axis("次", logarithmic=True)), theme="light")
    assert marks(dots)[0] == "point"


def test_numbers_in_a_heat_map_can_be_read_on_their_shade() -> None:
    cells = tuple(tuple(float(row * 10 + column) for column in range(10)) for row in range(10))
    labels = tuple("甲乙丙丁戊己庚辛壬癸")
    for theme in ("light", "dark"):
        drawing = specification(HeatmapFigure(cells, labels, labels, "行", "列"), theme=theme)
        assert all(contrast(cell["ink"], cell["shade"]) >= 4.5 for cell in drawing["data"]["values"])


def test_ticks_of_a_logarithmic_axis() -> None:
    assert log_ticks(1, 1e5) == [1, 10, 100, 1_000, 10_000, 100_000]
    assert log_ticks(0.02, 0.6) == [0.02, 0.05, 0.1, 0.2, 0.5]


def lines(*points: Point, x: Axis = LINES.x, y: Axis = LINES.y) -> LineFigure:
    return LineFigure((Series("甲", points),), x, y)


LOGARITHMIC = Axis("参数", logarithmic=True)


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        (LineFigure((), LINES.x, LINES.y), "a figure has no series"),
        (lines(), "series '甲' has no points"),
        (lines(Point(1, math.nan, 0, 1)), "series '甲' at x = 1, mean: not a finite number"),
        (lines(Point(math.inf, 1, 0, 1)), "series '甲', x: not a finite number"),
        (
            lines(Point(0, 1, 1, 1), x=LOGARITHMIC),
            "series '甲', x: a logarithmic axis (参数) shows positive numbers only",
        ),
        (lines(Point(1, 1, -1, 2), y=LOGARITHMIC), "series '甲' at x = 1, low: a logarithmic axis (参数)"),
        (lines(Point(1, 5, 1, 2)), "series '甲' at x = 1: the mean is not inside its interval"),
        (lines(Point(1, 1, 1, 1), Point(1, 2, 2, 2)), "series '甲' has more than one point at the same x"),
        (LineFigure((series("甲", 1), series("甲", 2)), LINES.x, LINES.y), "series labels are the same"),
        (LineFigure(tuple(series(str(n), n) for n in range(9)), LINES.x, LINES.y), "too many series"),
        (BarFigure((), BARS.value), "a figure has no bars"),
        (BarFigure((Bar("甲", math.inf, 0, 1),), BARS.value), "bar '甲', mean: not a finite number"),
        (dataclasses.replace(HEATMAP, cells=((1, 2),)), "do not fit its labels"),
        (dataclasses.replace(HEATMAP, cells=((1, -2), (3, 4))), "row '零', column '判为一': not a quantity"),
    ],
)
def test_what_would_mislead_is_refused(figure: Figure, message: str) -> None:
    with pytest.raises(FigureError) as caught:
        draw(figure, theme="light", title="t", description="d")
    assert message in str(caught.value)
