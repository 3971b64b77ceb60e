"""What is wrong with a call: an argument that is unknown, missing, one too many or of another kind."""

from __future__ import annotations

import functools
import inspect
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bifolio.errors import nearest_name

_UNKNOWN = re.compile(r"got an unexpected keyword argument '(\w+)'")
_CALLED = re.compile(r"(?P<name>[\w.]+)\(\) (?P<wrong>got an unexpected|got multiple|missing|takes)")
_KINDS: Mapping[object, str] = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


@dataclass(frozen=True)
class Mismatch:
    """What is wrong with a call, in the parts of an error."""

    problem: str
    expected: str
    found: str | None = None
    nearest: str | None = None


def mismatch(
    name: str,
    function: Callable[..., object],
    arguments: Sequence[object],
    options: Mapping[str, object],
    *,
    title: str = "",
    hidden: Sequence[str] = (),
    said: Callable[[object], str] = repr,
) -> Mismatch | None:
    """Return what is wrong with a call, None for nothing; `hidden` parameters are given by someone else.

    `title` is how a problem names it, unless by its name; `said` is how a value is called in words.
    """
    parameters = [one for one in inspect.signature(function).parameters.values() if one.name not in hidden]
    names = [one.name for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    placed = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    called, title = usage(name, parameters), title or name
    kinds = {one.kind for one in parameters}
    for option, value in options.items():
        if option not in names and inspect.Parameter.VAR_KEYWORD not in kinds:
            wrong = f"{title} has no argument `{option}`"
            return Mismatch(wrong, called, f"{option}={said(value)}", nearest_name(option, names))
    given = {one.name: value for one, value in zip(placed, arguments, strict=False)}
    if len(arguments) > len(placed) and inspect.Parameter.VAR_POSITIONAL not in kinds:
        found = f"{len(arguments)}: {', '.join(map(said, arguments))}"
        return Mismatch(f"{title} has too many arguments without a name", called, found)
    if twice := [one for one in given if one in options]:
        return Mismatch(f"{title} has an argument twice", called, twice[0])
    given |= options
    missing = [one.name for one in parameters if _is_required(one) and one.name not in given]
    if missing:
        return Mismatch(f"{title} lacks {' and '.join(missing)}", called)
    return _of_another_kind(title, function, given, said)


def read_mismatch(
    message: str, function: Callable[..., object], name: str, hidden: Sequence[str] = ("self",)
) -> Mismatch:
    """Return what Python said of a call in the parts of an error; `message` is that of its TypeError."""
    parameters = [one for one in inspect.signature(function).parameters.values() if one.name not in hidden]
    unknown = _UNKNOWN.search(message)
    nearest = nearest_name(unknown[1], [one.name for one in parameters]) if unknown else None
    return Mismatch(message, usage(name, parameters), unknown[1] if unknown else None, nearest)


def called_name(message: str) -> str | None:
    """Return the qualified name of what was called wrongly, if that is what a TypeError says."""
    found = _CALLED.match(message)
    return found["name"] if found else None


def usage(name: str, parameters: Sequence[inspect.Parameter]) -> str:
    """Return how something is called: what it needs, and in brackets what it may be given."""
    needed = [f"{one.name}=…" if one.kind is one.KEYWORD_ONLY else one.name for one in parameters if _is_required(one)]
    free = [one.name for one in parameters if one.default is not one.empty]
    optional = f"[{', '.join(f'{one}=…' for one in free)}]" if free else ""
    return f"{name}({', '.join(filter(None, (*needed, optional)))})"


def _is_required(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in (
        parameter.VAR_POSITIONAL,
        parameter.VAR_KEYWORD,
    )


def _of_another_kind(
    title: str, function: Callable[..., object], given: Mapping[str, object], said: Callable[[object], str]
) -> Mismatch | None:
    hints = _hints(function)
    for argument, value in given.items():
        if argument in hints and not _fits(value, hints[argument]):
            wrong = f"{title} cannot take this as `{argument}`"
            return Mismatch(wrong, _in_words(hints[argument]), said(value))
    return None


@functools.cache
def _hints(function: Callable[..., object]) -> Mapping[str, Any]:
    return typing.get_type_hints(function)


def _fits(value: object, hint: Any) -> bool:
    """Tell whether a value is of a kind; kinds that are not plain data are left to whoever takes them."""
    if hint is None or hint is type(None):
        return value is None
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        keys, values = inner
        return isinstance(value, Mapping) and all(_fits(k, keys) and _fits(v, values) for k, v in value.items())
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint in (str, bool):
        return isinstance(value, hint)
    return hint is not int or (isinstance(value, int) and not isinstance(value, bool))


def _in_words(hint: Any) -> str:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_in_words(one) for one in inner if one is not type(None))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return f"{{name: {_in_words(inner[1])}, …}}"
    return _KINDS.get(hint, getattr(hint, "__name__", str(hint)))
