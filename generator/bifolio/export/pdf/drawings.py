"""The pictures of a book: figures as docs/ holds them, and diagrams, which are drawn for it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from bifolio.chapters.templates.pictures import PICTURES
from bifolio.diagrams import described, draw_diagram
from bifolio.errors import ChapterError, DiagramError
from bifolio.export.links import Beside, find_aim
from bifolio.export.manuscript import Manuscript, ManuscriptPage
from bifolio.export.pdf.tree import Node
from bifolio.markdown.tree import Drawn

_TITLE = re.compile("<title[^>]*>([^<]*)</title>")


@dataclass
class Files:
    """What lies beside a book's source while it is set: `contents` by path, `formulas` as code by name, `listings`."""

    contents: dict[str, bytes] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    listings: set[str] = field(default_factory=set)

    def keep_listing(self, source: str) -> tuple[str, bool]:
        """Return the place of a listing, and whether this is where it is printed."""
        place = f"listing#{hashlib.sha256(source.encode()).hexdigest()[:16]}"
        is_new = place not in self.listings
        self.listings.add(place)
        return place, is_new

    def keep_formula(self, code: str) -> str:
        """Keep an equation and return its name: in a file of its own no name of the style can be mistaken for it."""
        name = hashlib.sha256(code.encode()).hexdigest()[:12]
        self.formulas[name] = code
        return name

    def keep(self, content: bytes, ending: str, folder: str = "drawings") -> str:
        """Keep bytes under a name that says what they are; return their path from the book's source."""
        path = f"{folder}/{hashlib.sha256(content).hexdigest()[:16]}{ending}"
        self.contents[path] = content
        return f"/{path}"

    def keep_as(self, content: bytes, path: str) -> str:
        """Keep bytes under a name that a reader will see."""
        self.contents[path] = content
        return f"/{path}"


@dataclass(frozen=True)
class Diagram:
    """A drawn diagram; `alt` is what its author calls it and what it shows."""

    path: str
    alt: str


def keep_picture(manuscript: Manuscript, page: ManuscriptPage, image: Node, files: Files) -> str:
    """Keep the file of an image; raise ChapterError for one that is missing or that no book can show."""
    source = image.attributes.get("src", "")
    aim = find_aim(manuscript, page, source)
    path = aim.path if isinstance(aim, Beside) else Path(source)
    if not isinstance(aim, Beside) or path.suffix.lower() not in PICTURES:
        raise _refusal(manuscript, page, image.line, "no picture that a PDF can hold", source, ", ".join(PICTURES))
    if not image.attributes.get("alt", "").strip():
        raise _refusal(manuscript, page, image.line, "a picture without words", source, "![what it shows](…)")
    try:
        content = path.read_bytes()
    except OSError:
        raise _refusal(manuscript, page, image.line, "a picture is missing", source, "a file beside the page") from None
    return files.keep(content, path.suffix.lower())


def keep_diagram(manuscript: Manuscript, page: ManuscriptPage, drawn: Drawn, files: Files) -> Diagram:
    """Draw a diagram; raise DiagramError with the page's file and line for one that is broken."""
    identifier = f"diagram-{hashlib.sha256(drawn.source.encode()).hexdigest()[:8]}"
    try:
        svg = draw_diagram(drawn.source, theme="light", identifier=identifier)
    except DiagramError as error:
        error.problem = f"{error.problem} ({manuscript.language.code})"
        raise error.at(page.file, page.first_line - 1 + drawn.page_line(error.line)) from None
    title, description = described(drawn.source)
    words = _TITLE.search(svg)
    alt = title or description or (unescape(words[1]) if words else identifier)
    if title and description:
        alt = manuscript.language.say("card.row", label=title, text=description)
    return Diagram(files.keep(svg.encode(), ".svg"), alt)


def _refusal(
    manuscript: Manuscript, page: ManuscriptPage, line: int, problem: str, found: str, expected: str
) -> ChapterError:
    whole = f"{problem} ({manuscript.language.code})"
    return ChapterError(whole, file=page.file, line=line, found=found, expected=expected)
