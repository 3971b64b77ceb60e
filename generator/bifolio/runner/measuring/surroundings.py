"""What this process runs on: read once a process, and known to those that are forked from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from bifolio.errors import EnvironmentMismatch
from bifolio.project import Project
from bifolio.provenance.witness import read_machine, read_versions
from bifolio.runner.missing_libraries import how_to_install


@cache
def machine() -> Mapping[str, str]:
    """Return what of the machine may matter to a number."""
    return read_machine()


def versions(libraries: Iterable[str]) -> dict[str, str]:
    """Return the versions of the libraries that are installed, in alphabetical order."""
    found = {library: _version(library) for library in sorted(libraries)}
    return {library: version for library, version in found.items() if version is not None}


@cache
def _version(library: str) -> str | None:
    return read_versions(frozenset({library})).get(library)


def refuse_other_libraries(project: Project, profile: str, declared: Mapping[str, str]) -> None:
    """Raise EnvironmentMismatch unless the libraries here have the major.minor that a profile's numbers depend on."""
    installed = versions(declared)
    wrong = {
        library: installed.get(library, "not installed")
        for library, version in sorted(declared.items())
        if ".".join(installed.get(library, "").split(".")[:2]) != version
    }
    if wrong:
        absent = wrong.keys() - installed.keys()
        raise EnvironmentMismatch(
            f"numbers of the profile {profile} cannot be measured here: the libraries are others",
            file="pyproject.toml",
            found=", ".join(f"{library} {version}" for library, version in wrong.items()),
            expected=", ".join(f"{library} {declared[library]}" for library in wrong)
            + (f" ({how_to_install(project, absent)})" if absent else ""),
        )
