"""What was found out before, kept in .cache/ for as long as nothing that it depends on has changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any


class Memo:
    """A file of entries, plain JSON by name; one that is missing, damaged or of other programs holds none.

    `depends` is the digest of all that decides every entry alike, such as the programs that made them.
    """

    def __init__(self, file: str | os.PathLike[str], depends: str) -> None:
        self._file, self._depends = file, depends
        self._used: dict[str, Any] = {}

    @cached_property
    def known(self) -> Mapping[str, Any]:
        """Return the entries of the file, which is read when they are first asked for."""
        return self._read()

    def recall(self, kind: str, text: str, make: Callable[[], Any]) -> Any:
        """Return what `make` returns, as JSON has it; what it is and its text are all that decides it."""
        name = self.name(kind, text)
        if name not in self._used:
            self._used[name] = self.known[name] if name in self.known else json.loads(json.dumps(make()))
        return self._used[name]

    def name(self, kind: str, text: str) -> str:
        """Return the name under which it is remembered what something of a kind, with this text, came to."""
        return hashlib.sha256(f"{kind}\0{text}".encode()).hexdigest()

    def keep(self, *, unused: int = 0) -> None:
        """Write down what was recalled; the rest is forgotten, but for so many entries."""
        rest = [name for name in self.known if name not in self._used][:unused]
        self.replace({**self._used, **{name: self.known[name] for name in rest}})

    def replace(self, entries: Mapping[str, Any]) -> None:
        """Write down these entries and no others."""
        if vars(self).get("known") == entries:
            return  # where nobody has read the file, writing it compares the bytes
        from contextlib import suppress
        from pathlib import Path

        from bifolio.errors import StorageError
        from bifolio.storage import write_file

        text = json.dumps(entries)  # unsorted: what is remembered in an order keeps it
        with suppress(StorageError):  # a read-only checkout works too, only slower
            write_file(Path(self._file), f"{self._seal(text)}\n{text}")
        self.known = entries

    def _read(self) -> Mapping[str, Any]:
        try:
            with open(self._file, encoding="utf-8") as stream:
                seal, _, text = stream.read().partition("\n")
        except (OSError, ValueError):
            return {}
        entries: Mapping[str, Any] = json.loads(text) if seal == self._seal(text) else {}
        return entries

    def _seal(self, text: str) -> str:
        """Return the first line of the file: a byte that changed on disk is noticed, and so are other programs."""
        return hashlib.sha256(f"{self._depends}\n{text}".encode()).hexdigest()
