"""One page of one edition while it is rendered: what it is, and what it was seen to use and make."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from bifolio.chapters.context.catalogue import Catalogue, Use, VariantName
from bifolio.claims import Claim
from bifolio.errors import ChapterError, ClaimError
from bifolio.formats.language import Language
from bifolio.project import Project

_STEM = re.compile(r"[A-Za-z0-9_-]+")


class Mention(NamedTuple):
    """Something that a page's text calls up, and the character of the text at which it does."""

    place: int
    kind: str
    name: str


@dataclass(frozen=True)
class Section:
    """From a heading to the next: `blocks` in order, `inline` in any order; each entry is a kind and a name."""

    id: str
    blocks: tuple[str, ...]
    inline: tuple[str, ...]


@dataclass
class Page:
    """`name` is the page's path in its edition without `.md`; `made` maps files beside it to their bytes."""

    catalogue: Catalogue
    language: Language
    name: str
    anew: bool = False
    """Whether nothing is taken over from docs/."""
    uses: set[Use] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    made: dict[str, bytes] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    failures: list[ClaimError] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    place: int = 0
    """How many characters of the template's text are written so far."""
    shown: list[str] = field(default_factory=list)
    """What each expression wrote."""
    expressions: list[tuple[int, int]] = field(default_factory=list)
    """The parts of the text that expressions wrote, not the author."""
    sections: tuple[Section, ...] = ()

    @cached_property
    def folder(self) -> str:
        return posixpath.dirname(self.name)

    @property
    def project(self) -> Project:
        return self.catalogue.project

    def say(self, key: str, **fields: object) -> str:
        return self.language.say(key, **fields)

    def note(self, kind: str, name: object) -> None:
        """Remember that the text calls up something at this place, so that the editions can be compared."""
        self.mentions.append(Mention(self.place, kind, str(name)))

    @contextmanager
    def unnoticed(self) -> Iterator[None]:
        """Forget what is noted in between, because it is noted as something else."""
        count = len(self.mentions)
        yield
        del self.mentions[count:]

    def link(self, target: str) -> str:
        """Return the relative path from this page to a file of its edition."""
        return _relative(target, self.folder)

    def free_name(self, stem: str, endings: Collection[str]) -> str:
        """Return the path, without its ending, under which files of this stem can be kept."""
        if not _STEM.fullmatch(stem):
            raise ChapterError("a name that a figure's files can have", found=stem, expected="letters, digits, - and _")
        stem = f"figures/{self.name}/{stem}"
        name, count = stem, 1
        while any(f"{name}{ending}" in self.made for ending in endings):
            count += 1
            name = f"{stem}-{count}"
        return name

    def make(self, stem: str, endings: dict[str, bytes]) -> str:
        """Keep files that belong to the page under a name of their own; return their path without its ending."""
        name = self.free_name(stem, endings)
        self.made.update({f"{name}{ending}": content for ending, content in endings.items()})
        return name

    def earlier(self, file: str) -> str:
        """Return what stands in a file of this edition under docs/, nothing where all is to be made anew."""
        try:
            return "" if self.anew else (self.project.docs / self.language.code / file).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def source_file(self, file: str) -> Path:
        """Return the path of a file of the project whose text the page shows."""
        self.read.add(file)
        return self.project.root / file


@lru_cache(maxsize=4096)
def _relative(target: str, folder: str) -> str:
    return posixpath.relpath(target, folder or ".")


def evidence_page(experiment: str) -> str:
    return f"evidence/{experiment}"


def anchor(of: VariantName, name: str) -> str:
    """Return the id, on the evidence page, of something a variant recorded; the default one has the plain name."""
    parts = [of.profile if of.profile != "cpu" else "", of.variant if of.variant != "default" else "", name]
    return "-".join(part for part in parts if part)
