"""A page in its book: what writing it needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from bifolio.errors import ChapterError
from bifolio.export.manuscript import Manuscript, ManuscriptPage
from bifolio.export.pdf.drawings import Files
from bifolio.export.pdf.places import Places
from bifolio.export.pdf.tree import Node


@dataclass(frozen=True)
class BookPage:
    """The page that is written, in its book; `source` is that page of docs/.

    `deeper` is by how many levels its headings sink. `quotes` says that what is written is what a run wrote, or data:
    none of its characters is changed.
    """

    manuscript: Manuscript
    source: ManuscriptPage
    places: Places
    files: Files
    deeper: int = 0
    quotes: bool = False

    def say(self, key: str, **fields: object) -> str:
        return self.manuscript.language.say(key, **fields)

    def refuse(self, node: Node, found: str, expected: str) -> NoReturn:
        raise ChapterError(
            f"the PDF cannot hold this ({self.manuscript.language.code})",
            file=self.source.file,
            line=node.line,
            found=found,
            expected=expected,
        )
