"""Exports: an edition as one file that stands alone, to send, archive and print."""

from __future__ import annotations

import hashlib
import json
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, cast

from generator.chapters import render
from generator.errors import StorageError, UsageError, nearest_name
from generator.export.links import lost_pages
from generator.export.manuscript import Manuscript, read_manuscript
from generator.export.refusals import refuse
from generator.project import Project
from generator.storage import write_file

__all__ = ["FORMATS", "Exported", "Progress", "export"]

Progress = Callable[[str], None]
"""Is told, in a few words, what is being worked on."""
Writer = Callable[[Project, Manuscript, Progress], bytes]

_WRITERS = {"html": "generator.export.html:write_html", "pdf": "generator.export.pdf:write_pdf"}
"""Where each format's writer is; imported when it is asked for, because each needs libraries of its own."""
FORMATS = tuple(_WRITERS)
_PROGRAMS = (
    *("brotli", "fonttools", "markdown-it-py", "mdit-py-plugins", "merman", "pygments", "quickjs-ng"),
    *("manimgx-fonts-cjk", "pylopdf-fonts-zh-cn", "fontpkg-source-serif-4", "fontpkg-source-sans-3"),
    *("fontpkg-source-code-pro", "typst"),
)
"""The distributions that decide, beside our own program, what an exported file looks like."""


@dataclass(frozen=True)
class Exported:
    """An exported file; `lost` counts, by page, the links of which only the words could be kept."""

    format: str
    language: str
    file: Path
    size: int
    state: Literal["written", "unchanged"]
    chapters: int
    lost: dict[str, int]


def export(
    project: Project,
    format: str,
    languages: Sequence[str] = (),
    output: Path | None = None,
    *,
    force: bool = False,
    progress: Progress = lambda _: None,
) -> tuple[Exported, ...]:
    """Write an edition's file for each language, all by default, from docs/ as the chapters are now.

    A file whose sources are those of the last time is left as it is. Raises UsageError for a format or language that
    there is not, ChapterError for what cannot be exported; what stood there before still stands then.
    """
    _expect("format", format, FORMATS)
    for language in languages:
        _expect("language", language, project.languages)
    chosen = tuple(dict.fromkeys(languages or project.languages))
    progress("docs/")
    render(project, chosen)
    folder = output or project.root / "dist"
    return tuple(_export(project, format, language, folder, force, progress) for language in chosen)


def _export(project: Project, format: str, language: str, folder: Path, force: bool, progress: Progress) -> Exported:
    manuscript = read_manuscript(project, language)
    file = folder / f"{project.export.name}.{language}.{format}"
    name, key = project.relative(file), _key(project, manuscript, format)
    known = _known(project)
    fresh = not force and known.get(name) == [key, _digest(file)]
    written = False
    if not fresh:
        refuse(project, manuscript)
        writer = cast(Writer, pkgutil.resolve_name(_WRITERS[format]))
        written = write_file(file, writer(project, manuscript, lambda what: progress(f"{file.name}: {what}")))
        with suppress(StorageError):  # a memo only: without it the next export writes again
            entries = {**known, name: [key, _digest(file)]}
            write_file(_memo(project), json.dumps(entries, indent=1, sort_keys=True))
    return Exported(
        format=format,
        language=language,
        file=file,
        size=file.stat().st_size,
        state="written" if written else "unchanged",
        chapters=len(manuscript.part("chapter")),
        lost=lost_pages(manuscript),
    )


def _expect(what: str, found: str, there_are: Sequence[str]) -> None:
    if found not in there_are:
        expected, nearest = ", ".join(there_are), nearest_name(found, there_are)
        raise UsageError(f"there is no such {what}", found=found, expected=expected, nearest=nearest)


def _key(project: Project, manuscript: Manuscript, format: str) -> str:
    """Return the digest of all that an exported file depends on: pages, figures, words, styles, programs."""
    told = (manuscript.title, manuscript.description, manuscript.version, manuscript.commit, manuscript.evidence_date)
    digest = hashlib.sha256(repr((format, *told, manuscript.url, project.export)).encode())
    package = Path(__file__).parent.parent
    sources = [
        (manuscript.folder, _files(manuscript.folder)),
        (project.templates, project.templates.glob("words.*.toml")),
        (project.templates, _files(project.templates / "export")),
        (package, _files(package)),
    ]
    for top, files in sources:
        for file in sorted(files):
            digest.update(f"{file.relative_to(top)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    for program in _PROGRAMS:
        with suppress(metadata.PackageNotFoundError):
            digest.update(f"{program} {metadata.version(program)}\0".encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _known(project: Project) -> dict[str, Any]:
    try:
        known = json.loads(_memo(project).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _memo(project: Project) -> Path:
    return project.cache / "exports.json"
