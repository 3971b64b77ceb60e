"""Sets a book: its source and its style in a folder of their own, through Typst, as one PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bifolio.errors import ChapterError
from bifolio.export.pdf.fonts import all_fonts
from bifolio.export.pdf.typst import string
from bifolio.leftovers import temporary_prefix
from bifolio.programs import package_file
from bifolio.project import Project
from bifolio.storage import read_source

if TYPE_CHECKING:
    from typst import TypstError, TypstWarning

_ENDINGS = (".typ",)
_PLACE = re.compile(r"(?P<file>[^\s:]+\.typ):(?P<line>\d+)")
_UNSETTLED = "did not converge"
"""What Typst says of pages of which each change makes another."""
_WIDE = "a formula is wider than the page: "
"""What the style says of one; the formula follows."""

Sources = Mapping[str, str | bytes]
"""Paths in the book's folder -> what the files hold."""


def compile_book(project: Project, sources: Sources, day: str) -> bytes:
    """Return the PDF of `main.typ` among the sources; `day` is that of the evidence, in ISO form or empty.

    Raises ChapterError, with the place in docs/ or in the style if it can be told, for what Typst refuses or warns of.
    """
    import typst

    styles = _styles(project)
    texts = {name: read_source(path, project.relative(path)) for name, path in styles.items()}
    with TemporaryDirectory(prefix=temporary_prefix()) as folder:
        top = Path(folder)
        for name, data in {**texts, **sources}.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        try:
            made, warnings = _set(top, day, fitting=True)
            if any(_UNSETTLED in warning.message for warning in warnings):
                made, warnings = _set(top, day, fitting=False)
        except typst.TypstError as error:
            raise _refusal(project, styles, sources, error) from None
    if warnings:
        raise _refusal(project, styles, sources, warnings[0])
    assert isinstance(made, bytes)  # a PDF is one file; of images there would be several
    return made


def _set(folder: Path, day: str, *, fitting: bool) -> tuple[object, Sequence[TypstWarning]]:
    """Return the PDF and what Typst warns of; `fitting` lets pictures take the room that a page has left for them."""
    import typst

    told = {"fitting": "true" if fitting else "false"}
    main = folder / "main.typ"
    compiler = typst.Compiler(main, root=folder, font_paths=all_fonts(), ignore_system_fonts=True, sys_inputs=told)
    return compiler.compile_with_warnings(format="pdf", pdf_standards="ua-1", timestamp=_moment(day))


def _styles(project: Project) -> dict[str, Path]:
    """Return the style's files: the package's, and in their place those of the project's templates/export/."""
    folders = [folder for folder in (package_file("assets/export"), project.templates / "export") if folder.is_dir()]
    found = {path.name: path for folder in folders for path in folder.iterdir() if path.suffix in _ENDINGS}
    return dict(sorted(found.items()))


def _moment(day: str) -> datetime:
    """Return noon of the day, which is the same day wherever it is read."""
    return datetime.fromisoformat(day or "2000-01-01").replace(hour=12, tzinfo=UTC)


def _refusal(
    project: Project, styles: Mapping[str, Path], sources: Sources, told: TypstError | TypstWarning
) -> ChapterError:
    """Say what Typst refused, where docs/ or the style wrote it."""
    if _WIDE in told.message:
        return _too_wide(sources, told.message[told.message.index(_WIDE) + len(_WIDE) :].removesuffix('"'))
    diagnostic = told.diagnostic[told.diagnostic.rfind(told.message) :]
    hints = "; ".join(told.hints) or None
    for match in _PLACE.finditer("\n".join([diagnostic, *told.trace])):
        place = _written_at(sources, match["file"], int(match["line"]))
        if place:
            return ChapterError(
                "the page cannot be typeset", file=place[0], line=place[1], found=told.message, expected=hints
            )
    name, line = _style_line(styles, diagnostic, told.trace)
    file = project.relative(styles[name]) if name else None
    return ChapterError("the book cannot be typeset", file=file, line=line, found=told.message, expected=hints)


def _too_wide(sources: Sources, latex: str) -> ChapterError:
    """Say which formula no line can hold; Typst, which lays it out late, does not know where it was written."""
    expected = "one that fits a line when it is broken before a relation and set a third smaller"
    code = string(latex)
    for name, source in sources.items():
        if name.startswith("pages/") and isinstance(source, str) and code in source:
            place = _written_at(sources, name, source.count("\n", 0, source.index(code)) + 1)
            if place:
                return ChapterError(_WIDE[:-2], file=place[0], line=place[1], found=latex, expected=expected)
    return ChapterError(_WIDE[:-2], found=latex, expected=expected)


def _written_at(sources: Sources, file: str, line: int) -> tuple[str, int] | None:
    """Return the file and line in docs/ that the comment above a line of a page's source names."""
    name = next((name for name in sources if name.startswith("pages/") and file.endswith(name)), None)
    source = sources[name] if name else ""
    assert isinstance(source, str)
    for written in reversed(source.split("\n")[:line]):
        match = re.fullmatch(r"// (.+):(\d+)", written)
        if match:
            return match[1], int(match[2])
    return None


def _style_line(styles: Mapping[str, Path], diagnostic: str, trace: Sequence[str]) -> tuple[str | None, int | None]:
    for match in _PLACE.finditer("\n".join([diagnostic, *trace])):
        name = Path(match["file"]).name
        if name in styles:
            return name, int(match["line"])
    return None, None
