"""Writes Typst's code: strings, calls, contents. Text is a string in it, and never markup."""

from __future__ import annotations

from collections.abc import Iterable

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": ""}


def string(text: str) -> str:
    """Return a string literal; control characters are escaped, and none of it is read as code."""
    return '"' + "".join(_ESCAPES.get(mark) or _plain(mark) for mark in text if mark != "\r") + '"'


def literal(value: object) -> str:
    """Return a string, a number, a truth, nothing, or an array of these."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case str():
            return string(value)
        case int() | float():
            return str(value)
        case tuple() | list():
            return array(map(literal, value))
        case _:
            raise TypeError(f"no literal: {value!r}")


def array(items: Iterable[str]) -> str:
    """Return an array of finished code."""
    return f"({''.join(f'{item}, ' for item in items)})"


def call(function: str, *arguments: str, **options: str) -> str:
    """Return a call; arguments are finished code, and an option's underscore is Typst's hyphen."""
    named = (f"{name.replace('_', '-')}: {value}" for name, value in options.items())
    return f"{function}({', '.join([*arguments, *named])})"


def content(parts: Iterable[str]) -> str:
    """Join finished code, each of which makes content, into one."""
    found = [part for part in parts if part]
    if not found:
        return "[]"
    return found[0] if len(found) == 1 else "{" + "; ".join(found) + "}"


def _plain(mark: str) -> str:
    return mark if mark.isprintable() or mark in "\u00a0\u2060\u200b\u00ad\u2009\u200a" else f"\\u{{{ord(mark):x}}}"
