"""Reads records: plain data into frozen dataclasses by their types, every field checked, the one at fault named.

A field with a default may be absent; one that the record does not have is refused. JSON's lists become tuples.
"""

from __future__ import annotations

import json
import math
import sys
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from cattrs import Converter
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, mapping_structure_factory, override

from bifolio.errors import ResultError, nearest_name
from bifolio.provenance.declaration import Literal
from bifolio.results.places import Step, line_of
from bifolio.results.record import Cell, Table, Value, is_count

T = TypeVar("T")
Hook = Callable[[Any, Any], Any]
_ENVELOPE = {"schema", "checksum"}
"""What every file holds beside its record; whoever read the file has checked both."""
_CELLS = "cells that are finite numbers, strings or null"
_LITERALS = "a number, a string, true, false, null, or a list of them"


class _Misfit(ValueError):
    """Something found where something else is expected; `inside` leads on from the field that is being read."""

    def __init__(self, found: object, expected: str, *inside: Step) -> None:
        super().__init__(expected)
        self.found, self.expected, self.inside = found, expected, inside


def read_record(data: Mapping[str, Any], kind: type[T], file: str, path: Path | None = None) -> T:
    """Return the record that the plain data of a file holds; raise ResultError with file and field.

    With the path of the file, which is JSON, the error has the field's line, too.
    """
    try:
        return _CONVERTER.structure({key: data[key] for key in data if key not in _ENVELOPE}, kind)
    except (BaseValidationError, _Misfit) as error:
        raise _located(error, file, path) from None


def _located(error: Exception, file: str, path: Path | None) -> ResultError:
    """Follow an error to the field it came from: the first one, and none deeper than another."""
    steps: list[Step] = []
    known = [""]
    while isinstance(error, BaseValidationError):
        known = list(getattr(error.cl, "__dataclass_fields__", ()))
        error = min(error.exceptions, key=lambda inner: isinstance(inner, BaseValidationError))
        steps += map(_step, getattr(error, "__notes__", ()))
    if isinstance(error, KeyError):
        located = ResultError("a field is missing", expected=_dotted(steps))
    elif isinstance(error, ForbiddenExtraKeysError):
        steps.append(found := min(error.extra_fields))
        problem, nearest = f"field {_dotted(steps)} is unknown", nearest_name(found, known)
        located = ResultError(problem, expected=", ".join(known), nearest=nearest)
    elif isinstance(error, _Misfit):
        steps += error.inside
        text = json.dumps(error.found, ensure_ascii=False, default=str)
        found = text if len(text) <= 80 else f"{text[:77]}..."
        located = ResultError(f"field {_dotted(steps)}", found=found, expected=error.expected)
    else:
        raise error
    located.at(file, line_of(path.read_text(encoding="utf-8"), steps) if path else None)
    return located


def _step(note: Any) -> Step:
    """Return the step of a path that cattrs notes on an error: a field, a key, or a place in a list."""
    return cast(Step, getattr(note, "name", None) or getattr(note, "index", ""))


def _dotted(steps: Iterable[Step]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def _only(expected: str, fits: Callable[[Any], bool]) -> Hook:
    def read(value: Any, _: Any) -> Any:
        if fits(value):
            return value
        raise _Misfit(value, expected)

    return read


def _is_number(value: object) -> bool:
    """Tell whether something is a float, or a whole number as large as a float can be, and finite."""
    return (type(value) is int and abs(value) <= sys.float_info.max) or (type(value) is float and math.isfinite(value))


def _row(cells: Any, _: Any) -> tuple[Cell, ...]:
    if not isinstance(cells, list):
        raise _Misfit(cells, "a list")
    for cell in cells:
        _CELL(cell, None)
    return tuple(cells)


def _literal(value: Any, _: Any) -> Literal:
    if isinstance(value, list):
        return tuple(_literal(item, None) for item in value)
    if value is None or isinstance(value, (str, bool)) or _is_number(value):
        return typing.cast("Literal", value)
    raise _Misfit(value, _LITERALS)


def _choice(kind: Any) -> Hook:
    return _only(", ".join(get_args(kind)), lambda value: isinstance(value, str) and value in get_args(kind))


def _pattern(kind: Any) -> Hook:
    _, pattern, expected = get_args(kind)
    return _only(expected, lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None)


def _shaped(shape: type, expected: str, read: Hook) -> Hook:
    def structure(value: Any, kind: Any) -> Any:
        if not isinstance(value, shape):
            raise _Misfit(value, expected)
        return read(value, kind)

    return structure


def _record(kind: Any) -> Hook:
    """Return what reads a dataclass; annotations are resolved here because cattrs drops what Annotated adds."""
    hints = get_type_hints(kind, include_extras=True)
    hooks = {name: override(struct_hook=_CONVERTER.get_structure_hook(hint)) for name, hint in hints.items()}
    read = make_dict_structure_fn(kind, _CONVERTER, _cattrs_forbid_extra_keys=True, **hooks)  # type: ignore[arg-type]
    return _shaped(dict, "an object", read)


def _table(kind: Any) -> Hook:
    read = _record(kind)

    def structure(data: Any, _: Any) -> Table:
        table: Table = read(data, kind)
        for place, row in enumerate(table.rows):
            if len(row) != len(table.columns):
                raise _Misfit(list(row), f"{len(table.columns)} cells", "rows", place)
        return table

    return structure


def _value(kind: Any) -> Hook:
    read = _record(kind)

    def structure(data: Any, _: Any) -> Value:
        value: Value = read(data, kind)
        if value.of is not None and not is_count(value.number, value.of):
            raise _Misfit(value.number, f"a whole number from 0 to {value.of}, which it is out of", "number")
        return value

    return structure


_CELL = _only(_CELLS, lambda value: value is None or isinstance(value, str) or _is_number(value))
_CONVERTER = Converter()
_HOOKS: dict[Any, Hook] = {
    str: _only("a string", lambda value: isinstance(value, str)),
    bool: _only("true or false", lambda value: isinstance(value, bool)),
    int: _only("a whole number from 0", lambda value: type(value) is int and value >= 0),
    float: _only("a finite number", _is_number),
    float | int: _only("a finite number", _is_number),
    Cell: _CELL,
}
_FACTORIES: tuple[tuple[Callable[[Any], bool], Callable[[Any], Hook]], ...] = (  # the last that fits is taken
    (is_dataclass, _record),
    (lambda kind: kind is Table, _table),
    (lambda kind: kind is Value, _value),
    (lambda kind: get_origin(kind) is Annotated, _pattern),
    (lambda kind: get_origin(kind) is typing.Literal, _choice),
    (lambda kind: bool in get_args(kind), lambda kind: _literal),
    (
        lambda kind: get_origin(kind) is Mapping,
        lambda kind: _shaped(dict, "an object", mapping_structure_factory(kind, _CONVERTER)),
    ),
    (
        lambda kind: get_origin(kind) is tuple,
        lambda kind: _shaped(list, "a list", homogenous_tuple_structure_factory(kind, _CONVERTER)),
    ),
    (lambda kind: kind == tuple[Cell, ...], lambda kind: _row),
)
for _kind, _hook in _HOOKS.items():
    _CONVERTER.register_structure_hook(_kind, _hook)
for _fits, _factory in _FACTORIES:
    _CONVERTER.register_structure_hook_factory(_fits, _factory)
