"""Says how libraries that a run lacks come to be installed."""

from __future__ import annotations

from collections.abc import Iterable

from bifolio.project import Project

_OWN = {"torch", "numpy", "safetensors"}
"""What the extra `run` asks for; a test compares them."""
_REQUIREMENTS = "requirements.txt"


def listed_libraries(project: Project) -> str | None:
    """Return the file, from the report's root, in which a report lists the libraries of its experiments."""
    requirements = project.experiments / _REQUIREMENTS
    return project.relative(requirements) if requirements.is_file() else None


def how_to_install(project: Project, libraries: Iterable[str], listed: str | None = None) -> str:
    """Return what to type for libraries: bifolio's own by its extra, others by the report's list where it has one.

    `listed` is that list as `listed_libraries` told it, where it cannot be seen any more.
    """
    listed = listed or listed_libraries(project)
    others = sorted({*libraries} - _OWN)
    asked = ["'bifolio[run]'"] if len(others) < len({*libraries}) else []
    if others and listed:
        asked.append(f"-r {listed}")
        others = []
    if others:
        asked.append(f"what brings {', '.join(others)}")
    return f"pip install {' '.join(asked)}"
