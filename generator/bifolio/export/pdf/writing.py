"""What writing a page needs to know, and the words that stand for what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from bifolio.errors import ChapterError, FormulaError
from bifolio.export.manuscript import Manuscript, Page
from bifolio.export.pdf.drawings import Files
from bifolio.export.pdf.formula import typst_formula
from bifolio.export.pdf.places import Places
from bifolio.export.pdf.tree import Node


@dataclass(frozen=True)
class Writing:
    """The page that is written, in its book; `deeper` is by how many levels its headings sink.

    `quotes` says that what is written is what a run wrote, or data: none of its characters is changed.
    """

    manuscript: Manuscript
    page: Page
    places: Places
    files: Files
    deeper: int = 0
    quotes: bool = False

    def say(self, key: str, **fields: object) -> str:
        return self.manuscript.language.say(key, **fields)

    @property
    def is_han(self) -> bool:
        """Tell whether the edition is set in characters that stand without spaces."""
        return self.say("export.script") == "han"

    def refuse(self, node: Node, found: str, expected: str) -> NoReturn:
        raise ChapterError(
            f"the PDF cannot hold this ({self.manuscript.language.code})",
            file=self.page.file,
            line=node.line,
            found=found,
            expected=expected,
        )


def formula_code(writing: Writing, node: Node) -> str:
    """Return the inside of an equation; raise FormulaError with the page's file and line."""
    assert node.drawn
    try:
        return typst_formula(node.drawn.source, display=node.drawn.kind == "display-formula")
    except FormulaError as error:
        line = writing.page.first_line - 1 + node.drawn.page_line(error.line)
        if error.file is None:
            error.problem = f"{error.problem} ({writing.manuscript.language.code})"
        error.file, error.line = writing.page.file, line
        raise
