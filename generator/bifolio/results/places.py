"""Where in a record's text a field stands: JSON is read again only where its data are wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

Step = str | int
"""A key of an object, or a place in a list."""
_SPACE = re.compile(r"\s*")


def line_of(text: str, steps: Sequence[Step]) -> int:
    """Return the line of the value that steps lead to from the whole, or of the last one on the way that is there."""
    place = _after_space(text, 0)
    for step in steps:
        found = (start for key, start in _items(text, place) if key == step)
        place = next(found, place)
    return text.count("\n", 0, place) + 1


def _items(text: str, place: int) -> Iterator[tuple[Step, int]]:
    """Yield key and place of each value of the object or list that begins at a place."""
    if text[place] not in "{[":
        return
    read, is_object, count = json.JSONDecoder().raw_decode, text[place] == "{", 0
    place = _after_space(text, place + 1)
    while text[place] not in "}]":
        key: Step = count
        if is_object:
            key, place = read(text, place)
            place = _after_space(text, _after_space(text, place) + 1)  # behind the colon
        yield key, place
        place = _after_space(text, read(text, place)[1])
        place = _after_space(text, place + 1) if text[place] == "," else place
        count += 1


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
