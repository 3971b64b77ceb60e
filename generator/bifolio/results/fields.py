"""Takes typed fields out of plain data, and names the one at fault."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeGuard, TypeVar

from bifolio.errors import ResultError
from bifolio.project import NAME
from bifolio.provenance.declaration import Literal
from bifolio.results.record import Cell

T = TypeVar("T")
_REFERENCE = re.compile(rf"({NAME.pattern}/){{3}}seed-\d{{1,9}}\.json#{NAME.pattern}")


class Fields:
    """Takes typed fields out of plain data and knows the path to each for its messages."""

    def __init__(self, data: object, file: str, path: str) -> None:
        if not isinstance(data, Mapping):
            raise ResultError(f"field {path or 'of the file'}", file=file, found=_short(data), expected="an object")
        self._data, self._file, self._path = data, file, path

    def text(self, key: str) -> str:
        value = self._take(key)
        return value if isinstance(value, str) else self.wrong(key, "a string")

    def name(self, key: str) -> str:
        value = self.text(key)
        return value if NAME.fullmatch(value) else self.wrong(key, "a name of small letters, digits and underscores")

    def flag(self, key: str) -> bool:
        value = self._take(key)
        return value if isinstance(value, bool) else self.wrong(key, "true or false")

    def integer(self, key: str) -> int:
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            return self.wrong(key, "a whole number from 0")
        return value

    def number(self, key: str) -> float | int:
        value = self._take(key)
        return value if is_number(value) else self.wrong(key, "a finite number")

    def optional_number(self, key: str) -> float | int | None:
        return None if self._data.get(key) is None else self.number(key)

    def mapping(self, key: str) -> Mapping[str, Any]:
        value = self._take(key)
        return value if isinstance(value, Mapping) else self.wrong(key, "an object")

    def items(self, key: str) -> list[Any]:
        value = self._take(key)
        return value if isinstance(value, list) else self.wrong(key, "a list")

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the strings of a list."""
        items = self.items(key)
        return tuple(item if isinstance(item, str) else self.wrong(key, "strings", item) for item in items)

    def optional_cell(self, key: str) -> Cell:
        return self.cell(key, self._data.get(key))

    def inside(self, key: str) -> Fields:
        return Fields(self._take(key), self._file, self._join(key))

    def each(self, key: str, read: Callable[[Fields, str], T]) -> dict[str, T]:
        inner = self.inside(key)
        return {name: read(inner, name) for name in sorted(inner._data)}

    def each_named(self, key: str, read: Callable[[Fields], T]) -> dict[str, T]:
        """Read the objects under names that are fit for a file, a template and a URL."""
        inner = self.inside(key)
        return {inner._fit(name): read(inner.inside(name)) for name in sorted(inner._data)}

    def nested(self, key: str) -> list[Fields]:
        """Return the objects of a list."""
        items = self.items(key)
        return [Fields(item, self._file, self._join(f"{key}[{index}]")) for index, item in enumerate(items)]

    def cells(self) -> dict[str, Cell]:
        """Return all fields as the cells of a row."""
        return {self._fit(key): self.cell(key, value) for key, value in sorted(self._data.items())}

    def cell(self, key: str, value: object) -> Cell:
        """Return a cell found at `key`."""
        if value is None or isinstance(value, str) or is_number(value):
            return value
        return self.wrong(key, "cells that are finite numbers, strings or null", value)

    def literals(self, key: str) -> dict[str, Literal]:
        """Return the fields of a config; what were tuples are lists in JSON."""
        inner = self.inside(key)
        return {name: inner._literal(name, value) for name, value in sorted(inner._data.items())}

    def references(self, key: str) -> dict[str, str]:
        """Return texts by the numbers of other results that they are about."""
        inner = self.inside(key)
        for reference in inner._data:
            if not _REFERENCE.fullmatch(reference):
                self.wrong(key, "experiment/profile/variant/seed-0.json#value", reference)
        return self.each(key, Fields.text)

    def _fit(self, name: str) -> str:
        return (
            name if NAME.fullmatch(name) else self.wrong(name, "a name of small letters, digits and underscores", name)
        )

    def _literal(self, key: str, value: object) -> Literal:
        if isinstance(value, list):
            return tuple(self._literal(key, item) for item in value)
        if value is None or isinstance(value, (str, bool)) or is_number(value):
            return value
        return self.wrong(key, "a number, a string, true, false, null, or a list of them", value)

    def _take(self, key: str) -> Any:
        if key not in self._data:
            raise ResultError("a field is missing", file=self._file, expected=self._join(key))
        return self._data[key]

    def _join(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def wrong(self, key: str, expected: str, value: object = ...) -> NoReturn:
        found = self._data.get(key) if value is ... else value
        raise ResultError(f"field {self._join(key)}", file=self._file, found=_short(found), expected=expected)


def is_number(value: object) -> TypeGuard[float | int]:
    """Tell whether a value is a finite int or float, and no bool."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
