"""Exports: an edition as one file that stands alone, to send, archive and print."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from bifolio.chapters import render
from bifolio.errors import ChapterError, UsageError, nearest_name
from bifolio.export.freshness import export_key, is_fresh, remember
from bifolio.export.links import lost_pages
from bifolio.export.manuscript import VOLUMES, Manuscript, Volume, read_manuscript
from bifolio.export.origin import at_template
from bifolio.export.refusals import refuse
from bifolio.project import Project
from bifolio.storage import write_file

__all__ = ["FORMATS", "Exported", "Progress", "export", "fresh_exports"]

Progress = Callable[[str], None]
"""Is told, in a few words, what is being worked on."""
Writer = Callable[[Project, Manuscript, Progress], bytes]

_WRITERS = {"html": "bifolio.export.html:write_html", "pdf": "bifolio.export.pdf:write_pdf"}
"""Where each format's writer is; imported when it is asked for, because each needs libraries of its own."""
FORMATS = tuple(_WRITERS)
_BOUND = ("pdf",)
"""The formats that can be written as one volume of two."""
_FOLDER = "dist"


@dataclass(frozen=True)
class Exported:
    """An exported file; `lost` counts, by page, the links of which only the words could be kept."""

    format: str
    language: str
    volume: Volume
    file: Path
    size: int
    state: Literal["written", "unchanged"]
    chapters: int
    lost: dict[str, int]
    kept: tuple[str, ...] = ()
    """What became of pages of the edition that name a broken experiment, and why."""
    redrawn: tuple[str, ...] = ()
    """What rendering drew anew for the editions because something else draws now, in words."""


def export(
    project: Project,
    format: str,
    languages: Sequence[str] = (),
    output: Path | None = None,
    *,
    volume: Volume = "both",
    force: bool = False,
    progress: Progress = lambda _: None,
) -> tuple[Exported, ...]:
    """Write an edition's file for each language, all by default, from docs/ as the chapters are now.

    A book may be written as one volume of two: the report, or the evidence. A file whose sources are those of the last
    time is left as it is. Raises UsageError for a format, volume or language that there is not, ChapterError for what
    cannot be exported; what stood there before still stands then.
    """
    _expect("format", format, FORMATS)
    _expect("volume", volume, _volumes(format))
    for language in languages:
        _expect("language", language, project.languages)
    chosen = tuple(dict.fromkeys(languages or project.languages))
    progress("docs/")
    rendering = render(project, chosen)
    kept = rendering.harmed
    folder = output or project.root / _FOLDER
    made = [_export(project, format, language, volume, folder, force, progress) for language in chosen]
    return tuple(replace(one, kept=kept, redrawn=rendering.redrawn) for one in made)


def fresh_exports(project: Project) -> dict[str, tuple[Path, ...]]:
    """Return, for each language, the files in dist/ that hold the edition as docs/ has it now."""
    found: dict[str, tuple[Path, ...]] = {}
    for language in project.languages:
        kinds = [(format, volume) for format in FORMATS for volume in _volumes(format)]
        files = {kind: _file(project, project.root / _FOLDER, language, *kind) for kind in kinds}
        if any(file.is_file() for file in files.values()):
            manuscript = read_manuscript(project, language)
            keys = {kind: export_key(project, manuscript, *kind) for kind in files}
            found[language] = tuple(file for kind, file in files.items() if is_fresh(project, file, keys[kind]))
    return found


def _volumes(format: str) -> tuple[Volume, ...]:
    return VOLUMES if format in _BOUND else ("both",)


def _export(
    project: Project, format: str, language: str, volume: Volume, folder: Path, force: bool, progress: Progress
) -> Exported:
    manuscript = read_manuscript(project, language, volume)
    file, key = _file(project, folder, language, format, volume), export_key(project, manuscript, format, volume)
    written = False
    if force or not is_fresh(project, file, key):
        refuse(project, manuscript)
        writer = cast(Writer, pkgutil.resolve_name(_WRITERS[format]))
        try:
            made = writer(project, manuscript, lambda what: progress(f"{file.name}: {what}"))
        except ChapterError as error:
            raise at_template(project, error) from error.__cause__
        written = write_file(file, made)
        remember(project, file, key)
    return Exported(
        format=format,
        language=language,
        volume=volume,
        file=file,
        size=file.stat().st_size,
        state="written" if written else "unchanged",
        chapters=len(manuscript.part("chapter")),
        lost=lost_pages(manuscript),
    )


def _file(project: Project, folder: Path, language: str, format: str, volume: Volume) -> Path:
    return folder / ".".join([project.export.name, language, *([] if volume == "both" else [volume]), format])


def _expect(what: str, found: str, there_are: Sequence[str]) -> None:
    if found not in there_are:
        expected, nearest = ", ".join(there_are), nearest_name(found, there_are)
        raise UsageError(f"there is no such {what}", found=found, expected=expected, nearest=nearest)
