"""A whole report in three languages, rendered end to end, again, and after changes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from bifolio import figures
from bifolio.chapters import render
from bifolio.errors import ChapterError
from bifolio.project import Project, find_project

FORMULA = re.compile(r"\$\$.+?\$\$", re.DOTALL)


def page(project: Project, path: str) -> str:
    return (project.docs / path).read_text(encoding="utf-8")


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def snapshot(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(project.docs.rglob("*")) if path.is_file()}


def test_every_edition_has_every_page(edited: Project) -> None:
    pages = {
        language: {path.relative_to(edited.docs / language).as_posix() for path in (edited.docs / language).rglob("*")}
        for language in edited.languages
    }
    expected = {
        "index.md",
        "chance.md",
        "letters.md",
        "references.md",
        *(f"evidence/{name}.md" for name in ("coins", "dice", "letters", "index", "claims")),
    }
    for found in pages.values():
        assert {path for path in found if path.endswith(".md")} == expected
        assert {"figures/chance/dice-running_mean.svg", "figures/chance/dice-running_mean.csv"} <= found
    assert pages["zh"] == pages["en"] == pages["de"]


def test_one_number_in_three_languages(edited: Project) -> None:
    found = {}
    for language in edited.languages:
        match = re.search(
            r"\[([^]]+)\]\(evidence/dice.md#fair-mean \"([^\"]+)\"\){.bf-value}(.)",
            page(edited, f"{language}/index.md"),
        )
        assert match
        found[language] = (match[1], match[3])
    assert found["en"][0] == found["zh"][0] == found["de"][0].replace(",", ".")
    assert [end for _, end in found.values()] == ["（", " ", " "]
    assert "1.200 Würfen" in page(edited, "de/chance.md") and "1,200 throws" in page(edited, "en/chance.md")


def test_every_link_to_evidence_meets_its_id(edited: Project) -> None:
    links = 0
    for path in edited.docs.glob("*/*.md"):
        for target, anchor in re.findall(r"\]\((evidence/\w+\.md)#([\w-]+)", path.read_text(encoding="utf-8")):
            links += 1
            text = (path.parent / target).read_text(encoding="utf-8")
            assert f'<span id="{anchor}"' in text or f"{{#{anchor}}}" in text
    assert links > 20


def test_what_a_model_wrote_is_never_evaluated(edited: Project) -> None:
    text = page(edited, "en/letters.md")
    assert "<script" not in text and "**bold**" not in text
    assert "&#123;&#123; 7&#42;7 &#125;&#125;" in text
    config = page(edited, "en/evidence/dice.md")
    assert "fair&#95;&#42;die&#42;" in config


def test_code_formulas_and_macros_are_shown(edited: Project) -> None:
    letters, chance = page(edited, "de/letters.md"), page(edited, "de/chance.md")
    assert "```python\ndef next(self, letter: str, greedy: bool) -> str:\n    counts" in letters
    assert len(FORMULA.findall(chance)) == 1 and "- $n$ Anzahl der Würfe" in chance
    assert "comment that no reader sees" not in chance
    assert re.search(
        r"^fair: \[3[.,]\d+ ± 0[.,]\d+\]".replace(" ", "\u00a0").replace("fair:\u00a0", "fair: "), chance, re.MULTILINE
    )


def test_a_second_rendering_writes_nothing(edited: Project) -> None:
    before = snapshot(edited)
    again = render(edited)
    assert (again.written, again.removed) == ((), ())
    assert snapshot(edited) == before


def test_rendering_is_the_same_without_a_cache(edited: Project) -> None:
    before = snapshot(edited)
    shutil.rmtree(edited.cache)
    assert render(edited).written == ()
    for file in edited.cache.rglob("*"):
        if file.is_file():
            file.write_bytes(b"damaged")
    assert render(edited, force=True).written == ()
    assert snapshot(edited) == before


def test_a_fresh_copy_draws_nothing_that_docs_has_already(edited: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    render(edited)
    before = snapshot(edited)
    shutil.rmtree(edited.cache)
    drawn: list[str] = []
    draw = figures._draw
    monkeypatch.setattr(figures, "_draw", lambda written: drawn.append(written) or draw(written))
    render(edited)
    assert not drawn and snapshot(edited) == before
    spoiled = edited.docs / "zh" / "figures" / "chance" / "dice-running_mean.svg"
    edit(spoiled, "</svg>", "<!-- by hand --></svg>")
    shutil.rmtree(edited.cache)
    render(edited)
    assert len(drawn) == 1 and snapshot(edited) == before
    render(edited, force=True)
    assert len(drawn) > 10 and snapshot(edited) == before


def test_one_changed_template_changes_its_page_alone(edited: Project) -> None:
    edit(edited.templates / "pages/index/en.md", "Three languages", "Just three languages")
    assert render(edited).written == ("en/index.md",)


def test_settings_that_a_page_shows_are_noticed(edited: Project) -> None:
    shown = "{{ report.title }}, {{ report.version }}: three languages"
    edit(edited.templates / "pages/index/en.md", "Three languages", shown)
    render(edited)
    edit(edited.root / "pyproject.toml", "A Tiny Report", "A Small Report")
    assert render(find_project(edited.root)).written == ("en/index.md",)
    edit(edited.root / "pyproject.toml", "[tool.bifolio]", '[tool.bifolio]\nversion = "2"')
    assert render(find_project(edited.root)).written == ("en/index.md",)


def test_a_new_word_changes_its_edition(edited: Project) -> None:
    edit(edited.templates / "words.de.toml", 'fresh = "frisch"', 'fresh = "taufrisch"')
    written = render(edited).written
    assert written and {path.split("/")[0] for path in written} == {"de"}


def test_stale_results_are_marked(edited: Project) -> None:
    edit(edited.experiments / "sides.py", "[1, 2, 3", "[0, 2, 3")
    written = render(edited).written
    assert "en/index.md" in written and "en/letters.md" not in written
    assert re.search(
        r'evidence: stale: [^"]*what it depends on has changed since"\)\{\.bf-value \.bf-stale\}',
        page(edited, "en/index.md"),
    )
    assert "(some of these results are stale)" in page(edited, "en/chance.md")
    assert "code of experiments&#46;sides changed" in page(edited, "en/evidence/dice.md")


def test_a_comment_in_the_code_marks_nothing(edited: Project) -> None:
    edit(edited.experiments / "sides.py", "def sides", "# six of them\ndef sides")
    assert set(render(edited).written) == {f"{language}/evidence/dice.md" for language in edited.languages}
    assert "bf-stale" not in page(edited, "en/index.md")


def test_a_page_that_nothing_makes_is_removed_and_a_foreign_file_stays(edited: Project) -> None:
    foreign = edited.docs / "en" / "notes.md"
    foreign.write_text("mine")
    edit(edited.root / "pyproject.toml", '["chance", "letters"]', '["chance"]')
    removed = render(find_project(edited.root)).removed
    assert "en/letters.md" in removed and "de/figures/letters/letters-vowels.dark.svg" in removed
    assert foreign.read_text() == "mine" and not (edited.docs / "zh" / "letters.md").exists()


def test_an_edition_that_is_dropped_goes_with_the_next_rendering_of_all(edited: Project) -> None:
    edit(edited.root / "pyproject.toml", '["zh", "en", "de"]', '["zh", "en"]')
    for key in ("title", "description"):
        settings = (edited.root / "pyproject.toml").read_text(encoding="utf-8")
        (edited.root / "pyproject.toml").write_text(re.sub(rf'({key} = .*), de = "[^"]*"', r"\1", settings))
    rendering = render(find_project(edited.root))
    assert rendering.written == () or {path.split("/")[0] for path in rendering.written} == {"zh", "en"}
    assert {path.split("/")[0] for path in rendering.removed} == {"de"} and not (edited.docs / "de").exists()


def test_one_edition_alone(edited: Project) -> None:
    edit(edited.templates / "pages/index/en.md", "Three", "3")
    edit(edited.templates / "pages/index/de.md", "Drei", "3")
    assert render(edited, ["de"]).written == ("de/index.md",)
    assert render(edited).written == ("en/index.md",)


def test_nothing_good_is_overwritten_when_a_page_fails(edited: Project) -> None:
    before = snapshot(edited)
    edit(edited.templates / "pages/index/en.md", "Three languages", "Four languages")
    edit(edited.templates / "pages/chance/de.md", "dice.fair.mean }}", "dice.fair.maen }}")
    edit(edited.templates / "pages/letters/zh.md", "## 代码", "{{ letters }}\n\n## 代码")
    with pytest.raises(ChapterError, match="2 pages cannot be rendered"):
        render(edited)
    assert snapshot(edited) == before


def test_a_chapter_must_exist_in_every_language(edited: Project) -> None:
    (edited.templates / "pages/letters/de.md").unlink()
    with pytest.raises(ChapterError) as error:
        render(edited)
    assert str(error.value) == (
        "templates/pages/letters: the page 'letters' has no template in the language 'de'\n"
        "  found:    en.md, zh.md\n"
        "  expected: templates/pages/letters/de.md"
    )


def test_what_stands_is_not_looked_at_again(edited: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    last = render(edited).composition
    monkeypatch.setattr("bifolio.chapters.context.catalogue.survey", None)  # asking the results would fail
    edit(edited.templates / "pages/chance/en.md", "# Chance", "# Luck")
    seen: list[tuple[str, ...]] = []
    told = render(edited, since=last, shown=seen.append)
    assert "en/chance.md" in told.written and "de/chance.md" not in told.written
    assert seen == [(*told.written, *told.removed)]
    assert "Luck" in page(edited, "en/evidence/dice.md"), "pages that name the chapter have its new title"
    monkeypatch.undo()
    before = snapshot(edited)
    assert render(edited).written == () == render(edited, force=True).written
    assert snapshot(edited) == before


def test_docs_that_were_removed_are_written_again_by_the_next_save(edited: Project) -> None:
    last = render(edited).composition
    before = snapshot(edited)
    shutil.rmtree(edited.docs)
    render(edited, since=last)
    assert snapshot(edited) == before


def test_a_picture_that_changed_is_seen_where_all_else_stands(edited: Project) -> None:
    folder = edited.templates / "pages/chance"
    (folder / "drawn.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (folder / "en.md").write_text((folder / "en.md").read_text(encoding="utf-8") + "\n![A picture](drawn.svg)\n")
    last = render(edited).composition
    (folder / "drawn.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' id='b'/>", encoding="utf-8")
    assert render(edited, since=last).written == ("en/pictures/chance/drawn.svg",)
