"""Starts a report: copies a small bilingual one, which is package data, into an empty folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from bifolio.errors import StorageError, UsageError
from bifolio.owner import is_left_behind, part_name
from bifolio.provenance.witness import read_versions
from bifolio.storage import write_file

_DECIDING = "torch"
"""The library that decides the starter's numbers; only what is installed can be declared."""
_UNDECLARED = "environment = {}"
_NAMES = {"gitignore": ".gitignore"}
"""Files that must not do in the package what they do in a report."""
_HISTORY = ".git"
_SHOWN = 5
_WORKSHOP = "bifolio-init"


def start_report(folder: Path) -> tuple[str, ...]:
    """Write a report into a folder that is new or empty; return its files, relative to it.

    Raises UsageError for a folder that holds something (a history without files is nothing), StorageError for a disk
    that refuses; then nothing of the report is left.
    """
    folder = folder.absolute()
    files = _files()
    _clear(folder, files)
    _require_empty(folder)
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    workshop = folder / part_name(_WORKSHOP)
    try:
        workshop.mkdir(parents=True)
        for name, content in files.items():
            write_file(workshop / name, content)
        for entry in sorted(workshop.iterdir()):
            entry.rename(folder / entry.name)
        workshop.rmdir()
    except BaseException as error:
        _remove(workshop, *(folder / name for name in {name.split("/")[0] for name in files}))
        for path in made:
            with suppress(OSError):
                path.rmdir()
        if isinstance(error, OSError):
            raise StorageError(f"the report cannot be started: {error.strerror}", file=folder) from error
        raise
    return tuple(sorted(files))


def _clear(folder: Path, files: Mapping[str, bytes]) -> None:
    """Remove what a start that was killed left in a folder: its workshop, and what it had put in place already."""
    left = [path for path in folder.glob(f".{_WORKSHOP}.*.part") if is_left_behind(path.name)]
    for name in {name.split("/")[0] for name in files} if left else ():
        own = [path for path in (folder / name, *(folder / name).rglob("*")) if path.is_file()]
        if all(files.get(path.relative_to(folder).as_posix()) == path.read_bytes() for path in own):
            _remove(folder / name)
    _remove(*left)


def _remove(*paths: Path) -> None:
    for path in paths:
        with suppress(OSError):  # the error that led here is the one to tell
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _require_empty(folder: Path) -> None:
    try:
        held = sorted(
            f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir() if path.name != _HISTORY
        )
    except FileNotFoundError:
        return
    except NotADirectoryError:
        problem = "a report is started in a folder"
        raise UsageError(problem, found=f"{folder}: a file, or below one", expected="a new name") from None
    if held:
        more = f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else ""
        raise UsageError(
            f"{folder} is not empty",
            found=", ".join(held[:_SHOWN]) + more,
            expected="a new folder, or an empty one",
        )


def _files() -> dict[str, bytes]:
    """Return the files of a new report by their path."""
    report = resources.files(__name__).joinpath("report")
    files = {_NAMES.get(path, path): file.read_bytes() for path, file in _walk(report)}
    files["pyproject.toml"] = _declare(files["pyproject.toml"].decode()).encode()
    return files


def _declare(settings: str) -> str:
    """Declare the installed version of what decides numbers; where it is not installed, say how it is declared."""
    version = read_versions(frozenset({_DECIDING})).get(_DECIDING)
    if version is None:
        declared = f'{_UNDECLARED} # once it is installed: {{ {_DECIDING} = "<major.minor>" }}'
    else:
        declared = f'environment = {{ {_DECIDING} = "{".".join(version.split(".")[:2])}" }}'
    return settings.replace(_UNDECLARED, declared)


def _walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield every file with its path; what Python compiled beside the experiments is none of them."""
    for entry in folder.iterdir():
        if entry.is_file():
            yield prefix + entry.name, entry
        elif entry.name != "__pycache__":
            yield from _walk(entry, f"{prefix}{entry.name}/")
