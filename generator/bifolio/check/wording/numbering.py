"""Tells the numbers that count sections, figures and steps from those that say how much of something there is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_MARKERS = r"[ \t]*(?:(?:#{1,6}|[-+*>]|\d+[.)])[ \t]+)*[*\[（(]{0,3}"
_OPENING = re.compile(rf"^(?P<markers>{_MARKERS})(?P<number>[1-9]\d*\.[1-9]\d*)(?![\d.]*\d)", re.MULTILINE)
_OPENS = re.compile(_MARKERS)
_NAME = re.compile(r"(?:[^.!?:。！？：\s|*>-][ \u00a0]|[一-鿿（，、])[A-Z][\w+#-]*[ \u00a0]$|[A-Za-z]-?$")
"""A name, as in `Python 3.11` or `GPT-3.5`, that does not open a sentence: then a number from 1 is a version."""
_NUMBER = r"\d+(?:\.\d+)*"
_SPACE = "[ \u00a0]?"
_LONGEST_ROW = 100
_MARK = "[,，、;；/&~～–—-]"


@dataclass(frozen=True)
class Numbering:
    """How a page of a language counts: what stands before or after a number that counts, what joins several.

    `ordinals` are the numbers by which lines of the page are numbered one after the other, from the first on.
    """

    before: str
    after: str
    joining: str
    ordinals: frozenset[str]

    def counts(self, text: str, start: int, end: int, *, measured: bool) -> bool:
        """Tell whether a number, `text[start:end]`, counts something; `measured` if a unit seems to follow it."""
        line, number = text[text.rfind("\n", 0, start) + 1 : start], text[start:end]
        if _OPENS.fullmatch(line) or line.endswith("["):
            heads = line.lstrip().startswith("#")
            if number in self.ordinals or (heads and not measured):
                return True
        return not measured and (self._is_referred_to(text, start, end) or _is_version(text, start, number))

    def _is_referred_to(self, text: str, start: int, end: int) -> bool:
        """Tell whether a word says what is counted, on this side or that of all the numbers that are joined here."""
        joint = rf"{_SPACE}(?:{_MARK}{f'|{self.joining}' if self.joining else ''}){_SPACE}"
        before, after = text[max(0, start - 80) : start].replace("\n", " "), text[end : end + 40].replace("\n", " ")
        first = rf"(?<![A-Za-z])(?:{self.before}){_SPACE}(?:{_NUMBER}{joint})*$"
        last = rf"(?:{joint}{_NUMBER})*{_SPACE}(?:{self.after})"
        return bool(
            (self.before and re.search(first, before, re.IGNORECASE))
            or (self.after and re.match(last, after, re.IGNORECASE))
        )


def numbering_of(words: Mapping[str, str], prose: str) -> Numbering:
    """Return how a page counts, by the words of its language and its own lines."""
    before, after, joining = (words.get(f"number.{name}", "") for name in ("counting", "counted", "joining"))
    openings = {match["number"] for match in _OPENING.finditer(prose)}
    return Numbering(before, after, joining, frozenset(filter(lambda one: _is_next(one, openings), openings)))


def _is_next(number: str, openings: Collection[str]) -> bool:
    """Tell whether a number is one of a row that lines begin with: 3.1, 3.2, …"""
    chapter, _, place = number.partition(".")
    row = range(1, max(int(place), 2) + 1)
    return len(row) < _LONGEST_ROW and all(f"{chapter}.{one}" in openings for one in row)


def _is_version(text: str, start: int, number: str) -> bool:
    return not number.startswith("0.") and _NAME.search(text[max(0, start - 80) : start].replace("\n", " ")) is not None
