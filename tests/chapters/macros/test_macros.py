"""What the macros write, from the stored results of the tiny report."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError
from bifolio.palette import PALETTES
from bifolio.project import Project


def rendered(project: Project, template: str) -> str:
    """Return what a template writes on the English home page of a report that has no other page."""
    settings = project.root / "pyproject.toml"
    settings.write_text('[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    (project.templates / "pages/index/en.md").write_text(template, encoding="utf-8")
    render(Project(**{**vars(project), "languages": ("en",), "chapters": ()}))
    page = (project.docs / "en" / "index.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    return re.sub(r"\A---\n.*?\n---\n+", "", page, flags=re.DOTALL)


def refused(project: Project, template: str) -> str:
    with pytest.raises(BifolioError) as error:
        rendered(project, template)
    return str(error.value)


def test_forms_of_a_value(tiny: Project) -> None:
    number = r"(\d\.\d\d?)"
    text = rendered(
        tiny,
        "{{ dice.fair.mean }}|{{ dice.fair.mean | bare }}|{{ dice.fair.mean | plain }}|{{ dice.fair.mean | mean }}|"
        "{{ dice.fair.mean | mean | decimals(3) }}|{{ dice.fair.sides }}|{{ dice.fair.share_of_sixes }}",
    ).split("|")
    link = r'\(evidence/dice\.md#fair-mean "dice\.fair\.mean · mean: [^"]* · evidence: fresh"\)\{\.bf-value\}'
    assert re.fullmatch(rf"\[{number} ± 0\.\d\d?\]{link} \(n = 3\)", text[0])
    assert text[1] == text[0].removesuffix(" (n = 3)")
    assert re.fullmatch(rf"\[{number}\]{link}", text[2])
    assert re.fullmatch(number, text[3]) and re.fullmatch(r"\d\.\d{3}", text[4])
    assert text[5].startswith("[6](") and "exact" in text[5] and "n =" not in text[5]
    assert text[6].startswith("[16.67 ± 0 %](")


def test_a_timing_names_its_machine(tiny: Project) -> None:
    assert re.search(
        r'"letters\.seconds · mean: [^"]* s, 95 % interval [^"]* s · [^"]* · device: [^"]*, \d+ cores · ',
        rendered(tiny, "{{ letters.seconds }}"),
    )
    assert "cores" not in rendered(tiny, "{{ letters.seen_pairs }}")


def test_numbers_and_texts_of_a_config(tiny: Project) -> None:
    text = rendered(
        tiny, "{{ dice.fair.config.throws }} {{ dice.fair.config.kind }} {{ dice.seeds }} {{ dice.question }}"
    )
    assert text == "1,200 fair&#95;&#42;die&#42; 3 How soon does the mean of thrown dice settle?"
    assert rendered(tiny, '{{ "yes" if dice.loaded.config.kind == "loaded" }}') == "yes"


def test_variants_with_numbers_of_seeds_of_their_own_are_named(tiny: Project) -> None:
    path = tiny.experiments / "dice.py"
    path.write_text(path.read_text().replace('"fair": Config()', '"fair": Variant(Config(), seeds=2)'))
    assert rendered(tiny, "{{ dice.fair.seeds }} {{ dice.loaded.seeds }} {{ letters.greedy.seeds }}") == "2 3 3"
    assert refused(tiny, "{{ dice.seeds }}").splitlines()[1:] == [
        "  found:    dice.seeds",
        "  expected: dice.fair.seeds or dice.loaded.seeds",
    ]


def test_a_language_asks_an_experiments_question_in_its_own_words(tiny: Project) -> None:
    render(tiny)
    asked = "Wie bald steht der Mittelwert eines Würfels fest?"
    assert f"<br>{asked} |" in (tiny.docs / "de/evidence/index.md").read_text(encoding="utf-8")
    assert f"> {asked}\n" in (tiny.docs / "de/evidence/dice.md").read_text(encoding="utf-8")
    assert "> How soon does the mean of thrown dice settle?\n" in (tiny.docs / "en/evidence/dice.md").read_text("utf-8")


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


def test_a_stored_table(tiny: Project) -> None:
    text = rendered(
        tiny, '{{ table(letters.vowels, columns={"vowel": "V", "count": "C"}, where={"after": ("a", "e")}, rows=3) }}'
    )
    assert text.splitlines()[:2] == ["| V | C (pairs) |", "| --- | ---: |"]
    assert [line.split(" | ")[0] for line in text.splitlines()[2:]] == ["| a", "| e", "| i"]
    one = rendered(tiny, '{{ table(letters.vowels, columns={"count": "C"}, rows=1, seed=1, caption="Words.") }}')
    assert "±" not in one and '<span class="bf-caption">Words.</span>' in one


def test_a_table_of_values(tiny: Project) -> None:
    text = rendered(
        tiny,
        '{{ table({"x": {"a": letters.seen_pairs}, "y": {"a": letters.greedy.seen_pairs}},'
        ' columns={"a": "A"}, head="H") }}',
    )
    lines = text.splitlines()
    assert lines[:2] == ["| H | A (%) |", "| --- | ---: |"]
    assert lines[2].startswith("| x | [") and "evidence/letters.md#greedy-seen_pairs" in lines[3]
    assert "{.bf-value} |" in lines[2] and "n = 3" not in lines[2]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            '{{ table({"x": {"a": letters.seen_pairs}, "y": {"a": dice.fair.mean}}, columns={"a": "A"}) }}',
            "mixes units",
        ),
        ('{{ table({"x": {"b": dice.fair.mean}}, columns={"a": "A"}) }}', "a row lacks a column"),
        ('{{ table({"x": 3}, columns={"a": "A"}) }}', "a row of a table is a variant"),
        ("{{ table(dice.fair.running_mean, columns={}) }}", "a table needs columns"),
        ('{{ table(dice.fair.running_mean, columns={"throws": "t"}, seed=9) }}', "there is no such seed of dice.fair"),
        ('{{ figure({}, x="a", y="b", title="t", caption="c") }}', "there is nothing to draw"),
        ('{{ figure(dice.fair.running_mean, x="throws", title="t", caption="c") }}', "a line needs two columns"),
        (
            '{{ figure(letters.vowels, x="after", y="count", title="t", caption="c") }}',
            "holds something else than numbers",
        ),
        ('{{ figure({"a": dice.fair.mean, "b": letters.seen_pairs}, title="t", caption="c") }}', "bars share one axis"),
        ('{{ sample(letters.continuations, text="txt") }}', "there is no such field in letters.continuations"),
        ("{{ sample(letters.continuations) }}", "a sample shows a text or columns"),
        ('{{ image(letters.vowels, alt="a") }}', "an image draws something else"),
        ('{{ source("leters") }}', "there is no such file of code"),
    ],
)
def test_what_cannot_be_shown(tiny: Project, template: str, message: str) -> None:
    text = refused(tiny, template)
    assert text.startswith("templates/pages/index/en.md:1: ") and message in text.splitlines()[0]


def test_continuations_of_one_prompt_share_it(tiny: Project) -> None:
    shown = rendered(tiny, '{{ sample(letters.continuations, prompt="prompt", text="text", label="prompt") }}')
    assert shown.count('<div class="bf-sample"') == 2 and shown.count("bf-prompt") == 2 and shown.count("bf-text") == 2
    once = rendered(tiny, '{{ sample(letters.continuations, text="text", caption="C.") }}')
    assert once.count('<div class="bf-sample"') == 1 and once.count("bf-text") == 2
    assert once.endswith('</div>\n\n<span class="bf-caption">C.</span>')


def test_an_image_is_copied(tiny: Project) -> None:
    text = rendered(tiny, '{{ image(letters.stripes, alt="stripes", seed=2) }}')
    assert "![stripes](figures/index/letters-stripes.png)" in text
    assert (tiny.docs / "en/figures/index/letters-stripes.png").read_bytes().startswith(b"\x89PNG")


def test_code_as_its_tree_delimits_it(tiny: Project) -> None:
    text = rendered(tiny, '{{ source("letters", "letters") }}\n{{ source("sides") }}')
    assert text.startswith("```python\n@experiment(\n") and text.count("```") == 4
    assert Path(tiny.experiments / "sides.py").read_text() in text


def test_an_included_file_is_part_of_the_page(tiny: Project) -> None:
    (tiny.templates / "part.md").write_text("one")
    assert rendered(tiny, '{% include "part.md" %}') == "one"
    (tiny.templates / "part.md").write_text("two {{ dcie }}")
    assert refused(tiny, '{% include "part.md" %}').startswith("templates/part.md:1: there is no such name")
