"""The witness: what a run ran on; it informs and decides nothing."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bifolio.provenance.forms import CommitName, Date, Key, Library, Line, Version, moment

_CODE_AND_SETTINGS = (
    *("experiments", "generator", "pyproject.toml", "constraints.txt"),
    *(":(exclude)experiments/results", ":(exclude)experiments/reproductions"),
)

_DECIDING = ("processor", "model", "system", "python", "variables")
"""What of the machine may change the last bits of a number."""
_CHOOSING = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True)
class Witness:
    """What a run ran on. Duration in seconds, memory (the process's peak) in bytes, date in UTC."""

    commit: CommitName
    dirty: bool
    date: Date
    duration: float
    memory: int
    device: Line
    machine: Mapping[Key, Line]
    versions: Mapping[Library, Version]


def same_machine(one: Witness, other: Witness) -> bool:
    """Tell whether two runs ran on the same kind of machine: only then can each bit be expected to be the same.

    The device's name holds the processor's instruction set; cores do not count. What only one of the two noted, of the
    machine or of the libraries, is not compared, so that a witness may come to say more.
    """
    machines = [{key: noted.machine[key] for key in _DECIDING if noted.machine.get(key)} for noted in (one, other)]
    return one.device == other.device and _agree(*machines) and _agree(one.versions, other.versions)


Surroundings = Literal["same kind", "other software", "another processor", "not recorded"]
"""On what something was run again: the same kind of machine; the same processor with other software; another one."""
SURROUNDINGS: tuple[Surroundings, ...] = ("same kind", "other software", "another processor", "not recorded")


def surroundings_of(published: Witness, again: Witness) -> Surroundings:
    """Tell on what a second run ran, as seen from the first; where one of them names no processor, nobody knows."""
    one, other = ((noted.device, noted.machine.get("processor", "unknown")) for noted in (published, again))
    if {"", "unknown"} & {*one, *other}:
        return "not recorded"
    models = [{"model": noted.machine["model"]} if "model" in noted.machine else {} for noted in (published, again)]
    if one != other or not _agree(*models):
        return "another processor"
    return "same kind" if same_machine(published, again) else "other software"


def commits_of(witnesses: Iterable[Witness]) -> tuple[str, ...]:
    """Return the commits at which something was measured, the latest first; "" at the end for those not recorded."""
    last: dict[str, tuple[bool, float, str]] = {}
    for witness in witnesses:
        when = (bool(witness.commit), moment(witness.date).timestamp(), witness.commit)
        last[witness.commit] = max(when, last.get(witness.commit, when))
    return tuple(sorted(last, key=last.__getitem__, reverse=True))


def _agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two notes say the same of everything that both of them note."""
    return all(other[key] == noted for key, noted in one.items() if key in other)


@dataclass(frozen=True)
class Commit:
    """The commit that a report is at, "" in a copy without history; dirty where code or settings differ from it."""

    name: str
    dirty: bool


def read_commit(root: Path) -> Commit:
    """Return the commit of a report; a copy without history counts as dirty."""
    try:
        name = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *_CODE_AND_SETTINGS)
    except (OSError, subprocess.CalledProcessError):
        return Commit("", True)
    return Commit(name, bool(changed))


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip()


def read_machine() -> dict[str, str]:
    """Return what of the machine may matter to a number or a timing, and nothing that names whose it is."""
    described = _processor()
    variables = _variables()
    return {
        "cores": str(os.cpu_count()),
        "model": " ".join(described.get(word, "?") for word in ("cpu family", "model", "stepping")),
        "processor": described.get("model name") or platform.processor() or "unknown",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        **({"variables": variables} if variables else {}),
    }


def _variables() -> str:
    """Return which variables choose machine code or the use of a GPU, as digests: their values name paths."""
    found = {name: text for name, text in os.environ.items() if name.startswith("CUDA_") or name in _CHOOSING}
    digests = {name: hashlib.sha256(text.encode()).hexdigest()[:8] for name, text in found.items()}
    return " ".join(f"{name}={digest}" for name, digest in sorted(digests.items()))


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


def _processor() -> dict[str, str]:
    """Return what the system says of its first processor: one name may stand for several generations."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as stream:
            first = stream.read().split("\n\n")[0].splitlines()
    except OSError:
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in first)}
