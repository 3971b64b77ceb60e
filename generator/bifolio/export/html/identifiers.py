"""Ids that are unique across the merged pages, by the page of docs/ with the id that each was there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from bifolio.errors import nearest_name
from bifolio.export.links import Inside
from bifolio.export.tokens import Reading, inline_tokens


@dataclass(frozen=True)
class Identifiers:
    """`names` maps a page and an id on it to the id in the file; the page alone, with an empty id, is its beginning."""

    names: Mapping[tuple[str, str], str]

    def of(self, aim: Inside) -> str | None:
        """Return the id that a link leads to, nothing where there is none."""
        return self.names.get((aim.page, aim.fragment))

    def nearest(self, aim: Inside) -> str | None:
        """Return the id on the page that is most like one that there is not."""
        return nearest_name(aim.fragment, [name for page, name in self.names if page == aim.page and name])


def assign_identifiers(readings: Iterable[Reading], taken: Iterable[str]) -> Identifiers:
    """Give every id of every page a name of its own, and set it; `taken` are those of the file around the pages."""
    names: dict[tuple[str, str], str] = {}
    used = set(taken)
    for reading in readings:
        page = reading.page.name
        start = unused(page.replace("/", "-"), used)
        names[page, ""] = start
        for token in _with_ids(reading.tokens):
            own = str(token.attrs["id"])
            if token.type == "heading_open" and token.tag == "h1" and (page, own) not in names:
                names[page, own] = start  # the page's own title is its beginning
                del token.attrs["id"]
                continue
            name = unused(f"{start}-{own}", used)
            names.setdefault((page, own), name)  # of two that are the same on a page, links lead to the first
            token.attrs["id"] = name
    return Identifiers(names)


def _with_ids(tokens: Sequence[Token]) -> list[Token]:
    inner = {id(outer): [token for token, _ in inline_tokens([outer])] for outer in tokens}
    return [token for outer in tokens for token in (outer, *inner[id(outer)]) if "id" in token.attrs]


def unused(wanted: str, used: set[str]) -> str:
    """Return a name like the wanted one that nothing has yet, and take it."""
    name, count = wanted, 1
    while name in used:
        count += 1
        name = f"{wanted}-{count}"
    used.add(name)
    return name
