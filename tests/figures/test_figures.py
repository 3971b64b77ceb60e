"""Figures are drawn from data, are the same everywhere, and refuse what would mislead."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import Any

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
    Shape,
    Strip,
    StripFigure,
    _draw,
    cuts_intervals,
    draw,
    size,
    specification,
    unsealed,
)
from bifolio.figures.colouring import colour_pairs, recolour
from bifolio.figures.data import palette_places
from bifolio.figures.fonts import LATIN_FAMILY, measured_family
from bifolio.figures.style import wrapped
from bifolio.palette import FONT_FAMILY, PALETTES, contrast


def series(label: str, *means: float, spread: float = 0.1) -> Series:
    return Series(label, tuple(Point(x, y, y - spread, y + spread) for x, y in enumerate(means, start=1)))


LINES = LineFigure((series("训练", 3, 2, 1), series("验证", 6, 5, 4)), Axis("轮数"), Axis("损失（纳特）"))
BARS = BarFigure((Bar("多数类基线", 10, 10, 10), Bar("多层感知机", 97, 96, 98)), Axis("准确率（%）"))
HEATMAP = HeatmapFigure(((9, 1), (2, 8)), ("零", "一"), ("判为零", "判为一"), "真实", "预测")
STRIPS = StripFigure((Strip("accuracy", (97.5, 96.9, 98.0), 97.5, 96.1, 98.8, "96.1", "98.8"),))
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


def test_latin_text_is_measured_as_in_the_whole_font(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = tuple(Bar(label, 10, 9, 11) for label in ("AVAtar, “fi” −1 ± 2", "top_p_tokens_per_second", "café ≤ 0.5"))
    latin = BarFigure(bars, Axis("accuracy (%)"))
    assert measured_family(json.dumps(specification(latin, theme="light"), ensure_ascii=False)) == LATIN_FAMILY
    assert measured_family(json.dumps(specification(BARS, theme="light"), ensure_ascii=False)) == FONT_FAMILY
    in_part = draw(latin, theme="light", title="t", description="d")
    _draw.cache_clear()
    monkeypatch.setattr("bifolio.figures.measured_family", lambda text: FONT_FAMILY)
    assert draw(latin, theme="light", title="t", description="d") == in_part
    monkeypatch.setattr("bifolio.figures.measured_family", lambda text: "monospace")
    _draw.cache_clear()
    assert draw(latin, theme="light", title="t", description="d") != in_part
    _draw.cache_clear()


@pytest.mark.parametrize("shape", ["wide", "narrow"])
@pytest.mark.parametrize("figure", [*FIGURES, STRIPS])
def test_the_dark_drawing_is_the_light_one_in_other_colours(
    figure: Figure, shape: Shape, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_light = draw(figure, theme="dark", shape=shape, title="t", description="d")
    monkeypatch.setattr("bifolio.figures.colour_pairs", lambda light, wanted: None)  # now each is drawn by itself
    assert draw(figure, theme="dark", shape=shape, title="t", description="d") == from_light
    assert draw(figure, theme="light", shape=shape, title="t", description="d") != from_light


def test_one_colour_that_is_two_in_the_other_theme_makes_no_pair() -> None:
    assert colour_pairs([{"a": "#000000"}, 1], [{"a": "#ffffff"}, 1]) == {"#000000": "#ffffff"}
    assert colour_pairs(["#000000", "#000000"], ["#ffffff", "#eeeeee"]) is None
    assert colour_pairs(["#000000", 1], ["#ffffff", 2]) is None
    assert colour_pairs({"a": 1}, {"b": 1}) is None
    assert recolour('<p fill="#000000">a fill="#000000"</p>', {"#000000": "#ffffff"}) == (
        '<p fill="#ffffff">a fill="#000000"</p>'
    )


def test_what_is_drawn_already_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    svg = draw(BARS, theme="light", title="t", description="d")
    monkeypatch.setattr("bifolio.figures._draw", lambda written: pytest.fail("drawn again"))
    assert draw(BARS, theme="light", title="t", description="d", earlier=svg) == svg
    other = BarFigure((Bar("多数类基线", 11, 11, 11), *BARS.bars[1:]), BARS.value)
    spoiled = svg.replace("多层感知机", "多层感知器")
    assert "data-drawn" not in unsealed(svg) and re.sub(r' data-drawn="[^"]*"', "", svg) == unsealed(svg)
    for change in (
        lambda: draw(other, theme="light", title="t", description="d", earlier=svg),
        lambda: draw(BARS, theme="dark", title="t", description="d", earlier=svg),
        lambda: draw(BARS, theme="light", title="T", description="d", earlier=svg),
        lambda: draw(BARS, theme="light", title="t", description="d", earlier=spoiled),
        lambda: draw(BARS, theme="light", title="t", description="d", earlier="<svg>"),
    ):
        with pytest.raises(pytest.fail.Exception, match="drawn again"):
            change()


def test_text_that_names_the_part_stays_as_it_is() -> None:
    bars = BarFigure((Bar(f'font-family="{LATIN_FAMILY}"', 10, 9, 11),), Axis("x"))
    svg = draw(bars, theme="light", title="t", description="d")
    assert f'font-family="{LATIN_FAMILY}"' in texts(svg)
    assert svg.count(LATIN_FAMILY) == 1 and FONT_FAMILY in svg, "the name stands in the label and in no tag"


def test_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from bifolio.figures import *\n"
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
    crowd = dataclasses.replace(LINES, series=tuple(series(f"甲{n}", 3, 2, 1 + n / 100) for n in range(6)))
    drawing = specification(crowd, theme="light")
    assert "text" not in marks(drawing)
    assert drawing["encoding"]["color"]["legend"] is not None
    shorter = dataclasses.replace(LINES, series=(series("甲", 3, 2, 1), series("乙", 6, 5)))
    assert "text" not in marks(specification(shorter, theme="light"))


def test_labels_of_lines_that_end_close_together_move_apart_in_their_order() -> None:
    near = dataclasses.replace(LINES, series=(series("甲", 3, 2, 1), series("乙", 6, 5, 1.05), series("丙", 9, 9, 9)))
    drawing = specification(near, theme="light")
    down = [layer["mark"]["dy"] for layer in drawing["layer"] if layer["mark"]["type"] == "text"]
    lower, upper, alone = down
    assert lower > 0 > upper and alone == 0
    assert drawing["encoding"]["color"]["legend"] is None


def test_a_phone_has_its_own_drawing_with_labels_that_can_be_read() -> None:
    for figure in FIGURES:
        svg = draw(figure, theme="light", shape="narrow", title="t", description="d")
        assert size(svg)[0] <= 350
        sizes = [float(found) for found in re.findall(r'font-size="([\d.]+)px"', svg)]
        assert sizes and min(sizes) >= 11


def test_a_drawing_has_one_size_for_both_colour_schemes() -> None:
    shapes: tuple[Shape, ...] = ("wide", "narrow")
    for figure in FIGURES:
        for shape in shapes:
            light = draw(figure, theme="light", shape=shape, title="t", description="d")
            assert size(light) == size(draw(figure, theme="dark", shape=shape, title="t", description="d"))


def test_bars_carry_their_labels_above_them_on_a_phone() -> None:
    wide, narrow = specification(BARS, theme="light"), specification(BARS, theme="light", shape="narrow")
    assert "text" not in marks(wide) and wide["encoding"]["y"]["axis"]["labels"]
    assert "text" in marks(narrow) and not narrow["encoding"]["y"]["axis"]["labels"]
    assert {"多数类基线", "多层感知机"} <= set(
        texts(draw(BARS, theme="light", shape="narrow", title="t", description="d"))
    )


def test_a_long_label_leaves_the_end_of_its_line_on_a_phone_only() -> None:
    long = dataclasses.replace(LINES, series=(series("training part", 3, 2, 1), series("validation part", 6, 5, 4)))
    assert "text" in marks(specification(long, theme="light"))
    assert "text" not in marks(specification(long, theme="light", shape="narrow"))


def test_a_series_keeps_the_colour_it_asks_for_and_none_is_given_twice() -> None:
    asked = [Series(label, (Point(1, 1, 1, 1),), colour) for label, colour in (("甲", 2), ("乙", 2), ("丙", 7))]
    assert palette_places(asked) == [2, 3, 7]
    assert palette_places([*asked, Series("丁", (), 7)]) == [2, 3, 7, 0]
    assert palette_places([series(str(n), 1) for n in range(8)]) == list(range(8))


def test_an_interval_that_reaches_zero_is_cut_and_marked_on_a_logarithmic_axis() -> None:
    points = (Point(1, 2, 1, 4), Point(2, 1, -3, 5), Point(3, 1, 0.0001, 2))
    figure = lines(*points, y=Axis("损失", logarithmic=True))
    drawing = specification(figure, theme="light")
    rows = drawing["data"]["values"]
    assert [row["low"] for row in rows] == [1, 1 / 5, 1 / 2]
    assert [row["open"] for row in rows] == [False, True, True]
    low, _ = drawing["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert 0.1 < low < 0.2
    assert cuts_intervals(figure) and not cuts_intervals(lines(*points))
    bars = BarFigure((Bar("甲", 3, -1, 7), Bar("乙", 3, 2, 4)), Axis("次", logarithmic=True))
    assert cuts_intervals(bars) and "triangle-left" in str(specification(bars, theme="light"))


def test_of_many_open_ends_in_a_line_some_are_marked() -> None:
    points = tuple(Point(x, 1, -1, 3) for x in range(1, 101))
    rows = specification(lines(*points, y=Axis("损失", logarithmic=True)), theme="light")["data"]["values"]
    assert 10 <= sum(row["open"] for row in rows) <= 14


@pytest.mark.parametrize(
    ("text", "width", "broken"),
    [
        ("", 60, [""]),
        ("loss", 60, ["loss"]),
        ("different pairs among all pairs (%)", 130, ["different pairs", "among all pairs", "(%)"]),
        ("互不相同的字对（占全部），百分比", 84, ["互不相同的字", "对（占全", "部），百分比"]),
    ],
)
def test_a_long_title_is_broken_where_its_language_breaks_lines(text: str, width: float, broken: list[str]) -> None:
    assert wrapped(text, width, 14) == broken


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


def test_every_tick_of_a_logarithmic_axis_is_drawn() -> None:
    spread = (Point(1, 2.4, 2.4, 2.4), Point(2, 0.02, 0.02, 0.02))
    shown = texts(draw(lines(*spread, y=Axis("损失", logarithmic=True)), theme="light", title="t", description="d"))
    assert {"2", "1", "0.5", "0.2", "0.1", "0.05", "0.02"} <= set(shown)


def test_many_powers_of_ten_are_all_written_alike() -> None:
    spread = (Point(1, 3e-12, 3e-12, 3e-12), Point(2, 2.0, 2.0, 2.0))
    shown = texts(draw(lines(*spread, y=Axis("误差", logarithmic=True)), theme="light", title="t", description="d"))
    assert {"10⁻¹⁰", "10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"} <= set(shown)


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
        (lines(Point(1, -1, -2, 2), y=LOGARITHMIC), "series '甲' at x = 1, mean: a logarithmic axis (参数)"),
        (lines(Point(1, 1, -math.inf, 2), y=LOGARITHMIC), "series '甲' at x = 1, low: not a finite number"),
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
