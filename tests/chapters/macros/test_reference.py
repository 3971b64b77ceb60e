"""How sentences name figures and tables, in every language, before and after them and across chapters."""

from __future__ import annotations

import re

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError
from bifolio.project import Project

FIGURE = '{{ figure(dice.fair.running_mean, x="throws", y="mean", title="T.", caption="C."%s) }}\n\n'
TABLE = '{{ table(dice.fair.running_mean, columns={"throws": "t"}, rows=1, caption="C."%s) }}\n\n'


def write(project: Project, chance: str, letters: str = "", language: str = "en") -> None:
    """Let two chapters and the home page say something."""
    for name, text in {"chance": chance, "letters": letters, "index": ""}.items():
        page = project.templates / f"pages/{name}/{language}.md"
        page.write_text(f"# {name} {{#{name}}}\n\n{text}\n", encoding="utf-8")


def shown(project: Project, name: str = "chance", language: str = "en") -> str:
    return (project.docs / language / f"{name}.md").read_text(encoding="utf-8").replace("\u00a0", " ")


def refused(project: Project) -> str:
    with pytest.raises(BifolioError) as error:
        render(project, ["en"])
    return str(error.value)


def test_a_sentence_names_what_stands_above_and_below_it(tiny: Project) -> None:
    shows = FIGURE % ', name="a"' + TABLE % ', name="b"' + FIGURE % ', name="c"'
    write(tiny, 'See {{ ref("a") }}, {{ ref("b") }} and {{ ref("c") }}.\n\n' + shows + 'Not {{ ref("a") }}.')
    render(tiny, ["en"])
    text = shown(tiny)
    assert "See [Figure 1.1](#figure-a), [Table 1.1](#table-b) and [Figure 1.2](#figure-c)." in text
    assert "Not [Figure 1.1](#figure-a)." in text
    assert '<figure class="bf-figure" id="figure-a" markdown="1">' in text
    assert '<span class="bf-number">Figure 1.2</span> **T.** C. <small>' in text
    assert '<div class="bf-table" id="table-b" markdown="1">' in text
    assert '<span class="bf-caption"><span class="bf-number">Table 1.1</span> C.</span>' in text


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "图 1.1](#figure-a)，[表 1.1]"), ("de", "Abbildung 1.1](#figure-a)，[Tabelle 1.1]")]
)
def test_every_language_has_its_words(tiny: Project, language: str, words: str) -> None:
    write(tiny, '{{ ref("a") }}，{{ ref("b") }}\n\n' + FIGURE % ', name="a"' + TABLE % ', name="b"', language=language)
    render(tiny, [language])
    assert words in shown(tiny, language=language)


def test_another_chapter_is_named_with_its_own(tiny: Project) -> None:
    write(tiny, '{{ ref("letters/late") }}', TABLE % "" + TABLE % ', name="late"' + '{{ ref("chance/x") }}')
    assert refused(tiny).splitlines()[0].startswith("templates/pages/letters/en.md:7: no figure or table")
    write(tiny, '{{ ref("letters/late") }}\n\n' + FIGURE % ', name="x"', TABLE % "" + TABLE % ', name="late"')
    index = tiny.templates / "pages/index/en.md"
    index.write_text('# Home {#home}\n\n{{ ref("chance/x") }}, {{ ref("letters/late") }}\n', encoding="utf-8")
    render(tiny, ["en"])
    assert "[Table 2.2](letters.md#table-late)" in shown(tiny)
    assert "[Figure 1.1](chance.md#figure-x), [Table 2.2](letters.md#table-late)" in shown(tiny, "index")


def test_a_figure_inserted_above_changes_the_pages_that_name_what_is_below(tiny: Project) -> None:
    write(tiny, '{{ ref("letters/b") }}', FIGURE % ', name="b"')
    render(tiny, ["en"])
    assert "[Figure 2.1](" in shown(tiny)
    before = (tiny.docs / "en/index.md").stat().st_mtime_ns
    write(tiny, '{{ ref("letters/b") }}', FIGURE % ', name="a"' + FIGURE % ', name="b"')
    rendering = render(tiny, ["en"])
    assert "[Figure 2.2](letters.md#figure-b)" in shown(tiny)
    assert {"en/chance.md", "en/letters.md"} <= set(rendering.written)
    assert (tiny.docs / "en/index.md").stat().st_mtime_ns == before
    assert render(tiny, ["en"]).written == ()  # and what was said is remembered
    write(tiny, '{{ ref("letters/b") }}', FIGURE % ', name="a"')
    assert "templates/pages/chance/en.md:3: no figure or table" in refused(tiny)


def test_what_no_figure_has_is_refused_with_the_nearest_name(tiny: Project) -> None:
    write(tiny, '\n\n{{ ref("activation") }}\n\n' + FIGURE % ', name="activations"', FIGURE % ', name="elsewhere"')
    assert refused(tiny) == (
        "templates/pages/chance/en.md:5: no figure or table with a number has this name in the chapter chance\n"
        '  found:    ref("activation")\n  expected: activations\n  nearest:  activations'
    )
    write(tiny, '{{ ref("elsewhere") }}\n\n' + FIGURE % "", FIGURE % ', name="elsewhere"')
    assert refused(tiny).splitlines()[1:] == [
        '  found:    ref("elsewhere")', "  expected: dice-running_mean", "  nearest:  letters/elsewhere"
    ]  # fmt: skip
    write(tiny, "{{ ref(dice.fair.mean) }}")
    assert "this names no figure or table" in refused(tiny)


def test_names_that_no_author_gave_tell_what_is_shown(tiny: Project) -> None:
    names = [
        "dice-running_mean",
        "dice-running_mean-2",
        "dice-running_mean-table",
        "dice-mean-table",
        "letters-stripes",
    ]
    names += ["letters-continuations-sample", "letters-continuations-sample-2"]
    references = "".join(f'{{{{ ref("{name}") }}}} ' for name in names)
    table = '{{ table({"a": dice.fair}, columns={"mean": "m"}, caption="C.") }}\n\n'
    samples = '{{ image(letters.stripes, alt="a", caption="C.") }}\n\n'
    samples += '{{ sample(letters.continuations, text="text", caption="C.") }}\n\n'
    samples += '{{ sample(letters.continuations, columns={"text": "t"}, caption="C.") }}'
    write(tiny, references + "\n\n" + FIGURE % "" + FIGURE % "" + TABLE % "" + table + samples)
    render(tiny, ["en"])
    numbers = re.findall(r"\[(\w+ [\d.]+)\]\(#", shown(tiny))
    assert numbers == ["Figure 1.1", "Figure 1.2", "Table 1.1", "Table 1.2", "Figure 1.3", "Figure 1.4", "Table 1.3"]


def test_only_what_has_a_caption_has_a_number_and_only_in_a_chapter(tiny: Project) -> None:
    write(tiny, TABLE.replace("C.", "") % "" + TABLE % "")
    index = tiny.templates / "pages/index/en.md"
    index.write_text(f"# Home {{#home}}\n\n{FIGURE % ''}", encoding="utf-8")
    render(tiny, ["en"])
    assert shown(tiny).count("bf-number") == 1 and "Table 1.1" in shown(tiny)
    assert "bf-number" not in shown(tiny, "index") and "**T.** C." in shown(tiny, "index")
    index.write_text(f"# Home {{#home}}\n\n{FIGURE % ''}{{{{ ref('dice-running_mean') }}}}", encoding="utf-8")
    assert "figures and tables are numbered in chapters alone" in refused(tiny)


@pytest.mark.parametrize("name", ["a", "no name"])
def test_a_name_is_one_figures_or_tables_alone(tiny: Project, name: str) -> None:
    write(tiny, FIGURE % ', name="a"' + TABLE % f', name="{name}"')
    assert refused(tiny).startswith("templates/pages/chance/en.md:5: ")


def test_a_diagram_or_a_text_becomes_a_figure_with_its_caption(tiny: Project) -> None:
    block = '{%% call captioned(caption="C.", name="%s"%s) %%}\n%s\n{%% endcall %%}\n\n'
    diagram = '```mermaid\nflowchart LR\n  A["a"] --> B["b"]\n```'
    write(
        tiny,
        block % ("loop", "", diagram)
        + block % ("rows", ", as_table=true", "| a |\n| - |\n| 1 |")
        + '{{ ref("rows") }}',
    )
    render(tiny, ["en"])
    text = shown(tiny)
    assert f'<div class="bf-captioned" id="figure-loop" markdown="1">\n\n{diagram}\n\n<span class="bf-caption">' in text
    assert "[Table 1.1](#table-rows)" in text
    write(tiny, block % ("", "", diagram))
    assert "a figure without its name" in refused(tiny)


def test_a_claim_names_no_figure(tiny: Project) -> None:
    claim = '{% claim dice.fair.sides < dice.loaded.sides %}As {{ ref("a") }} shows.{% endclaim %}'
    write(tiny, f"{claim}\n\n" + FIGURE % ', name="a"')
    assert "its sentence is listed where nobody sees that" in refused(tiny)


def test_code_that_looks_like_one_is_no_reference(tiny: Project) -> None:
    write(tiny, FIGURE % ', name="a"' + '`[](ref:a)` {{ ref("a") }}\n\n```text\n[](ref:a)\n```')
    render(tiny, ["en"])
    assert "\n[](ref:a)\n" in shown(tiny) and "`[](ref:a)` [Figure 1.1](#figure-a)" in shown(tiny)


def test_a_chapter_that_stays_as_it_is_keeps_its_numbers(tiny: Project) -> None:
    late = "{{ letters.seen_pairs }}\n\n" + FIGURE % ', name="early"' + FIGURE % ', name="late"'
    write(tiny, '{{ ref("letters/late") }}', late)
    render(tiny, ["en"])
    (tiny.root / "experiments/letters.py").write_text("no Python\n")
    write(tiny, 'Now {{ ref("letters/late") }}', late)
    rendering = render(tiny, ["en"])
    assert len(rendering.kept) == 1 and "Now [Figure 2.2](letters.md#figure-late)" in shown(tiny)
    (tiny.cache / "pages.json").unlink()  # docs/ alone tells
    write(tiny, 'Then {{ ref("letters/late") }}', late)
    render(tiny, ["en"])
    assert "Then [Figure 2.2](letters.md#figure-late)" in shown(tiny)
