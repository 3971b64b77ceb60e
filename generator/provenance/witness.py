"""The witness: what a run ran on; it informs and decides nothing."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_CODE_AND_SETTINGS = (
    *("experiments", "generator", "pyproject.toml", "constraints.txt"),
    *(":(exclude)experiments/results", ":(exclude)experiments/reproductions"),
)


@dataclass(frozen=True)
class Witness:
    """What a run ran on. Duration in seconds, memory (the process's peak) in bytes, date in UTC."""

    commit: str
    dirty: bool
    date: str
    duration: float
    memory: int
    device: str
    machine: Mapping[str, str]
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Surroundings:
    """What all runs of one command share of their witness; read once, because asking git and the system takes time."""

    commit: str
    dirty: bool
    machine: Mapping[str, str]
    versions: Mapping[str, str]


def read_surroundings(root: Path, libraries: frozenset[str]) -> Surroundings:
    """Return commit, machine, and the versions of the named libraries."""
    commit, dirty = read_commit(root)
    return Surroundings(commit, dirty, read_machine(), read_versions(libraries))


def read_commit(root: Path) -> tuple[str, bool]:
    """Return the commit and whether code or settings differ from it; ("", True) in a copy without history."""
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *_CODE_AND_SETTINGS)
    except (OSError, subprocess.CalledProcessError):
        return "", True
    return commit, bool(changed)


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip()


def read_machine() -> dict[str, str]:
    """Return what of the machine may matter to a number or a timing, and nothing that names whose it is."""
    return {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def read_versions(libraries: frozenset[str]) -> dict[str, str]:
    """Return the installed versions of the named distributions; one that is not installed is left out."""
    from importlib.metadata import PackageNotFoundError, version

    versions = {"python": platform.python_version()}
    for library in sorted(libraries):
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            continue
    return versions


def peak_memory() -> int:
    """Return the process's peak resident memory in bytes."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as stream:
            for line in stream:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"
