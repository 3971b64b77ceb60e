"""What a page is told of the other pages of its edition: their names, who shows an experiment, what each claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.page import evidence_page
from bifolio.claims import Claim
from bifolio.errors import ChapterError

EVIDENCE_INDEX = "evidence/index"
"""The name of the first page of the evidence."""
CLAIMS_PAGE = "evidence/claims"
"""The name of the page that lists every claim with its outcome."""
REFERENCES = "references"
"""The name of the page that lists the works."""

Users = Mapping[str, Sequence[tuple[str, str]]]
"""An experiment's name, or a work's key -> name and title of each page that shows or cites it, in reading order."""


def is_evidence(page: str) -> bool:
    """Tell whether a page belongs to the evidence."""
    return page.startswith("evidence/")


def row_of(page: str) -> str:
    """Return the id, in the index of the evidence, at which one of its pages is named."""
    return f"row-{page.removeprefix('evidence/')}"


@dataclass(frozen=True)
class Chapter:
    """A page with the claims that it makes."""

    name: str
    title: str
    claims: tuple[Claim, ...]


def check_names(catalogue: Catalogue) -> None:
    """Raise ChapterError where an experiment's evidence page would lie on another page."""
    for name, declaration in catalogue.declarations.items():
        if evidence_page(name) in (EVIDENCE_INDEX, CLAIMS_PAGE):
            raise ChapterError(
                "a page of the evidence has this name already",
                file=declaration.file,
                found=name,
                expected="another",
            )
