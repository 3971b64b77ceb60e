"""Files as addresses that hold their content."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

from bifolio.chapters.templates.pictures import PICTURES

KINDS: Mapping[str, str] = {
    **PICTURES,
    ".csv": "text/csv;charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain;charset=utf-8",
}


def data_address(file: Path, content: bytes) -> str | None:
    """Return a file as an address that holds it, None for a kind of file that no page shows."""
    kind = KINDS.get(file.suffix.lower())
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if kind else None
