"""The figures and tables of a chapter that have a number: under which name, and which number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bifolio.errors import BifolioError, ChapterError

Sort = Literal["figure", "table"]
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_OTHER = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Numbered:
    """A figure or table: `number` is its chapter's, then its own among those of its sort there, such as 2.3."""

    sort: Sort
    name: str
    number: str

    @property
    def anchor(self) -> str:
        """Return its id on its page, the same in every language."""
        return f"{self.sort}-{self.name}"


Numbers = Sequence[Numbered]
"""What a chapter numbers, in the order in which it stands there."""
ChapterNumbers = Mapping[str, Numbers | BifolioError]
"""A chapter's name -> what it numbers, or why nobody can know."""


def next_numbered(chapter: int, earlier: Numbers, sort: Sort, name: str, derived: str) -> Numbered:
    """Return the next figure or table of a chapter; one that its author does not name has a free name.

    Raises ChapterError for an author's name that no id can have, or that stands in the chapter already.
    """
    taken = {one.name for one in earlier}
    if name and not _NAME.fullmatch(name):
        raise ChapterError("a name that no figure or table can have", found=name, expected="letters, digits, - and _")
    if name in taken:
        problem = "two figures or tables of a chapter have the same name"
        raise ChapterError(problem, found=f'name="{name}"', expected="a name of its own for each")
    count = sum(one.sort == sort for one in earlier) + 1
    return Numbered(sort, name or _free(_OTHER.sub("-", derived), taken), f"{chapter}.{count}")


def find_numbered(target: str, chapters: ChapterNumbers) -> Numbered | BifolioError | None:
    """Return what `chapter/name` names, or why nobody can know; None for nothing."""
    chapter, _, name = target.partition("/")
    numbers = chapters.get(chapter, ())
    return numbers if isinstance(numbers, BifolioError) else next((one for one in numbers if one.name == name), None)


def shown(found: Numbered | BifolioError | None) -> str:
    """Return what a reference shows, in a form of no language; nothing for one that cannot be known."""
    return f"{found.anchor} {found.number}" if isinstance(found, Numbered) else ""


def references_stand(referred: Mapping[str, str], chapters: ChapterNumbers) -> bool:
    """Tell whether what a page shows of other chapters' figures and tables, by `chapter/name`, is still so."""
    return all(shown(find_numbered(target, chapters)) == before for target, before in referred.items())


def _free(stem: str, taken: set[str]) -> str:
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}"
    return name
