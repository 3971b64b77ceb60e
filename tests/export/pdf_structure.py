"""What a PDF says of itself: bookmarks, tags with their alternatives, links, fonts, text."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, IndirectObject


@dataclass(frozen=True)
class Tag:
    """An element of the structure: `alt` is what it says to those who do not see it."""

    name: str
    alt: str


class Book:
    """A PDF, read once."""

    def __init__(self, data: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(data))
        self.root: Any = self.reader.trailer["/Root"]

    def bookmarks(self) -> list[tuple[int, str]]:
        """Return the depth and the words of each bookmark."""
        return list(_flat(self.reader.outline, 0))

    def tags(self) -> list[Tag]:
        """Return the elements of the structure in reading order."""
        return [Tag(str(one["/S"])[1:], str(one.get("/Alt", ""))) for one in _elements(self.root["/StructTreeRoot"])]

    def counts(self, *names: str) -> dict[str, int]:
        """Return how many elements of each name there are."""
        tags = [tag.name for tag in self.tags()]
        return {name: tags.count(name) for name in names}

    def links(self) -> Iterator[Any]:
        """Yield the annotations that are links."""
        for page in self.reader.pages:
            for found in page.get("/Annots", []):
                annotation = found.get_object()
                if annotation["/Subtype"] == "/Link":
                    yield annotation

    def page_of(self, place: Any) -> int | None:
        """Return the number, from 0, of the page that a link leads to; None for a place that there is not."""
        place = place.get_object() if isinstance(place, IndirectObject) else place
        if not isinstance(place, ArrayObject):
            found = self.reader.named_destinations.get(str(place))
            return None if found is None else self.reader.get_destination_page_number(found)
        return self.reader.get_page_number(place[0].get_object())

    def fonts(self) -> dict[str, bool]:
        """Return the fonts, and whether each is embedded."""
        found: dict[str, bool] = {}
        for page in self.reader.pages:
            for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[index]
                whole = font.get_object()
                inner = whole.get("/DescendantFonts", [whole])[0].get_object()
                descriptor = inner.get("/FontDescriptor", {})
                embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                found[str(whole["/BaseFont"])] = embedded or whole["/Subtype"] == "/Type3"
        return found

    def text(self) -> str:
        """Return all text, without white space and the hyphens of broken words."""
        return squeezed("\n".join(page.extract_text() for page in self.reader.pages))


def squeezed(text: str) -> str:
    """Return a text in which only what is not white space, a hyphen or invisible is left, ligatures taken apart."""
    return "".join(
        mark
        for mark in unicodedata.normalize("NFKC", text)
        if not mark.isspace() and mark not in "-\u00ad\u2010" and unicodedata.category(mark) not in ("Cf", "Mn", "Cc")
    )


def _flat(outline: Any, depth: int) -> Iterator[tuple[int, str]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry, depth + 1)
        else:
            yield depth, str(entry.title)


def _elements(node: Any) -> Iterator[Any]:
    whole = node.get_object() if isinstance(node, IndirectObject) else node
    if not isinstance(whole, dict):
        return
    if "/S" in whole:
        yield whole
    inner = whole.get("/K", [])
    for child in inner if isinstance(inner, list) else [inner]:
        yield from _elements(child)


def outline(book: Book) -> str:
    """Return the bookmarks, indented, and how many elements of each kind there are: what a golden file holds."""
    tags = [tag.name for tag in book.tags()]
    lines = [f"{'    ' * depth}{words}" for depth, words in book.bookmarks()]
    return "\n".join([*lines, "", *(f"{name} {tags.count(name)}" for name in sorted(set(tags) - {"Span"}))]) + "\n"
