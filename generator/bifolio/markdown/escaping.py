"""Untrusted text as Markdown that shows it literally under Python-Markdown, markdown-it and pandoc alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# A single space between two visible characters is harmless; any other white space could be stripped or mean code.
_SPACES = re.compile(r"(?<=\S) (?=\S)|(\s)")
# Between these neighbours a mark means nothing in Markdown, so that numbers, versions and questions stay readable.
_HARMLESS = re.compile(
    r"""[%,;(] | (?<=\d)\.(?=\d) | (?<=[^\W_])[-+'_/](?=[^\W_]) | (?<=[^\W\d_])\) | (?<=[^\W_])[?:](?=\s|$)""",
    re.VERBOSE,
)
_PUNCTUATION = {ord(character): f"&#{ord(character)};" for character in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}
_ATTRIBUTE = {ord(character): f"&#{ord(character)};" for character in "\"'&<>\\|$`{}[]*_@"}
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # they shape Persian words and family emoji, and hide nothing


def escape(text: str) -> str:
    """Return inline Markdown that shows a text literally, with every character visible."""
    shown = visible(text)
    harmless = {match.start() for match in _HARMLESS.finditer(shown)}
    escaped = (mark if place in harmless else mark.translate(_PUNCTUATION) for place, mark in enumerate(shown))
    return _SPACES.sub(_space, "".join(escaped))


def escape_attribute(text: str) -> str:
    """Return a text fit for a link's title or an image's alternative text, still readable in the source."""
    return " ".join(visible(text).split()).translate(_ATTRIBUTE)


def visible(text: str) -> str:
    """Return a text in which line ends and control characters are shown by signs of their own."""
    return "".join(map(_visible, text.replace("\r\n", "\n")))


def fence(code: str, language: str = "") -> str:
    """Return a fenced code block that its content cannot close."""
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", code)), default=2)
    mark = "`" * (longest + 1)
    return f"{mark}{language}\n{code.rstrip()}\n{mark}"


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    if character == "\n":
        return "⏎"
    if unicodedata.category(character) not in _INVISIBLE or character in _JOINERS:
        return character
    return f"⟨U+{ord(character):04X}⟩"


def _space(match: re.Match[str]) -> str:
    return f"&#{ord(match[1])};" if match[1] else " "
