"""A chapter that is begun: what it numbers is known, and what it refers to is not yet."""

from __future__ import annotations

from dataclasses import dataclass

from bifolio.chapters.context.numbering import Numbers
from bifolio.chapters.context.page import Page
from bifolio.chapters.memory import Record
from bifolio.chapters.templates.plan import Planned
from bifolio.errors import BifolioError


@dataclass
class Draft:
    """A page from a template: remembered as a `record`, written as a `text`, or stopped by an `error`.

    A page that is kept in docs/ although an error stopped it has its record from there.
    """

    planned: Planned
    key: str
    page: Page
    text: str = ""
    record: Record | None = None
    error: BifolioError | None = None

    @property
    def numbers(self) -> Numbers | BifolioError:
        """Return what the chapter numbers, or what stopped it where nothing of it is left."""
        if self.record is not None:
            return self.record.numbered
        return self.error or self.page.numbered
