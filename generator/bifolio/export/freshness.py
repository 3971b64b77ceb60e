"""Whether an exported file is what exporting would write now; kept under .cache/, by what the file depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from bifolio.export.manuscript import Manuscript, Volume
from bifolio.memo import Memo
from bifolio.programs import programs
from bifolio.project import Project


def export_key(project: Project, manuscript: Manuscript, format: str, volume: Volume = "both") -> str:
    """Return the digest of all that an exported file depends on: pages, figures, words, styles, programs."""
    told = (manuscript.title, manuscript.description, manuscript.version, manuscript.commits, manuscript.evidence_date)
    made_by = programs(project.cache, f"bifolio.export.{format}").digest
    digest = hashlib.sha256(repr((made_by, volume, *told, manuscript.url, project.export)).encode())
    sources = [
        (manuscript.folder, _files(manuscript.folder)),
        (project.templates, project.templates.glob("words.*.toml")),
        (project.templates, _files(project.templates / "export")),
    ]
    for top, files in sources:
        for file in sorted(files):
            digest.update(f"{file.relative_to(top)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def is_fresh(project: Project, file: Path, key: str) -> bool:
    """Tell whether a file was exported from what the key stands for, and was not changed since."""
    return file.is_file() and _memo(project).known.get(project.relative(file)) == [key, _digest(file)]


def remember(project: Project, file: Path, key: str) -> None:
    """Keep what a file was exported from."""
    memo = _memo(project)
    memo.replace({**memo.known, project.relative(file): [key, _digest(file)]})


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _memo(project: Project) -> Memo:
    return Memo(project.cache / "exports.json", "")  # each key tells what it depends on
