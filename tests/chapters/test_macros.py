"""What the macros write, from the stored results of the tiny report."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from generator.chapters import render
from generator.errors import BifolioError
from generator.project import Project


def rendered(project: Project, template: str) -> str:
    """Return what a template writes on the English home page of a report that has no other page."""
    settings = project.root / "pyproject.toml"
    settings.write_text('[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    (project.templates / "index.en.md").write_text(template, encoding="utf-8")
    render(Project(**{**vars(project), "languages": ("en",), "chapters": ()}))
    return (project.docs / "en" / "index.md").read_text(encoding="utf-8").replace("\u00a0", " ")


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
    link = r'\(evidence/dice\.md#fair-mean "mean [^"]* fresh"\)\{\.bf-value\}'
    assert re.fullmatch(rf"\[{number} ± 0\.\d\d?\]{link} \(n = 3\)", text[0])
    assert text[1] == text[0].removesuffix(" (n = 3)")
    assert re.fullmatch(rf"\[{number}\]{link}", text[2])
    assert re.fullmatch(number, text[3]) and re.fullmatch(r"\d\.\d{3}", text[4])
    assert text[5].startswith("[6](") and "exact" in text[5] and "n =" not in text[5]
    assert text[6].startswith("[16.67 ± 0 %](")


def test_a_timing_names_its_machine(tiny: Project) -> None:
    assert re.search(
        r'"mean [^"]* s, 95 % interval [^"]*, 3 seeds, [^"]*, \d+ cores, fresh"',
        rendered(tiny, "{{ letters.seconds }}"),
    )


def test_numbers_and_texts_of_a_config(tiny: Project) -> None:
    text = rendered(
        tiny, "{{ dice.fair.config.throws }} {{ dice.fair.config.kind }} {{ dice.seeds }} {{ dice.question }}"
    )
    assert text == "1,200 fair&#95;&#42;die&#42; 3 How soon does the mean of thrown dice settle?"
    assert rendered(tiny, '{{ "yes" if dice.loaded.config.kind == "loaded" }}') == "yes"


def test_a_figure_keeps_its_data_beside_it(tiny: Project) -> None:
    text = rendered(
        tiny,
        '{{ figure({"a": dice.fair.running_mean, "b": dice.loaded.running_mean}, x="throws", y="mean", log="x",'
        ' title="T.", caption="C.") }}',
    )
    assert re.findall(r"\((figures/[\w./-]+)\)", text) == [
        f"figures/index/dice-running_mean.{ending}" for ending in ("light.svg", "dark.svg", "csv")
    ]
    with open(tiny.docs / "en/figures/index/dice-running_mean.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["series"] for row in rows} == {"a", "b"} and {row["n"] for row in rows} == {"3"} and len(rows) == 20
    assert float(rows[0]["low"]) <= float(rows[0]["mean"]) <= float(rows[0]["high"])
    assert "![a: over throws from 120 to 1,200 it goes from" in text
    assert "**T.** C. <small>[data](" in text


def test_one_table_drawn_twice_makes_two_figures(tiny: Project) -> None:
    one = '{{ figure(dice.fair.running_mean, x="throws", y="mean", title="T", caption="C"%s) }}\n\n'
    text = rendered(tiny, one % "" + one % "" + one % ', name="third", alt="Seen \\"so\\"."')
    names = re.findall(r"\((figures/[\w./-]+)\.light\.svg\)", text)
    assert names == ["figures/index/dice-running_mean", "figures/index/dice-running_mean-2", "figures/index/third"]
    assert "![Seen &#34;so&#34;.](figures/index/third.dark.svg){.bf-dark}" in text


def test_two_columns_of_one_table(tiny: Project) -> None:
    text = rendered(
        tiny,
        '{{ figure(dice.fair.running_mean, x="throws", y={"mean": "m", "throws": "t"}, title="T", caption="C") }}',
    )
    assert "![m: over throws" in text and "t: over throws from 120 to 1,200 it goes from 120 to 1,200" in text


def test_an_interval_below_zero_fits_a_logarithmic_axis_and_stays_whole_in_the_data(tiny: Project) -> None:
    rendered(tiny, '{{ figure(dice.fair.waits, x="game", y="throws", log="y", title="T", caption="C") }}')
    with open(tiny.docs / "en/figures/index/dice-waits.csv", newline="") as stream:
        assert min(float(row["low"]) for row in csv.DictReader(stream)) < 0
    assert (tiny.docs / "en/figures/index/dice-waits.light.svg").read_text().startswith("<svg")


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
    assert text.startswith("templates/index.en.md:1: ") and message in text.splitlines()[0]


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
