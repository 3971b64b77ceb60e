"""Reads and writes results: one JSON file a run, checked by a checksum of its own bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bifolio.errors import ResultError, UnreadableError
from bifolio.project import DEFAULT_PROFILE, Project
from bifolio.provenance.declaration import RunName
from bifolio.storage import decode, parse_json, write_file

if TYPE_CHECKING:
    from bifolio.results.record import Image, Result

SCHEMA = 2
"""Raise it when what a result's fields are changes."""
LEDGER = "ledger.json"
"""Beside an experiment's results; it is no result."""
_BLANK = "0" * 64
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, default=vars).encode
"""Dataclasses are written as their fields."""
_CHECKSUM = re.compile(r'"checksum": "([0-9a-f]{64})"')
_RUN_FILE = re.compile(r"seed-(0|[1-9]\d{0,8})\.json")


def result_path(project: Project, name: RunName) -> Path:
    """Return the file of a run's result."""
    return project.results(name.profile) / name.path


def image_path(project: Project, name: RunName, image: Image) -> Path:
    """Return the file of an image that a run recorded."""
    return result_path(project, name).with_name(image.file)


def read_image(project: Project, name: RunName, image: Image) -> bytes:
    """Return the bytes of an image that a run recorded; raise ResultError for another one in its place."""
    path = image_path(project, name, image)
    file = project.relative(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ResultError(f"the image cannot be read: {error.strerror}", file=file, expected=_MEND) from None
    found = f"{hashlib.sha256(content).hexdigest()}.png"
    if found != image.file:
        raise ResultError("the image is not the one that was recorded", file=file, found=found, expected=_MEND)
    return content


def stored_runs(project: Project, experiment: str, profile: str) -> tuple[RunName, ...]:
    """Return the runs that have a file, in order of variant and seed; nothing is read."""
    return runs_in(project.results(profile), experiment, profile)


def runs_in(top: Path, experiment: str, profile: str) -> tuple[RunName, ...]:
    """Return the runs that have a file somewhere under their own path, in order of variant and seed."""
    folder = top / experiment / profile
    found = []
    for variant in _listing(folder):
        seeds = (match for match in map(_RUN_FILE.fullmatch, _listing(folder / variant)) if match)
        found += [RunName(experiment, profile, variant, int(match[1])) for match in seeds]
    return tuple(sorted(found, key=lambda name: (name.variant, name.seed)))


def read_runs(project: Project, experiment: str, profile: str) -> dict[str, tuple[Result, ...]]:
    """Return an experiment's results at a profile: variant -> results by seed; raise ResultError for a bad one."""
    runs: dict[str, tuple[Result, ...]] = {}
    for name in stored_runs(project, experiment, profile):
        runs[name.variant] = (*runs.get(name.variant, ()), read_result(project, name))
    return runs


def read_result(project: Project, name: RunName) -> Result:
    """Return one stored result, validated; raise ResultError with file, line and field."""
    from bifolio.results.reading import read_record
    from bifolio.results.record import Result

    path = result_path(project, name)
    file = project.relative(path)
    result = read_record(read_checked(path, file), Result, file, path)
    if result.name != name:
        raise ResultError("a result says it is another run than its path", file=file, found=result.name, expected=name)
    return result


_MEND = "measure it again with `bifolio run --force`, or take the committed file back"


def read_checked(path: Path, file: str, mend: str = _MEND) -> dict[str, Any]:
    """Return the plain data of a result file whose checksum is right; raise ResultError otherwise."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ResultError(f"the result cannot be read: {error.strerror}", file=file) from None
    return check_content(content, file, mend)


def check_content(content: bytes, file: str, mend: str = _MEND) -> dict[str, Any]:
    """Return the plain data of a result's bytes; raise ResultError if they were cut short, edited, or are too new."""
    try:
        text = decode(content, file)
        data = parse_json(text, file, mend)
    except UnreadableError as error:
        raise ResultError(error.problem, file=file, line=error.line, found=error.found, expected=mend) from None
    match = _CHECKSUM.search(text)
    if not isinstance(data, dict) or match is None:
        raise ResultError("this result has no checksum", file=file, line=1, expected=mend)
    blank = text[: match.start(1)] + _BLANK + text[match.end(1) :]
    if hashlib.sha256(blank.encode()).hexdigest() != match[1]:
        line = text.count("\n", 0, match.start()) + 1
        raise ResultError("this result does not match its checksum; it was edited", file=file, line=line, expected=mend)
    found = data.get("schema")
    if found != SCHEMA:
        reason = "this result has a schema that this version of bifolio does not read"
        newer = isinstance(found, int) and found > SCHEMA
        expected = f"{SCHEMA}; {'newer results need a newer bifolio' if newer else mend}"
        raise ResultError(reason, file=file, found=found, expected=expected)
    return data


def results_digest(project: Project, experiment: str) -> str:
    """Return a hash over all published results of an experiment and what running them again found, from their bytes."""
    digest = hashlib.sha256()
    tops = (project.results(DEFAULT_PROFILE), project.reproductions, project.reproductions / "new-seeds")
    for folder in (top / experiment for top in tops):
        files = (path for path in folder.rglob("*.json") if path.name != LEDGER) if folder.is_dir() else ()
        for path in sorted(files):
            place = project.relative(path)
            digest.update(place.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def encode_result(result: Result) -> bytes:
    """Return the bytes of a result's file: sorted keys, one line a row, with the checksum of those bytes."""
    return encode_data(vars(result))


def encode_data(data: Mapping[str, Any]) -> bytes:
    """Return plain data as the bytes of a file that `check_content` reads."""
    text = _layout({"schema": SCHEMA, **data, "checksum": _BLANK}) + "\n"
    checksum = hashlib.sha256(text.encode()).hexdigest()
    return text.replace(f'"checksum": "{_BLANK}"', f'"checksum": "{checksum}"', 1).encode()


def write_result(project: Project, result: Result, images: Mapping[str, bytes]) -> None:
    """Store a result with the images it names (file name -> PNG bytes); raise StorageError if the disk refuses."""
    write_content(project, result.name, encode_result(result), images)


def write_content(project: Project, name: RunName, content: bytes, images: Mapping[str, bytes]) -> None:
    """Store the bytes of a result's file with the images that it names."""
    path = result_path(project, name)
    for file, pixels in sorted(images.items()):
        write_file(path.with_name(file), pixels)
    write_file(path, content)  # last: a result never names an image that is not there


def remove_unused_images(project: Project, experiment: str, profile: str) -> None:
    """Delete images that no result beside them names any more; where one cannot be read, nothing is deleted."""
    top = project.results(profile) / experiment / profile
    for folder in sorted({image.parent for image in top.glob("*/*.png")}):
        used = set()
        for path in folder.glob("seed-*.json"):
            images = read_checked(path, project.relative(path)).get("images", {})
            used |= {image["file"] for image in images.values()}
        for path in folder.glob("*.png"):
            if path.name not in used:
                path.unlink()


def _listing(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _layout(value: Any, depth: int = 0) -> str:
    """Return JSON that diffs well: objects open down to the third level, then one line an item."""
    if is_dataclass(value):
        value = vars(value)
    holds_more = isinstance(value, dict) or (
        isinstance(value, (list, tuple))
        and any(isinstance(item, (dict, list, tuple)) or is_dataclass(item) for item in value)
    )
    if not value or not holds_more or depth > 3:
        return _encode(value)
    if depth > 1 and len(plain := _encode(value)) <= 100:
        return plain
    indent = " " * (depth + 1)
    if isinstance(value, dict):
        items = [f"{indent}{_encode(key)}: {_layout(value[key], depth + 1)}" for key in sorted(value)]
        return "{\n" + ",\n".join(items) + "\n" + " " * depth + "}"
    items = [indent + _layout(item, depth + 1) for item in value]
    return "[\n" + ",\n".join(items) + "\n" + " " * depth + "]"
