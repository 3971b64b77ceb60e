"""Reads the address and the title of a link by patterns: each number has both, and markdown-it looks at each letter."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, NamedTuple

from markdown_it import helpers
from markdown_it.common.utils import unescapeAll

_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f<()\\][^\s\x00-\x1f\x7f()\\]*(?=[ \n)])")
_TITLE = re.compile(r'"(?P<words>[^"\\]*)"')


class _Found(NamedTuple):
    """What markdown-it wants to know of a part of a link: where it ends, and what it says."""

    pos: int
    str: str
    ok: bool = True


def read_address(text: str, place: int, end: int) -> Any:
    """Return a link's address; one in angle brackets, with parentheses or with escapes is markdown-it's to read."""
    plain = _ADDRESS.match(text, place, end)
    return _Found(plain.end(), unescapeAll(plain[0])) if plain else helpers.parseLinkDestination(text, place, end)


def read_title(text: str, place: int, end: int, _continued: None = None) -> Any:
    """Return a link's title; one with escapes or in other marks is markdown-it's to read."""
    plain = _TITLE.match(text, place, end)
    return _Found(plain.end(), unescapeAll(plain["words"])) if plain else helpers.parseLinkTitle(text, place, end)


def link_helpers() -> SimpleNamespace:
    """Return what a parser reads the parts of links with."""
    return SimpleNamespace(
        parseLinkLabel=helpers.parseLinkLabel, parseLinkDestination=read_address, parseLinkTitle=read_title
    )
