"""Builds the site: MkDocs once for each edition whose pages changed, and the page that leads to them."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from logging.handlers import BufferingHandler
from pathlib import Path
from typing import Literal

from bifolio.errors import BifolioError, ChapterError, ProjectError, StorageError
from bifolio.leftovers import site_prefix
from bifolio.memo import Memo
from bifolio.programs import programs
from bifolio.project import Project
from bifolio.storage import read_source
from bifolio.turns import in_turn
from bifolio.website.downloads import DOWNLOADS, copy_files, digests
from bifolio.website.root import write_root

DISTRIBUTIONS = ("mkdocs-material", "pymdown-extensions", "pygments", "jieba")
"""What MkDocs loads by the names in its configuration."""
_MAKERS = ("bifolio.website.build", "bifolio.website.plugin", "bifolio.website.markdown")


@dataclass(frozen=True)
class Edition:
    """One language's part of the site, and whether it had to be built."""

    language: str
    state: Literal["built", "unchanged"]
    pages: int


_TURN = "building"
"""The file in the cache at which processes take turns that build the site."""


@dataclass(frozen=True)
class Site:
    """A finished site."""

    folder: Path
    editions: tuple[Edition, ...]

    @property
    def index(self) -> Path:
        return self.folder / "index.html"

    @property
    def lines(self) -> tuple[str, ...]:
        """Return a sentence for each edition."""
        return tuple(f"site/{one.language}: {one.pages} pages, {one.state}" for one in self.editions)


def build_site(
    project: Project,
    *,
    force: bool = False,
    rendered: bool = False,
    downloads: Mapping[str, Sequence[Path]] | None = None,
) -> Site:
    """Build the editions whose pages changed; what stood in site/ is replaced only once all of them are built.

    `rendered` says that docs/ is as it should be, so that nobody else writes there meanwhile. `downloads` are files
    that an edition offers its readers; an edition that had others is built again.
    Raises ChapterError for what MkDocs warns of, ProjectError for a configuration, StorageError for the disk.
    """
    with in_turn(project.cache / _TURN):
        return _build_site(project, force=force, rendered=rendered, downloads=downloads or {})


def _build_site(project: Project, *, force: bool, rendered: bool, downloads: Mapping[str, Sequence[Path]]) -> Site:
    keys = {language: edition_key(project, language) for language in project.languages}
    offered = {language: tuple(downloads.get(language, ())) for language in project.languages}
    marks = {language: digests(files) for language, files in offered.items()}
    stale = [
        language
        for language in project.languages
        if force or not _is_built(project, language, keys[language], marks[language])
    ]
    with _workshop(project) as workshop:
        for language in stale:
            _build_edition(project, language, workshop / language, rendered, offered[language])
        for language in stale:
            _replace(workshop / language, project.site / language, workshop / f"{language}.old")
    write_root(project)
    _remember(project, keys, marks)
    return Site(
        project.site,
        tuple(
            Edition(language, "built" if language in stale else "unchanged", _count_pages(project, language))
            for language in project.languages
        ),
    )


def stale_editions(project: Project) -> list[str]:
    """Return the languages whose editions have to be built."""
    keys = {language: edition_key(project, language) for language in project.languages}
    return [language for language, key in keys.items() if not _is_built(project, language, key)]


def config_file(project: Project, language: str) -> Path:
    """Return an edition's MkDocs configuration: mkdocs.yml for the first language, mkdocs.<language>.yml for others."""
    name = "mkdocs.yml" if language == project.languages[0] else f"mkdocs.{language}.yml"
    file = project.root / name
    if not file.is_file():
        raise ProjectError(f"the edition {language} has no configuration", found="no such file", expected=name)
    for path in sorted({file, project.root / "mkdocs.yml"}):  # one may inherit the other, and MkDocs says no line
        if path.is_file() and not read_source(path, path.name).strip():
            raise ProjectError("the configuration is empty", file=path.name, line=1, expected="INHERIT, or site_name")
    return file


def edition_key(project: Project, language: str) -> str:
    """Return the digest of all that an edition's site depends on: pages, configuration, programs."""
    made_by = programs(project.cache, *_MAKERS).digest
    settings = (made_by, project.site_url, project.languages, project.version, sorted(project.title.items()))
    digest = hashlib.sha256(repr(settings).encode())
    config_file(project, language)  # an edition without one cannot be built
    sources = [
        (project.root, project.root.glob("mkdocs*.yml")),  # all of them: one may inherit another
        (project.docs, _files(project.docs / language)),
        (project.templates, project.templates.glob("words.*.toml")),
    ]
    for top, files in sources:
        for file in sorted(files):
            digest.update(f"{file.relative_to(top)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _build_edition(project: Project, language: str, folder: Path, rendered: bool, downloads: Sequence[Path]) -> None:
    """Run MkDocs; its warnings are errors, for a link that leads nowhere is one."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    from bifolio.website.plugin import BifolioPlugin

    file = config_file(project, language)
    (project.docs / language).mkdir(parents=True, exist_ok=True)  # MkDocs asks for it before our plugin can render
    with _listening() as records:
        try:
            config = load_config(str(file), strict=True, site_dir=str(folder))
            config.plugins.on_startup(command="build", dirty=False)
            plugin = config.plugins.get("bifolio")
            if isinstance(plugin, BifolioPlugin):
                plugin.rendered = rendered
                plugin.downloads = tuple(file.name for file in downloads)
            try:
                build(config)
                copy_files(downloads, folder)
            finally:
                config.plugins.on_shutdown()
        except MkDocsException as error:
            if isinstance(error.__cause__, BifolioError):
                raise error.__cause__ from None
            said = [record.getMessage() for record in records] or [str(error)]
            raise ChapterError(
                f"MkDocs cannot build the edition {language}",
                file=project.relative(file),
                found="\n            ".join(said),
                expected="pages without a warning",
            ) from error
        except OSError as error:
            raise StorageError(f"the site cannot be written: {error.strerror}", file=error.filename) from error


@contextmanager
def _listening() -> Iterator[list[logging.LogRecord]]:
    """Collect what MkDocs warns of instead of printing it."""
    logger = logging.getLogger("mkdocs")
    handler = BufferingHandler(capacity=1_000_000)
    handler.setLevel(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield handler.buffer
    finally:
        logger.removeHandler(handler)


@contextmanager
def _workshop(project: Project) -> Iterator[Path]:
    """Yield an empty folder on the disk of the site, so that moving from it is a rename."""
    try:
        project.cache.mkdir(parents=True, exist_ok=True)
        project.site.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=site_prefix(), dir=project.cache))
    except OSError as error:
        raise StorageError(f"the site cannot be written: {error.strerror}", file=error.filename) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _replace(new: Path, place: Path, spare: Path) -> None:
    """Move a finished folder to its place; if that fails, what stood there stands again."""
    try:
        if place.exists():
            os.replace(place, spare)
        os.replace(new, place)
    except OSError as error:
        if spare.exists():
            os.replace(spare, place)
        raise StorageError(f"the site cannot be replaced: {error.strerror}", file=place) from error


def _is_built(project: Project, language: str, key: str, offered: Mapping[str, str] | None = None) -> bool:
    """Tell whether an edition is as it should be, whatever it offers unless that is given."""
    known = _memo(project).known.get(language, [])
    if offered is not None and known[2:] != [offered]:
        return False
    return bool(known) and known[:2] == [key, _stamp(project, language)]


def _remember(project: Project, keys: dict[str, str], offered: Mapping[str, Mapping[str, str]]) -> None:
    entries = {language: [key, _stamp(project, language), offered[language]] for language, key in keys.items()}
    _memo(project).replace(entries)


def _stamp(project: Project, language: str) -> int:
    """Return when the edition's first page was written: a plain `mkdocs build` makes the memo worthless."""
    try:
        return (project.site / language / "index.html").stat().st_mtime_ns
    except OSError:
        return 0


def _memo(project: Project) -> Memo:
    return Memo(project.cache / "site.json", "")  # each key tells what it depends on


def _count_pages(project: Project, language: str) -> int:
    folder = project.site / language
    pages = (path for path in folder.rglob("*.html") if path.parent != folder / DOWNLOADS)
    return sum(path.name != "404.html" for path in pages)


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
