"""Verdicts that depend on a text alone, kept between checks by content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from typing import Any

from bifolio.chapters.composition import programs_digest
from bifolio.errors import StorageError
from bifolio.project import Project
from bifolio.storage import write_file


class Memo:
    """What was found in each text that was looked at; another version of the rules forgets everything."""

    def __init__(self, project: Project) -> None:
        self._file = project.cache / "checked.json"
        self._engine = _rules_digest()
        self._known = self._read()
        self._used: dict[str, Any] = {}

    def recall(self, rule: str, text: str, look: Callable[[], Any]) -> Any:
        """Return what `look` found, as JSON has it; `text` is all that decides it."""
        key = hashlib.sha256(f"{rule}\0{text}".encode()).hexdigest()
        if key not in self._used:
            self._used[key] = self._known[key] if key in self._known else json.loads(json.dumps(look()))
        return self._used[key]

    def keep(self) -> None:
        """Write down what was used now; the rest is forgotten."""
        if self._used == self._known:
            return
        with suppress(StorageError):  # a read-only checkout works too, only slower
            write_file(self._file, json.dumps({"engine": self._engine, "verdicts": self._used}, ensure_ascii=False))

    def _read(self) -> dict[str, Any]:
        try:
            memo = json.loads(self._file.read_text(encoding="utf-8"))
            return dict(memo["verdicts"]) if memo["engine"] == self._engine else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}  # a memo that cannot be read is made again


def _rules_digest() -> str:
    digest = hashlib.sha256(programs_digest().encode())
    for file in sorted(resources.files("bifolio.check").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()
