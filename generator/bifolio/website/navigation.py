"""The menu: what its groups are called, and evidence pages, which stand in none: their index stands for them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from bifolio.formats.language import Language

if TYPE_CHECKING:
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

_FOLDER = "evidence/"
_INDEX = "evidence/index.md"


def index_of(page: Page, nav: Navigation, files: Files) -> Page | None:
    """Return the index that stands in the menu for an evidence page, nothing for a page that stands there itself."""
    if page in nav.pages or not page.file.src_uri.startswith(_FOLDER):
        return None
    file = files.get_file_from_path(_INDEX)
    return file.page if file else None


def name(nav: Navigation, language: Language) -> None:
    """Call the first page and the groups of the menu as readers do: both editions share one list."""
    if nav.homepage is not None:
        nav.homepage.title = language.say("site.front")
    for item in nav.items:
        if item.is_section:
            item.title = language.words.get(f"navigation.{item.title}", item.title)


def join(nav: Navigation, files: Files) -> None:
    """Give evidence pages a previous and a next page: the index, then, of those in no menu, one after another."""
    pages = [file.page for file in files.documentation_pages() if file.page and file.src_uri.startswith(_FOLDER)]
    apart = [page for page in pages if page.file.src_uri == _INDEX or page not in nav.pages]
    row: Sequence[Page] = sorted(apart, key=lambda page: (page.file.src_uri != _INDEX, page.file.src_uri))
    for page, following in pairwise(row):
        following.previous_page = following.previous_page or page
        page.next_page = page.next_page or following
