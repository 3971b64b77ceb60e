"""Bifolio: reports about machine learning whose numbers are runs.

What an author's experiment imports is offered here, and loaded only when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bifolio.authoring import (
        Column,
        Dataset,
        Need,
        Quantity,
        Rows,
        Run,
        SourceAbsent,
        TableRecorder,
        Variant,
        experiment,
        grid,
        verified_bytes,
        verified_content,
    )

__version__ = "0.1.0"

__all__ = [
    "Column",
    "Dataset",
    "Need",
    "Quantity",
    "Rows",
    "Run",
    "SourceAbsent",
    "TableRecorder",
    "Variant",
    "experiment",
    "grid",
    "verified_bytes",
    "verified_content",
]


def __getattr__(name: str) -> object:
    """Return what authors import by its name; raise AttributeError for anything else."""
    if name not in __all__:
        raise AttributeError(f"module 'bifolio' has no attribute {name!r}")
    from bifolio import authoring

    globals()[name] = getattr(authoring, name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
