"""Whether an exported file is what exporting would write now; kept under .cache/, by what the file depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

from bifolio.errors import StorageError
from bifolio.export.manuscript import Manuscript
from bifolio.project import Project
from bifolio.storage import write_file

_PROGRAMS = (
    *("brotli", "fonttools", "markdown-it-py", "mdit-py-plugins", "merman", "pygments", "quickjs-ng"),
    *("fontpkg-source-serif-4", "fontpkg-source-sans-3", "fontpkg-source-code-pro", "fontpkg-fira-code"),
    *("manimgx-fonts-cjk", "pylopdf-fonts-zh-cn", "typst"),
)
"""The distributions that decide, beside our own program, what an exported file looks like."""


def export_key(project: Project, manuscript: Manuscript, format: str) -> str:
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


def is_fresh(project: Project, file: Path, key: str) -> bool:
    """Tell whether a file was exported from what the key stands for, and was not changed since."""
    return file.is_file() and _known(project).get(project.relative(file)) == [key, _digest(file)]


def remember(project: Project, file: Path, key: str) -> None:
    """Keep what a file was exported from."""
    entries = {**_known(project), project.relative(file): [key, _digest(file)]}
    with suppress(StorageError):  # a memo only: without it the next export writes again
        write_file(_memo(project), json.dumps(entries, indent=1, sort_keys=True))


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _known(project: Project) -> dict[str, Any]:
    try:
        known = json.loads(_memo(project).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _memo(project: Project) -> Path:
    return project.cache / "exports.json"
