"""Formulas in the PDF stay inside the text: they are broken, made smaller, or refused with their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bifolio.chapters import render
from bifolio.errors import ChapterError, FormulaError
from bifolio.export.manuscript import read_manuscript
from bifolio.export.pdf import write_pdf
from bifolio.project import Project

from tests.export.pdf_structure import Book

MM = 72 / 25.4
A4_HEIGHT = 297 * MM


def terms(last: int) -> str:
    """Return a sum of so many products."""
    return " + ".join(f"a_{{{place}}} x_{{{place}}}" for place in range(1, last + 1))


SUM = terms(14)
ROW = " & ".join(f"a_{{{place}}} x_{{{place}}}" for place in range(9))
WIDE = {
    "a sum": f"$$\ny = {SUM}\n$$",
    "two relations": rf"$$p(x) = \sum_{{i=1}}^n \frac{{(x_i - \mu)^2}}{{2\sigma^2}} + {terms(4)} \le \int_0^1 g$$",
    "aligned lines": rf"$$\begin{{aligned}} y &= {terms(7)} \\ &= 3 \end{{aligned}}$$",
    "a row": rf"$$\begin{{pmatrix}} {ROW} \end{{pmatrix}}$$",
    "in words": f"Words before $y = {SUM}$ and words after it.",
    "a fraction in words": rf"Words before $\frac{{{terms(8)}}}{{z}}$ and words after it.",
    "in an item": f"- Words before $$y = {SUM}$$ and after.\n- Another",
    "in a quotation": f"> $$y = {SUM}$$",
    "in a table": f"| a | b |\n|---|---|\n| $y = {SUM}$ | Words that go on for a while, as they do in a cell |",
}


def made(report: Project, written: str, language: str) -> Book:
    page = report.docs / language / "chance.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\nBEGIN\n\n{written}\n", encoding="utf-8")
    return Book(write_pdf(report, read_manuscript(report, language), lambda _: None))


def places(book: Book) -> list[tuple[int, float, float, str]]:
    """Return page, x and y of every piece of text below the running heads."""
    found: list[tuple[int, float, float, str]] = []
    for number, page in enumerate(book.reader.pages, start=1):

        def keep(text: str, cm: Any, tm: Any, _font: Any, _size: Any, *, number: int = number) -> None:
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            if text.strip() and y < A4_HEIGHT - 30 * MM:
                found.append((number, x, y, text.strip()))

        page.extract_text(visitor_text=keep)
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_formula_stands_outside_the_text(report: Project, language: str) -> None:
    book = made(report, "\n\n".join(WIDE.values()), language)
    first = next(number for number, _, _, text in places(book) if "BEGIN" in text)
    shown = [one for one in places(book) if one[0] in (first, first + 1)]
    assert sum("𝑎" in text for *_, text in shown) > 50
    for number, x, _, text in shown:
        left, right = (30, 46) if number % 2 else (46, 30)  # mirrored margins of 30 and 46 mm
        assert left * MM - 2 <= x <= (210 - right) * MM, f"{text!r} at {x / MM:.1f} mm of page {number}"


def test_all_of_a_broken_formula_is_there(report: Project) -> None:
    book = made(report, WIDE["a sum"], "en")
    text = "".join(page.extract_text() for page in book.reader.pages).partition("BEGIN")[2]
    assert [mark for mark in (f"{place}" for place in range(1, 15)) if mark not in text] == []
    assert text.count("+") >= 13
    assert any(tag.name == "Formula" and tag.alt == f"y = {SUM}" for tag in book.tags())


def test_one_that_cannot_be_made_to_fit_is_refused_with_its_place(report: Project) -> None:
    row = " & ".join(f"a_{{{place}}} x_{{{place}}}" for place in range(40))
    latex = rf"\begin{{pmatrix}} {row} \end{{pmatrix}}"
    with pytest.raises(ChapterError) as caught:
        made(report, f"Words.\n\n$$\n{latex}\n$$", "en")
    lines = (report.docs / "en" / "chance.md").read_text(encoding="utf-8").split("\n")
    assert caught.value.problem == "a formula is wider than the page"
    assert (caught.value.file, caught.value.found) == ("docs/en/chance.md", latex)
    assert lines[(caught.value.line or 0) - 1] in ("$$", latex)


def test_a_display_formula_in_a_sentence_is_set_between_its_halves(report: Project) -> None:
    book = made(report, "Word $$x^2 = y$$ word and **more $$z^3$$ bold**.", "en")
    found = [(y, text) for _, _, y, text in places(book)]
    found = found[next(place for place, (_, text) in enumerate(found) if "BEGIN" in text) :]
    before, after = (next(y for y, text in found if text.startswith(words)) for words in ("Word", "word and"))
    formula = next(y for y, text in found if "𝑥" in text)
    assert before > formula > after
    assert {"x^2 = y", "z^3"} <= {tag.alt for tag in book.tags() if tag.name == "Formula"}


def test_what_the_pdf_cannot_set_is_refused_before_anything_is_written(report: Project) -> None:
    template = report.templates / "pages" / "chance" / "en.md"
    before = {path: path.read_bytes() for path in report.docs.rglob("*.md")}
    template.write_text(f"{template.read_text(encoding='utf-8')}\n$$\\color{{red}} x$$\n", encoding="utf-8")
    with pytest.raises(FormulaError) as caught:
        render(report, ("en",))
    line = template.read_text(encoding="utf-8").count("\n")
    assert (Path(str(caught.value.file)).parts[-2:], caught.value.line) == (("chance", "en.md"), line)
    assert caught.value.problem == "the formula cannot be typeset"
    assert {path: path.read_bytes() for path in report.docs.rglob("*.md")} == before
