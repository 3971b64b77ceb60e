"""The files of a report as a commit has them, in a temporary folder."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bifolio.errors import UsageError
from bifolio.leftovers import temporary_prefix
from bifolio.project import Project, find_project


@contextmanager
def files_at(project: Project, revision: str) -> Iterator[Project]:
    """Yield the report as it was at a commit; raise UsageError where there is no history or no such commit."""
    commit = _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        found = "no history" if _git(project, "rev-parse", "--git-dir") is None else revision
        raise UsageError("there is no such commit", found=found, expected="a branch, a tag or a commit of this report")
    packed = _git(project, "archive", "--format=tar", commit.decode().strip())
    if packed is None:
        raise UsageError("git cannot read the commit", found=revision, expected="a commit whose files are all here")
    with tempfile.TemporaryDirectory(prefix=temporary_prefix()) as folder:
        with suppress(tarfile.ReadError), tarfile.open(fileobj=io.BytesIO(packed)) as archive:  # of no file at all
            # Python 3.11 has filters from 3.11.4 on; before, what git itself has packed is taken as it is.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(folder)
        if not (Path(folder) / "pyproject.toml").is_file():
            raise UsageError(
                "the report was not there yet", found=revision, expected="a commit that has pyproject.toml"
            )
        yield find_project(Path(folder))


def describe(project: Project, revision: str) -> str:
    """Return a commit's short name."""
    found = _git(project, "rev-parse", "--short", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return revision if found is None else found.decode().strip()


def _git(project: Project, *arguments: str) -> bytes | None:
    """Return what git answers, None when it refuses or is not there."""
    try:
        ended = subprocess.run(["git", "-C", str(project.root), *arguments], capture_output=True, check=False)
    except OSError:
        return None
    return ended.stdout if ended.returncode == 0 else None
