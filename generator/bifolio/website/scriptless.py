"""The dark style sheet for readers without scripts: Material turns a page dark by a script, so theirs stayed light."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

NAME = "assets/bifolio/dark.css"
_DARK = re.compile(r"""\[data-md-color-scheme=["']?slate["']?\]""")
_LIGHT = '[data-md-color-scheme="default"]'  # what a page says of itself until a script knows better
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^)"']*\)|[{};]""", re.DOTALL)
_NESTS = ("@media", "@supports", "@layer")


def dark_style(sheets: Iterable[str]) -> str:
    """Return every rule for the dark scheme, made one for the light scheme; pages ask for it only where it is dark."""
    return "".join(f"{rule}\n" for sheet in sheets for rule in _dark_rules(_COMMENT.sub("", sheet)))


def _dark_rules(sheet: str) -> Iterator[str]:
    for head, body in _blocks(sheet):
        if head.startswith(_NESTS):
            inner = " ".join(_dark_rules(body))
            if inner:
                yield f"{head} {{ {inner} }}"
        else:
            selectors = [part.strip() for part in head.split(",") if _DARK.search(part)]
            if selectors:
                yield f"{_DARK.sub(_LIGHT, ', '.join(selectors))} {{ {' '.join(body.split())} }}"


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield head and body of the outermost blocks of a style sheet."""
    depth = start = opened = 0
    for token in _TOKEN.finditer(sheet):
        if token[0] == "{":
            opened = token.end() if depth == 0 else opened
            depth += 1
        elif token[0] == "}":
            depth -= 1
            if depth == 0:
                yield sheet[start : opened - 1].strip(), sheet[opened : token.start()]
                start = token.end()
        elif token[0] == ";" and depth == 0:  # @import, @charset
            start = token.end()
