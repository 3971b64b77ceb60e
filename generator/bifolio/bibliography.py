"""The works that chapters may cite: references.bib as plain data, with the line of each."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from bifolio.errors import CitationError
from bifolio.project import Project
from bifolio.storage import read_source

DISTRIBUTIONS = ("pylatexenc",)
"""What bibtexparser decodes LaTeX with."""
FILE = "references.bib"
_KEY = re.compile(r"[A-Za-z0-9](?:[\w:./+-]*\w)?", re.ASCII)
UNDATED = "n.d."
"""What an entry gives as the year of a work whose date is not known."""
_YEAR = re.compile(rf"\d{{4}}|{re.escape(UNDATED)}")


@dataclass(frozen=True)
class Author:
    """A person, or with no given name an institution."""

    family: str
    given: str = ""


@dataclass(frozen=True)
class Work:
    """An entry; `fields` are its other fields as plain text; `and_others` tells that not all authors are named.

    `year` begins with UNDATED where the entry says so; letters tell apart what has the same authors and year.
    """

    key: str
    line: int
    authors: tuple[Author, ...]
    and_others: bool
    year: str
    title: str
    fields: Mapping[str, str]

    @property
    def anchor(self) -> str:
        """Return the id of the entry on the page of references."""
        return re.sub(r"[^\w.-]", "-", self.key)


def read_works(project: Project) -> Mapping[str, Work]:
    """Return the works by key, none without a references.bib; raise CitationError for a bad entry.

    A text that was just read is not parsed again.
    """
    file = project.root / FILE
    return _works(read_source(file, FILE)) if file.exists() else {}


@lru_cache(maxsize=1)
def _works(text: str) -> Mapping[str, Work]:
    return MappingProxyType(_lettered([_work(entry) for entry in _parse(text)]))


def _parse(text: str) -> Sequence[Any]:
    """Return the entries of a BibTeX file, names split and the rest decoded; raise CitationError for what is broken.

    What stands in braces is one name, so names are split before braces are gone.
    """
    from bibtexparser.entrypoint import parse_string  # paid for only where something is cited
    from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts

    logger = logging.getLogger("bibtexparser.splitter")
    before, logger.disabled = logger.disabled, True  # what it would log is raised below
    try:
        steps = [SeparateCoAuthors(), SplitNameParts(), LatexDecodingMiddleware()]
        library = parse_string(text, append_middleware=steps)
    finally:
        logger.disabled = before
    for block in library.failed_blocks:
        reason = " ".join(str(getattr(block.error, "abort_reason", block.error)).split())
        line = (block.start_line or 0) + 1
        raise CitationError(f"an entry cannot be read: {reason}", file=FILE, line=line, expected="@article{key, …}")
    return library.entries


def _work(entry: Any) -> Work:
    line = (entry.start_line or 0) + 1
    if not _KEY.fullmatch(entry.key):
        expected = "letters, digits and _ : . / + - between them"
        raise CitationError("a key that can be cited", file=FILE, line=line, found=entry.key, expected=expected)
    fields = {field.key.lower(): field.value for field in entry.fields}
    names = fields.pop("author", None) or fields.pop("editor", None) or []
    authors = [_author(name) for name in names]
    named = tuple(author for author in authors if author != Author("others"))
    plain = {name: " ".join(str(value).split()) for name, value in fields.items() if isinstance(value, str)}
    year = _YEAR.search(plain.pop("year", "") or plain.get("date", ""))
    title = plain.pop("title", "")
    if not title or year is None or not (named or plain.get("institution") or plain.get("organization")):
        found = f"{entry.key} with {', '.join(sorted(fields)) or 'no fields'}"
        expected = f"an author, a title and a year, {UNDATED} where it is not known"
        raise CitationError("a work lacks what a reference says", file=FILE, line=line, found=found, expected=expected)
    if not named:
        named = (Author(plain.get("institution") or plain["organization"]),)
    return Work(entry.key, line, named, len(named) < len(authors), year[0], title, plain)


def _author(name: Any) -> Author:
    family = _decoded([*name.von, *name.last])
    return Author(", ".join(filter(None, [family, _decoded(name.jr)])), _decoded(name.first))


def _decoded(parts: Sequence[str]) -> str:
    if not any(sign in part for part in parts for sign in "\\{"):
        return " ".join(parts)
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

    return " ".join(str(LatexNodes2Text().latex_to_text(part)) for part in parts)


def _lettered(works: Sequence[Work]) -> dict[str, Work]:
    """Return the works by key; those whose authors and year are the same get letters after the year."""
    groups: dict[tuple[object, ...], list[Work]] = {}
    for work in sorted(works, key=lambda work: (work.title, work.key)):
        groups.setdefault((work.authors[:2], len(work.authors) > 2 or work.and_others, work.year), []).append(work)
    found: dict[str, Work] = {}
    for group in groups.values():
        letters = [chr(ord("a") + place) for place in range(len(group))] if len(group) > 1 else [""]
        for work, letter in zip(group, letters, strict=True):
            found[work.key] = replace(work, year=work.year + letter)
    return dict(sorted(found.items(), key=lambda item: item[1].line))
