"""Where the links of an exported page lead: into the same file, to a file beside it, to the published site, nowhere."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from bifolio.chapters.context.edition import EVIDENCE_INDEX, is_evidence, row_of
from bifolio.export.manuscript import Manuscript, ManuscriptPage
from bifolio.markdown.reading import read

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True)
class Inside:
    """A place in the export: a page of the manuscript, and an id on it or nothing."""

    page: str
    fragment: str


@dataclass(frozen=True)
class Beside:
    """A file that lies beside the pages: a picture, a figure's data."""

    path: Path


@dataclass(frozen=True)
class Outside:
    """An address that the reader may follow: a link of the author's, or a page that only the published site has."""

    address: str


@dataclass(frozen=True)
class Nowhere:
    """A page that neither the export nor a published site has: only the words of the link can be kept."""

    page: str


Aim = Inside | Beside | Outside | Nowhere


def find_aim(manuscript: Manuscript, page: ManuscriptPage, target: str) -> Aim:
    """Return what a link or picture on a page leads to."""
    if _ELSEWHERE.match(target):
        return Outside(target)
    link, _, fragment = target.partition("#")
    folder = posixpath.dirname(page.name)
    path = posixpath.normpath(posixpath.join(folder, unquote(link))) if link else f"{page.name}.md"
    if not path.endswith(".md"):
        return Beside(manuscript.folder / path)
    name = path.removesuffix(".md")
    if manuscript.page(name):
        return Inside(name, unquote(fragment))
    if name in manuscript.apart and is_evidence(name) and page.name != EVIDENCE_INDEX:
        return Inside(EVIDENCE_INDEX, row_of(name))
    if manuscript.url:
        return Outside(f"{manuscript.url}{quote(name)}.html{f'#{fragment}' if fragment else ''}")
    return Nowhere(name)


def lost_pages(manuscript: Manuscript) -> dict[str, int]:
    """Return the pages to which links led that lead nowhere, and that no other volume has, and how many links each."""
    aims = (
        find_aim(manuscript, page, span.value)
        for page in manuscript.pages
        for span in read(page.text).spans
        if span.kind == "target"
    )
    return dict(
        sorted(
            Counter(aim.page for aim in aims if isinstance(aim, Nowhere) and aim.page not in manuscript.apart).items()
        )
    )
