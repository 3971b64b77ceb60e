"""The files of a whole edition that its site offers."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bifolio.formats.language import Language

DOWNLOADS = "downloads"
"""The folder, in an edition's site, that holds them."""


@dataclass(frozen=True)
class Download:
    """A file: its address from the edition's top, and what it is called."""

    address: str
    words: str


def offer(language: Language, names: Sequence[str]) -> tuple[Download, ...]:
    """Return the files by their names, each called by its format, and by its volume where it is one of two."""
    return tuple(Download(f"{DOWNLOADS}/{name}", _words(language, *name.split(".")[-2:])) for name in names)


def _words(language: Language, before: str, format: str) -> str:
    word = "site.download" if before == language.code else f"site.download_{before}"
    return language.say(word, format=format.upper())


def copy_files(files: Sequence[Path], site: Path) -> None:
    """Put the files into an edition's site."""
    for file in files:
        (site / DOWNLOADS).mkdir(exist_ok=True)
        shutil.copyfile(file, site / DOWNLOADS / file.name)


def digests(files: Sequence[Path]) -> dict[str, str]:
    """Return what the files hold, by name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
