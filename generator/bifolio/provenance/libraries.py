"""Which libraries of a profile's environment a module of the report depends on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bifolio.provenance.sources import Sources

_IMPORTED_AS = {
    "beautifulsoup4": "bs4",
    "faiss-cpu": "faiss",
    "opencv-python": "cv2",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "protobuf": "google",
    "python-dateutil": "dateutil",
    "pyyaml": "yaml",
    "scikit-image": "skimage",
    "scikit-learn": "sklearn",
    "sentence-transformers": "sentence_transformers",
}
"""Libraries that are imported by another name than they are installed by; nothing of them need be installed here."""


def imported_libraries(sources: Sources, module: str, libraries: Iterable[str]) -> tuple[str, ...]:
    """Return those of the named libraries that a module's code imports, or that one of its data sets declares."""
    imported = sources.external(module)
    declared = {library for source in sources.closure(module) for data in source.datasets for library in data.libraries}
    return tuple(sorted(library for library in libraries if import_name(library) in imported or library in declared))


def import_name(library: str) -> str:
    """Return the name that a library is imported by."""
    return _IMPORTED_AS.get(library.lower(), library.replace("-", "_"))
