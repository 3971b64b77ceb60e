"""The editions of a report as they ought to be, with what became of each page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.page import Page
from bifolio.chapters.memory import Record
from bifolio.claims import Claim
from bifolio.errors import BifolioError
from bifolio.project import Project


@dataclass
class Composition:
    """The editions as they ought to be: `files` holds what was made anew, by path under docs/."""

    project: Project
    catalogue: Catalogue
    files: dict[str, bytes] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    errors: dict[str, BifolioError] = field(default_factory=dict)
    failed: dict[str, Page] = field(default_factory=dict)
    """The pages that could not be rendered, as far as they came."""
    unchanged: list[str] = field(default_factory=list)
    kept: dict[str, BifolioError] = field(default_factory=dict)
    """The pages that name a broken experiment, and stay as docs/ has them until it is mended."""
    left_out: dict[str, BifolioError] = field(default_factory=dict)
    """The pages that name one, and of which docs/ has nothing that could stay."""
    keep: Callable[[], None] = lambda: None
    """Writes down, for the next time, what was found out while pages were made."""


def claims_of(project: Project, composition: Composition) -> tuple[tuple[str, Claim], ...]:
    """Return the claims of the first edition with their pages, those of pages that fail included."""
    found = {path: record.claims for path, record in composition.records.items()}
    found |= {path: tuple(page.claims) for path, page in composition.failed.items()}
    first = f"{project.languages[0]}/"
    order = [f"{first}{name}" for name in (*project.pages, *project.chapters)]
    return tuple((path.removeprefix(first), claim) for path in order for claim in found.get(path, ()))
