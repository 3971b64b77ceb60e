"""One page of one edition while it is rendered: it is told what it uses, reads, makes, calls up or claims."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from bifolio.bibliography import Work, read_works
from bifolio.chapters.context.catalogue import Catalogue, Use, VariantName
from bifolio.chapters.context.numbering import Numbered, Sort, next_numbered
from bifolio.chapters.context.written import Written, joined
from bifolio.claims import Claim
from bifolio.errors import ChapterError, ClaimError
from bifolio.formats.language import Language
from bifolio.project import DEFAULT_PROFILE, Project
from bifolio.provenance.declaration import DEFAULT_VARIANT

FIGURES, OWN_PICTURES = "figures", "pictures"
"""The folders of an edition in which each page has one of its own."""
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


@dataclass(eq=False)
class Page:
    """`name` is the page's path in its edition without `.md`; what it was seen to do is told to its methods alone."""

    catalogue: Catalogue
    language: Language
    name: str
    anew: bool = False
    """Whether nothing is taken over from docs/."""
    _uses: set[Use] = field(default_factory=set, init=False, repr=False)
    _reads: set[str] = field(default_factory=set, init=False, repr=False)
    _made: dict[str, bytes] = field(default_factory=dict, init=False, repr=False)
    _claims: list[Claim] = field(default_factory=list, init=False, repr=False)
    _failures: list[ClaimError] = field(default_factory=list, init=False, repr=False)
    _mentions: list[Mention] = field(default_factory=list, init=False, repr=False)
    _sections: tuple[Section, ...] = field(default=(), init=False, repr=False)
    _numbered: list[Numbered] = field(default_factory=list, init=False, repr=False)
    _referred: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _place: int = field(default=0, init=False, repr=False)
    """How many characters of the template's text are written so far."""

    @property
    def uses(self) -> Set[Use]:
        """Return what the page shows."""
        return self._uses

    @property
    def reads(self) -> Set[str]:
        """Return the files of the project that the page is made from, by their paths in it."""
        return self._reads

    @property
    def made(self) -> Mapping[str, bytes]:
        """Return the files beside the page, by their paths in its edition."""
        return self._made

    @property
    def claims(self) -> Sequence[Claim]:
        return self._claims

    @property
    def failures(self) -> Sequence[ClaimError]:
        """Return what is wrong with the claims that fail."""
        return self._failures

    @property
    def mentions(self) -> Sequence[Mention]:
        """Return what the text calls up, so that the editions can be compared."""
        return self._mentions

    @property
    def sections(self) -> tuple[Section, ...]:
        return self._sections

    @property
    def numbered(self) -> Sequence[Numbered]:
        """Return the figures and tables that have a number so far."""
        return self._numbered

    @property
    def referred(self) -> Mapping[str, str]:
        """Return what the text says of other chapters' figures and tables, by `chapter/name`."""
        return self._referred

    @cached_property
    def works(self) -> Mapping[str, Work]:
        """Return the works that it can cite; raise CitationError for a bad entry among them."""
        return read_works(self.project)

    @cached_property
    def folder(self) -> str:
        return posixpath.dirname(self.name)

    @property
    def project(self) -> Project:
        return self.catalogue.project

    def say(self, key: str, **fields: object) -> str:
        return self.language.say(key, **fields)

    def use(self, use: Use) -> None:
        """Remember that the page shows something, so that it is made anew when that changes."""
        self._uses.add(use)

    def read(self, file: str) -> Path:
        """Remember that the page is made from a file of the project, which may not be there; return where it lies."""
        self._reads.add(file)
        return self.project.root / file

    def write(self, pieces: Iterable[str]) -> Written:
        """Return the text of pieces; what is noted while one is made has its place where that one begins."""
        taken = []
        for piece in pieces:
            taken.append(piece)
            self._place += len(piece)
        return joined(taken)

    def note(self, kind: str, name: object, place: int | None = None) -> None:
        """Remember that the text calls up something, here unless another place is given."""
        self._mentions.append(Mention(self._place if place is None else place, kind, str(name)))

    @contextmanager
    def unnoticed(self) -> Iterator[None]:
        """Forget what is noted in between, because it is noted as something else."""
        count = len(self._mentions)
        yield
        del self._mentions[count:]

    def claim(self, claim: Claim, failures: Iterable[ClaimError]) -> None:
        """Remember a claim that the page makes, and what is wrong with it."""
        self._claims.append(claim)
        self._failures += failures
        self.note(claim.kind, claim.asked)

    def number(self, sort: Sort, name: str, derived: str) -> Numbered | None:
        """Give the next figure or table its number, under its name or a derived one; None on a page that is no chapter.

        Raises ChapterError for a name that is taken, or that none can have.
        """
        if self.name not in self.project.chapters:
            return None
        chapter = self.project.chapters.index(self.name) + 1
        self._numbered.append(next_numbered(chapter, self._numbered, sort, name, derived))
        return self._numbered[-1]

    def refer(self, target: str, shown: str) -> None:
        """Remember what the text says of another chapter's figure or table, lest that changes."""
        self._referred[target] = shown

    def divide(self, sections: tuple[Section, ...]) -> None:
        """Remember what the page consists of."""
        self._sections = sections

    def link(self, target: str) -> str:
        """Return the relative path from this page to a file of its edition."""
        return _relative(target, self.folder)

    def free_name(self, stem: str, endings: Collection[str]) -> str:
        """Return the path, without its ending, under which files of this stem can be kept."""
        if not _STEM.fullmatch(stem):
            raise ChapterError("a name that a figure's files can have", found=stem, expected="letters, digits, - and _")
        stem = f"{FIGURES}/{self.name}/{stem}"
        name, count = stem, 1
        while any(f"{name}{ending}" in self._made for ending in endings):
            count += 1
            name = f"{stem}-{count}"
        return name

    def make(self, stem: str, endings: dict[str, bytes]) -> str:
        """Keep files that belong to the page under a name of their own; return their path without its ending."""
        name = self.free_name(stem, endings)
        for ending, content in endings.items():
            self.keep(f"{name}{ending}", content)
        return name

    def keep(self, file: str, content: bytes) -> None:
        """Keep a file that belongs to the page, by its path in the edition."""
        self._made[file] = content

    def earlier(self, file: str) -> str:
        """Return what stands in a file of this edition under docs/, nothing where all is to be made anew."""
        try:
            return "" if self.anew else (self.project.docs / self.language.code / file).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""


@lru_cache(maxsize=4096)
def _relative(target: str, folder: str) -> str:
    return posixpath.relpath(target, folder or ".")


def evidence_page(experiment: str) -> str:
    return f"evidence/{experiment}"


def section_anchor(of: VariantName, word: str) -> str:
    """Return the id, on the evidence page, of a section about a variant; no name that a run records begins like it."""
    return "-".join(["about", *filter(None, [anchor(of, "")]), word])


def anchor(of: VariantName, name: str) -> str:
    """Return the id, on the evidence page, of something a variant recorded; the default one has the plain name."""
    profile = "" if of.profile == DEFAULT_PROFILE else of.profile
    variant = "" if of.variant == DEFAULT_VARIANT else of.variant
    return "-".join(filter(None, [profile, variant, name]))
