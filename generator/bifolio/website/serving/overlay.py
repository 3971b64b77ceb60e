"""What a browser is shown: the built site, and in the place of built pages and pictures those that changed since."""

from __future__ import annotations

import hashlib
import posixpath
import re
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bifolio.errors import BifolioError
from bifolio.project import Project
from bifolio.website.serving.warm import WarmEdition, cool, make_page, read_title, warm_edition

_LOADED = re.compile(r'<(?:img|script|link|source|object)\b[^>]*?\s(?:src|href|data)="([^"]+)"')
_PAGES = (".html", "")


@dataclass(frozen=True)
class Found:
    """A file as a browser gets it; `problem` says why it is not the newest one."""

    data: bytes
    problem: str = ""


class Overlay:
    """The site as it is shown; its methods may be called from any thread.

    Paths start at the top of the site, or of docs/; both begin with the language and use forward slashes.
    """

    def __init__(self, project: Project) -> None:
        self._lock = threading.RLock()  # MkDocs makes one page at a time
        self._project = project
        self._editions: dict[str, WarmEdition] = {}
        self._changed: dict[str, int] = {}
        self._changed_editions: dict[str, int] = {}
        self._made: dict[str, Found] = {}
        self._now = 0

    @property
    def now(self) -> int:
        """Return the number of the last change: a build that begins now contains all changes up to it."""
        return self._now

    def change(self, paths: Iterable[str]) -> None:
        """Show files of docs/ that were written anew or removed in place of what was built from them."""
        with self._lock:
            self._now += 1
            self._made.clear()
            for path in paths:
                self._changed = {**self._changed, path: self._now}  # who reads it holds no lock
                self._tell_edition(path)

    def change_everything(self, project: Project, languages: Iterable[str]) -> None:
        """Show whole editions as they would be built now; the settings may have changed."""
        with self._lock:
            self._now += 1
            self._made.clear()
            self._project = project
            self._changed_editions = {**self._changed_editions, **dict.fromkeys(languages, self._now)}
            self.close()

    def built(self, number: int) -> None:
        """Show what was built again, but for what changed after the build had begun."""
        with self._lock:
            self._changed = {path: change for path, change in self._changed.items() if change > number}
            self._changed_editions = {
                language: change for language, change in self._changed_editions.items() if change > number
            }
            self._made.clear()

    def close(self) -> None:
        """Forget what MkDocs knows of the editions."""
        with self._lock:
            while self._editions:
                cool(self._editions.popitem()[1])

    def find(self, path: str) -> Found | None:
        """Return what stands at a path, None where nothing does."""
        language, _, rest = path.partition("/")
        if path in self._changed and not path.endswith(".md"):
            return _read(self._project.docs, path)
        if not rest.endswith(".html") or language not in self._project.languages or not self._is_changed(language):
            return self._built(path)
        with self._lock:
            return self._page(language, rest) or self._built(path)

    def digest(self, path: str, page: bytes) -> str:
        """Return two hashes of what the reader of a page sees: that of the page, and of what it loads from the site."""
        total = hashlib.sha256()
        for address in _LOADED.findall(page.decode(errors="replace")):
            parts = urlsplit(address)
            loaded = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
            if parts.netloc or parts.scheme or loaded.startswith("..") or posixpath.splitext(loaded)[1] in _PAGES:
                continue
            found = self.find(loaded.lstrip("/"))
            total.update(hashlib.sha256(found.data if found else b"").digest())
        return f"{hashlib.sha256(page).hexdigest()[:32]}-{total.hexdigest()[:32]}"

    def source(self, path: str) -> str:
        """Return the page of docs/ that a page of the site is made from, nothing for one that is made otherwise."""
        language, _, rest = path.partition("/")
        with self._lock:
            page = self._edition(language).pages.get(rest) if language in self._project.languages else None
        return f"{language}/{page.file.src_uri}" if page else ""

    def prepare(self, path: str) -> None:
        """Make a page, so that its formulas and diagrams are drawn before it changes."""
        language, _, rest = path.partition("/")
        with self._lock, suppress(BifolioError):  # what is wrong with it is told when it is shown
            edition = self._edition(language)
            make_page(edition, edition.pages[rest])

    def _is_changed(self, language: str) -> bool:
        return language in self._changed_editions or any(path.startswith(f"{language}/") for path in self._changed)

    def _page(self, language: str, rest: str) -> Found | None:
        """Return a page that changed, the built one with the problem where it cannot be made."""
        path = f"{language}/{rest}"
        if path not in self._made:
            try:
                edition = self._edition(language)
                page = edition.pages.get(rest)
                if page is None or not (
                    language in self._changed_editions or f"{language}/{page.file.src_uri}" in self._changed
                ):
                    return None
                self._made[path] = Found(make_page(edition, page).encode(errors="xmlcharrefreplace"))
            except BifolioError as error:
                built = self._built(path)
                self._made[path] = Found(built.data if built else b"", str(error))
        return self._made[path]

    def _built(self, path: str) -> Found | None:
        return _read(self._project.site, path)

    def _edition(self, language: str) -> WarmEdition:
        if language not in self._editions:
            self._editions[language] = warm_edition(self._project, language)
        return self._editions[language]

    def _tell_edition(self, path: str) -> None:
        """Let an edition know of a page's new title, of a page that is new, and of one that is gone."""
        language, _, source = path.partition("/")
        edition = self._editions.get(language)
        if edition is None or not source.endswith(".md"):
            return
        page = next((page for page in edition.pages.values() if page.file.src_uri == source), None)
        if page is None or not (self._project.docs / path).is_file():
            cool(self._editions.pop(language))
        else:
            read_title(edition, page)


def _read(folder: Path, path: str) -> Found | None:
    """Return a file's content if it lies in a folder, wherever a link or the path's dots may lead."""
    try:
        file = (folder / path).resolve()
        return Found(file.read_bytes()) if file.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):
        return None
