"""What `status` says, remembered for as long as no byte that the answer depends on has changed.

A status that finds nothing new should cost what reading the files costs. So recalling it imports next to nothing, and
knows the project as files: the settings, everything under experiments/, the inputs, and bifolio's own code, all of it:
finding out which modules decide takes longer than answering again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence

from bifolio.memo import Memo

Row = dict[str, str]
_LEDGER = "ledger.json"  # as results.store calls it, which takes longer to import than all of this
_FIELDS = ("experiment", "profile", "state", "reason")


def status_rows(folder: str, names: Sequence[str], profile: str | None) -> list[Row]:
    """Return one row an experiment and profile: `experiment`, `profile`, `state`, and the `reason` in words.

    That of a draft begins with `draft: `.
    """
    question = [*names, f"--profile={profile}"]
    root = _find_root(folder)
    rows = _recall(root, question) if root else None
    return _survey(folder, names, profile, question) if rows is None else rows


def _survey(folder: str, names: Sequence[str], profile: str | None, question: list[str]) -> list[Row]:
    from pathlib import Path

    from bifolio.project import SMOKE_PROFILE, find_project
    from bifolio.provenance.sources import read_sources
    from bifolio.results.freshness import survey

    project = find_project(Path(folder))
    sources = read_sources(project)
    states = survey(project, names, [profile] if profile else [], sources)
    rows = [
        {field: str(getattr(state, field)) for field in _FIELDS}
        | {"reason": f"{'draft: ' * state.draft}{state.reason}"}
        for state in states
    ]
    if profile != SMOKE_PROFILE:  # smoke results are not among the evidence, so nothing would notice that they changed
        patterns = sorted({pattern for declared in sources.declarations.values() for pattern in declared.inputs})
        root = str(project.root)
        answer = {"question": question, "inputs": patterns, "digest": _digest(root, patterns), "rows": rows}
        _memo(root).replace(answer)
    return rows


def _find_root(folder: str) -> str | None:
    """Return the nearest folder, this one or above, whose pyproject.toml mentions [tool.bifolio]."""
    while True:
        settings = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(settings):
            with open(settings, "rb") as stream:
                if b"[tool.bifolio" in stream.read():
                    return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _recall(root: str, question: list[str]) -> list[Row] | None:
    answer = _memo(root).known
    try:
        if answer and answer["question"] == question:
            return list(answer["rows"]) if answer["digest"] == _digest(root, answer["inputs"]) else None
    except OSError:
        pass  # a file that is gone changes the answer
    return None


def _memo(root: str) -> Memo:
    return Memo(os.path.join(root, ".cache", "status.json"), "")  # the digest within tells what it depends on


def _digest(root: str, inputs: Sequence[str]) -> str:
    """Hash every file that the answer depends on; of our own, size and time tell whether they changed."""
    digest = hashlib.sha256()
    for path in (os.path.join(root, "pyproject.toml"), *_evidence(root), *_matches(root, inputs)):
        with open(path, "rb") as stream:
            content = stream.read()
        digest.update(f"{os.path.relpath(path, root)}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for path in _python_files(own):
        stat = os.stat(path)
        digest.update(f"{path[len(own) :]} {stat.st_size} {stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _evidence(root: str) -> Iterator[str]:
    """Yield every experiment's code and every result; ledgers and what reproducing found decide nothing."""
    for folder, folders, files in os.walk(os.path.join(root, "experiments")):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "reproductions"))
        for name in sorted(files):
            if name.endswith((".py", ".json")) and name != _LEDGER:
                yield os.path.join(folder, name)


def _python_files(top: str) -> Iterator[str]:
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (os.path.join(folder, name) for name in sorted(files) if name.endswith(".py"))


def _matches(root: str, patterns: Sequence[str]) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        path = os.path.join(root, pattern)
        if any(mark in pattern for mark in "*?["):
            from glob import glob

            found += sorted(glob(path, recursive=True))
        else:
            found.append(path)
    return found
