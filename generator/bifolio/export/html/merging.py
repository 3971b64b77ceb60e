"""What the pages that are merged into one file share while each is rendered."""

from __future__ import annotations

from dataclasses import dataclass, field

from bifolio.export.html.drawings import Inks
from bifolio.export.html.identifiers import Identifiers, unused
from bifolio.export.manuscript import Manuscript


@dataclass(frozen=True)
class MergedPages:
    """The pages of one file, with what grows while they are rendered: inks, ids that are taken, where each code stands.

    `code` maps what a fold shows to the id at which it stands.
    """

    manuscript: Manuscript
    identifiers: Identifiers
    inks: Inks = field(default_factory=Inks)
    taken: set[str] = field(default_factory=set)
    code: dict[str, str] = field(default_factory=dict)

    def unused(self, wanted: str) -> str:
        """Return an id like the wanted one that nothing in the file has yet, and take it."""
        return unused(wanted, self.taken)


def merged_pages(manuscript: Manuscript, identifiers: Identifiers) -> MergedPages:
    """Return pages that none is rendered of yet."""
    return MergedPages(manuscript, identifiers, taken=set(identifiers.names.values()))
