"""What `figure` draws, from the stored results of the tiny report."""

from __future__ import annotations

import csv
import io
import re

import pytest
from bifolio.chapters.macros import figure
from bifolio.palette import PALETTES
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered


def test_a_figure_keeps_its_data_beside_it(tiny: Project) -> None:
    text = rendered(
        tiny,
        '{{ figure({"a": dice.fair.running_mean, "b": dice.loaded.running_mean}, x="throws", y="mean", log="x",'
        ' title="T.", caption="C.") }}',
    )
    stem = "figures/index/dice-running_mean"
    assert re.findall(r"\((figures/[\w./-]+)\)", text) == [f"{stem}.svg", f"{stem}.csv"]
    assert f"({stem}.svg){{.bf-drawn width=640 height=340 data-narrow=350x360}}" in text
    for ending, width in ((".svg", 640), (".dark.svg", 640), (".narrow.svg", 350), (".narrow.dark.svg", 350)):
        assert f'width="{width}"' in (tiny.docs / f"en/{stem}{ending}").read_text()[:200]
    with open(tiny.docs / "en/figures/index/dice-running_mean.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["series"] for row in rows} == {"a", "b"} and {row["n"] for row in rows} == {"3"} and len(rows) == 20
    assert float(rows[0]["low"]) <= float(rows[0]["mean"]) <= float(rows[0]["high"])
    assert "![Over throws from 120 to 1,200, mean: a " in text
    assert "**T.** C. <small>[data](" in text


def test_one_table_drawn_twice_makes_two_figures(tiny: Project) -> None:
    one = '{{ figure(dice.fair.running_mean, x="throws", y="mean", title="T", caption="C"%s) }}\n\n'
    text = rendered(tiny, one % "" + one % "" + one % ', name="third", alt="Seen \\"so\\"."')
    names = re.findall(r"\((figures/[\w./-]+)\.svg\)", text)
    assert names == ["figures/index/dice-running_mean", "figures/index/dice-running_mean-2", "figures/index/third"]
    assert "![Seen &#34;so&#34;.](figures/index/third.svg){.bf-drawn " in text


def test_two_columns_of_one_table(tiny: Project) -> None:
    text = rendered(
        tiny,
        '{{ figure(dice.fair.running_mean, x="throws", y={"mean": "m", "throws": "t"}, title="T", caption="C") }}',
    )
    assert re.search(r"!\[Over throws from 120 to 1,200, mean / throws: m [^;]*; t rises from 120 to 1,200\.\]", text)


def test_a_variant_has_its_colour_alone_and_beside_others_whatever_it_is_called(tiny: Project) -> None:
    figure = '{{ figure(%s, x="throws", y="mean", title="T", caption="C", name="%s") }}'
    drawn = {
        "both": '{"fair": dice.fair.running_mean, "loaded": dice.loaded.running_mean}',
        "turned": '{"B": dice.loaded.running_mean, "A": dice.fair.running_mean}',
        "alone": "dice.loaded.running_mean",
    }
    rendered(tiny, "\n\n".join(figure % (data, name) for name, data in drawn.items()))
    first, second = PALETTES["light"].series[:2]
    strokes = {
        name: re.findall(
            r'stroke="(#\w+)" stroke-width="2.2"', (tiny.docs / f"en/figures/index/{name}.svg").read_text()
        )
        for name in ("both", "turned", "alone")
    }
    assert strokes == {"both": [first, second], "turned": [second, first], "alone": [second]}


def test_an_interval_below_zero_is_cut_on_a_logarithmic_axis_said_so_and_whole_in_the_data(tiny: Project) -> None:
    macro = '{{ figure(dice.fair.waits, x="game", y="throws", log="%s", title="T", caption="C") }}'
    text = rendered(tiny, macro % "y")
    with open(tiny.docs / "en/figures/index/dice-waits.csv", newline="") as stream:
        assert min(float(row["low"]) for row in csv.DictReader(stream)) < 0
    assert "**T** C At ▾ the interval goes on further down. <small>" in text
    assert "▾" not in rendered(tiny, macro % "")


def test_the_alternative_of_bars_and_of_a_grid_states_them_in_numbers(tiny: Project) -> None:
    bars = '{{ figure({"r": letters.seen_pairs, "g": letters.greedy.seen_pairs}, %s title="T", caption="C") }}'
    assert re.search(r"!\[From most to least: [rg] \S+ ± \S+ %; [rg] \S+ ± \S+ %\.\]", rendered(tiny, bars % ""))
    assert "![From most to least, share (%): " in rendered(tiny, bars % 'x_label="share (%)",')
    grid = '{{ figure(letters.vowels, rows="after", columns="vowel", cells="count", title="T", caption="C") }}'
    assert re.search(r"!\[Rows are after, columns vowel: .* the largest cell .* with \S+\.\]", rendered(tiny, grid))


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{{ figure({}, x="a", y="b", title="t", caption="c") }}', "there is nothing to draw"),
        ('{{ figure(dice.fair.running_mean, x="throws", title="t", caption="c") }}', "a line needs two columns"),
        (
            '{{ figure(letters.vowels, x="after", y="count", title="t", caption="c") }}',
            "holds something else than numbers",
        ),
        ('{{ figure({"a": dice.fair.mean, "b": letters.seen_pairs}, title="t", caption="c") }}', "bars share one axis"),
    ],
)
def test_what_cannot_be_shown(tiny: Project, template: str, message: str) -> None:
    text = refused(tiny, template)
    assert text.startswith("templates/pages/index/en.md:1: ") and message in text.splitlines()[0]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_evaluate_is_a_text(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(figure._csv((("a", cell, -1.5, "-1.5", "x"),)).decode(), newline=""))
    shown = cell.replace("\r", "\n")
    assert row == ["a", f"'{shown}", "-1.5", "-1.5", "x"]
