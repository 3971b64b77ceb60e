"""The places of a book that links lead to: every id of every page, under a name that only it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bifolio.errors import ChapterError, nearest_name
from bifolio.export.links import Aim, Inside, find_aim
from bifolio.export.manuscript import Manuscript, ManuscriptPage
from bifolio.export.pdf.tree import Node, walk

Trees = Mapping[str, tuple[Node, ...]]
"""A page's name -> its blocks."""


@dataclass(frozen=True)
class Places:
    """`kinds` maps a place's label to what stands there: `page`, `heading`, `figure`, `table` or `text`."""

    manuscript: Manuscript
    kinds: Mapping[str, str]

    def aim(self, page: ManuscriptPage, target: str, line: int) -> Aim:
        """Return what a link leads to; raise ChapterError for one into the book that finds nothing there."""
        aim = find_aim(self.manuscript, page, target)
        if isinstance(aim, Inside) and label(aim.page, aim.fragment) not in self.kinds:
            ids = [name.partition("#")[2] for name in self.kinds if name.startswith(f"{aim.page}#")]
            raise ChapterError(
                f"a link leads nowhere ({self.manuscript.language.code})",
                file=page.file,
                line=line,
                found=target,
                expected=f"an id on the page {aim.page}",
                nearest=nearest_name(aim.fragment, ids),
            )
        return aim


def label(page: str, fragment: str = "") -> str:
    """Return the name of a place in the whole book."""
    return f"{page}#{fragment}" if fragment else page


def find_places(manuscript: Manuscript, trees: Trees) -> Places:
    """Return all places; raise ChapterError for an id that a page has twice."""
    kinds: dict[str, str] = {}
    for page in manuscript.pages:
        kinds[label(page.name)] = "page"
        for node in walk(trees[page.name]):
            if not node.id:
                continue
            name = label(page.name, node.id)
            if name in kinds:
                problem = f"an id stands twice on a page ({manuscript.language.code})"
                raise ChapterError(problem, file=page.file, line=node.line, found=node.id)
            kinds[name] = _kind(node)
    return Places(manuscript, kinds)


def _kind(node: Node) -> str:
    if node.name == "figure" or "bf-captioned" in node.classes:
        return "figure"
    if "bf-table" in node.classes:
        return "table"
    return "heading" if node.name in ("h1", "h2", "h3", "h4", "h5", "h6") else "text"
