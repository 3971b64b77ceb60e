"""The gate: every formula and diagram of a page is drawn once before the page is written."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from bifolio.diagrams import draw_diagram
from bifolio.drawn import Drawn, find_drawn
from bifolio.errors import BifolioError, StorageError
from bifolio.formulas import render_formula
from bifolio.storage import write_file

_MOST = 20_000
"""How much is remembered before all is forgotten."""


class Gate:
    """Remembers by content what could be drawn, so that each formula, diagram and whole page passes once."""

    def __init__(self, file: Path, engine: str) -> None:
        """`engine` is the digest of the programs that draw; another one forgets everything."""
        self._file, self._engine = file, engine
        self._passed = _read(file, engine)

    def check(self, markdown: str, template: Path, shown: str, *, above: int = 0) -> None:
        """Raise FormulaError or DiagramError with the template's line, or the page's where a macro wrote it.

        `above` is how many lines the page has above this Markdown.
        """
        if "$" not in markdown and "mermaid" not in markdown:
            return
        page = _key("page", markdown)
        if page in self._passed:
            return
        source = template.read_text(encoding="utf-8") if template.is_file() else ""
        for drawn in _found(markdown, source, shown, above):
            key = _key(drawn.kind, drawn.source)
            if key not in self._passed:
                try:
                    _draw(drawn)
                except BifolioError as error:
                    line = _line(source, drawn, error.line, above)
                    error.file = None  # the engines know lines of the source only
                    raise error.at(shown, line) from error.__cause__
                self._passed.add(key)
        self._passed.add(page)

    def keep(self) -> None:
        """Write down what passed."""
        with suppress(StorageError):  # a read-only checkout works too, only slower
            passed = sorted(self._passed) if len(self._passed) < _MOST else []  # forgetting costs time, nothing else
            write_file(self._file, json.dumps({"engine": self._engine, "passed": passed}))


def _key(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\0{text}".encode()).hexdigest()


def _draw(drawn: Drawn) -> None:
    if drawn.kind == "diagram":
        draw_diagram(drawn.source, theme="light", identifier="check")
    else:
        render_formula(drawn.source, display=drawn.kind == "display-formula")


def _found(markdown: str, source: str, shown: str, above: int) -> list[Drawn]:
    """Return what a page draws; one that is opened and never closed is an error, in the template if it stands there."""
    try:
        return list(find_drawn(markdown))
    except BifolioError as error:
        line = None if error.line is None else error.line + above
        try:
            list(find_drawn(source))
        except BifolioError as in_template:
            line = in_template.line
        raise error.at(shown, line) from None


def _line(source: str, drawn: Drawn, line_in_source: int | None, above: int) -> int:
    """Return the line in the template if what is drawn stands there as it is, else in the page."""
    with suppress(BifolioError):
        for written in find_drawn(source):
            if (written.kind, written.source) == (drawn.kind, drawn.source):
                return written.page_line(line_in_source)
    return drawn.page_line(line_in_source) + above


def _read(file: Path, engine: str) -> set[str]:
    try:
        memo = json.loads(file.read_text(encoding="utf-8"))
        return set(memo["passed"]) if memo["engine"] == engine else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()  # a memo that cannot be read is made again
