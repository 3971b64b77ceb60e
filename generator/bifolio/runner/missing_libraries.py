"""Says how libraries that a run lacks come to be installed."""

from __future__ import annotations

from collections.abc import Iterable

from bifolio.project import Project

_OWN = {"torch", "numpy", "safetensors"}
"""What the extra `run` asks for; a test compares them."""
_REQUIREMENTS = "requirements.txt"


def how_to_install(project: Project, libraries: Iterable[str]) -> str:
    """Return what to type for libraries: bifolio's own by its extra, others by the report's list where it has one."""
    others = sorted({*libraries} - _OWN)
    asked = ["'bifolio[run]'"] if len(others) < len({*libraries}) else []
    requirements = project.experiments / _REQUIREMENTS
    if others and requirements.is_file():
        asked.append(f"-r {project.relative(requirements)}")
        others = []
    if others:
        asked.append(f"what brings {', '.join(others)}")
    return f"pip install {' '.join(asked)}"
