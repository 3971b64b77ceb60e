"""The gate: every formula and diagram of a page is drawn once before the page is written, as site and book need it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bifolio.chapters.templates.lines import template_line
from bifolio.diagrams import draw_diagram
from bifolio.errors import BifolioError
from bifolio.formulas.typesetting import typst_formula
from bifolio.markdown.reading import read
from bifolio.markdown.tree import Drawn
from bifolio.memo import Memo
from bifolio.programs import programs
from bifolio.storage import read_source

_PRICE = re.compile(r"[0-9][0-9.,]*(?![0-9.,^_=+*/{}\\\\-])")
_MONEY = "\\$ for the dollar sign of a price"
_NUMBER = "{.bf-value"
_RAW = "a raw number in a formula: {{ value | mean | digits(2) }}; with its link it stands beside one"
_MOST = 20_000
"""How much is remembered that no page draws now."""


class Gate:
    """Remembers by content what could be drawn, so that each formula, diagram and whole page passes once."""

    def __init__(self, cache: Path) -> None:
        self._memo = Memo(cache / "drawn.json", programs(cache, __name__).digest)

    def check(self, markdown: str, template: Path | None, shown: str, *, above: int = 0) -> None:
        """Raise FormulaError or DiagramError with the template's line, the page's where no template makes it.

        `above` is how many lines the page has above this Markdown.
        """
        if "$" not in markdown and "mermaid" not in markdown:
            return
        self._memo.recall("page", markdown, lambda: self._draw_all(markdown, template, shown, above))

    def keep(self) -> None:
        """Write down what passed."""
        self._memo.keep(unused=_MOST)

    def _draw_all(self, markdown: str, template: Path | None, shown: str, above: int) -> bool:
        source = read_source(template) if template else ""
        for drawn in _found(markdown, source, shown, above):
            try:
                self._memo.recall(drawn.kind, drawn.source, partial(_draw, drawn))
            except BifolioError as error:
                line = _line(source, markdown, drawn, error.line, above)
                if _PRICE.match(drawn.source) and drawn.kind == "inline-formula":
                    error.expected = f"{error.expected}; {_MONEY}" if error.expected else _MONEY
                if _NUMBER in drawn.source:
                    error.expected = _RAW
                error.file = None  # the engines know lines of the source only
                raise error.at(shown, line) from error.__cause__
        return True


def _draw(drawn: Drawn) -> bool:
    if drawn.kind == "diagram":
        draw_diagram(drawn.source, theme="light", identifier="check")
    else:
        typst_formula(drawn.source, display=drawn.kind == "display-formula")
    return True


def _found(markdown: str, source: str, shown: str, above: int) -> Sequence[Drawn]:
    """Return what a page draws; one that is opened and never closed is an error, in the template if it stands there."""
    try:
        return read(markdown).drawn()
    except BifolioError as error:
        unclosed, line = read(source).problem, error.line or 1
        raise error.at(shown, unclosed.line if unclosed else _made_from(source, markdown, line, above)) from None


def _line(source: str, markdown: str, drawn: Drawn, line_in_source: int | None, above: int) -> int:
    """Return the line in the template, that of the macro where one wrote what is drawn; in the page if it has none."""
    for written in read(source).found:
        if (written.kind, written.source) == (drawn.kind, drawn.source):
            return written.page_line(line_in_source)
    return _made_from(source, markdown, drawn.page_line(line_in_source), above)


def _made_from(source: str, markdown: str, line: int, above: int) -> int:
    return template_line(source, markdown, line) if source else line + above
