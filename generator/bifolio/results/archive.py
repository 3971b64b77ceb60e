"""Packs results into one file and unpacks them again: how results measured on another machine come home."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bifolio.errors import BifolioError, ResultError, StorageError
from bifolio.project import DEFAULT_PROFILE, SMOKE_PROFILE, Project
from bifolio.provenance.declaration import RunName
from bifolio.provenance.fingerprint import Fingerprints
from bifolio.provenance.forms import moment
from bifolio.provenance.sources import read_sources
from bifolio.results.freshness import select
from bifolio.results.reading import read_record
from bifolio.results.record import Result
from bifolio.results.store import check_content, read_image, read_result, result_path, stored_runs
from bifolio.storage import write_file

_LARGEST = 256 * 1024 * 1024
"""Bytes a packed file may unpack to; a report's results are some megabytes, so more is an accident or an attack."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Taken:
    """What unpacking did; `refused` says which results were left out and why."""

    stored: int
    unchanged: int
    refused: tuple[str, ...]


def pack_results(project: Project, file: Path, names: Iterable[str] = ()) -> int:
    """Write the published results of the named experiments, or all, into one file; return how many."""
    sources = read_sources(project)
    chosen = select({**sources.declarations, **sources.broken_experiments}, names)
    profiles = [profile for profile in project.profiles if profile != SMOKE_PROFILE]
    runs = [run for name in chosen for profile in profiles for run in stored_runs(project, name, profile)]
    members: dict[str, bytes] = {}
    for run in runs:
        path = result_path(project, run)
        members[run.path] = path.read_bytes()
        for image in read_result(project, run).images.values():
            members[f"{Path(run.path).parent.as_posix()}/{image.file}"] = read_image(project, run, image)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    write_file(file, buffer.getvalue())
    return len(runs)


def unpack_results(project: Project, file: Path, *, force: bool = False) -> Taken:
    """Take the results out of a packed file.

    A result is stored where its own content says, never where the archive says, so no path can leave the results
    folder. Left out: what is no valid result, what is older than the one stored, and what is stale here; with `force`
    the last two are taken too. Raises ResultError when the file is no packed file.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > _LARGEST:
                raise ResultError(
                    "a packed file is too large", file=file, found=f"{size} bytes", expected=f"at most {_LARGEST}"
                )
            members = {member.filename: archive.read(member) for member in archive.infolist() if not member.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise ResultError(f"this is no packed file: {error}", file=file, expected="a file of `bifolio pack`") from None
    if not any(name.endswith(".json") for name in members):
        raise ResultError("this packed file holds no result", file=file, expected="a file of `bifolio pack`")
    sources = read_sources(project)
    fingerprints = Fingerprints(project, sources)
    stored = unchanged = 0
    refused: list[str] = []
    for name in sorted(name for name in members if name.endswith(".json")):
        try:
            result = read_record(check_content(members[name], name), Result, name)
            known = sources.declarations.get(result.name.experiment)
            _refuse(result, None if known is None else known.runs(result.name.profile), fingerprints, project, force)
            images = _images(result, members, name)
        except StorageError:
            raise
        except BifolioError as error:
            refused.append(str(error).replace("\n", " "))
            continue
        folder = result_path(project, result.name).parent
        for image, content in images.items():
            write_file(folder / image, content)
        changed = write_file(result_path(project, result.name), members[name])
        stored, unchanged = stored + changed, unchanged + (not changed)
    return Taken(stored, unchanged, tuple(refused))


def _refuse(
    result: Result, runs: tuple[RunName, ...] | None, fingerprints: Fingerprints, project: Project, force: bool
) -> None:
    """Raise ResultError when a result may not be taken."""
    name = result.name
    if name.profile not in project.profiles or name.profile == SMOKE_PROFILE:
        raise ResultError(f"{name}: not a published profile", found=name.profile, expected=DEFAULT_PROFILE)
    if runs is None or name not in runs:
        raise ResultError(f"{name}: this report declares no such run")
    if force:
        return
    if fingerprints.of(name).digest != result.fingerprint.digest:
        raise ResultError(
            f"{name}: stale here: it was measured by other code or settings", expected="--force to take it"
        )
    if not result_path(project, name).exists():
        return
    stored = read_result(project, name)
    older = moment(result.witness.date) < moment(stored.witness.date)
    if older and stored.fingerprint.digest == result.fingerprint.digest:
        found = f"{result.witness.date}, stored is {stored.witness.date}"
        raise ResultError(f"{name}: older than the stored result", found=found, expected="--force to take it")


def _images(result: Result, members: dict[str, bytes], name: str) -> dict[str, bytes]:
    import hashlib

    images: dict[str, bytes] = {}
    for image in result.images.values():
        content = members.get(f"{Path(name).parent.as_posix()}/{image.file}", b"")
        if f"{hashlib.sha256(content).hexdigest()}.png" != image.file:
            raise ResultError(f"{result.name}: an image is missing or is another one", found=image.file)
        images[image.file] = content
    return images
