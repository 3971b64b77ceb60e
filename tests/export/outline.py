"""What the tests of an exported file ask about it: its elements, their text, what it loads."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

_VOID = {"br", "img", "input", "meta", "link", "hr"}
_STRUCTURE = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "th", "td", "ul", "ol", "li", "blockquote", "pre"),
    *("em", "strong", "code", "figure", "figcaption", "details", "summary", "small"),
}


@dataclass
class Element:
    """An element: where it stands is the tags around it."""

    tag: str
    attributes: dict[str, str]
    around: tuple[str, ...]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.parts)).strip()

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class Outline(HTMLParser):
    """The elements of a page in order; each has all the text inside it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = tuple(element.tag for element in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, around)
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.parts.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]


def article(page: str, address: str) -> str:
    """Return the HTML of one article of an exported file."""
    found = re.search(rf'<article [^>]*id="{re.escape(address)}">\n(.*?)</article>', page, re.DOTALL)
    assert found, address
    return found[1]


class Words(HTMLParser):
    """The words and the structure of a page as its reader meets them; drawings are left out, they have tests."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden or tag == "svg" or ("class", "headerlink") in attrs:
            self._hidden += [] if tag in _VOID else [tag]
        elif tag in _STRUCTURE:
            self.parts.append(f"<{'h' if re.fullmatch('h[1-6]', tag) else tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden.pop()
        elif tag in _STRUCTURE:
            self.parts.append(f"</{'h' if re.fullmatch('h[1-6]', tag) else tag}>")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)

    def __str__(self) -> str:
        return re.sub(r"\s+", "", "".join(self.parts))


def outcomes_told(docs: Path, language: str) -> list[tuple[str, str]]:
    """Return what a chapter tells of each statement: the outcome's word, and the effect with its interval."""
    chapter = (docs / language / "chance.md").read_text(encoding="utf-8")
    chapter = html.unescape(chapter).replace("\u00a0", " ")
    return re.findall(r"^\[([^]]+)\]\([^)]*\)\{#statement-\d[^}]*\} (.+)$", chapter, re.MULTILINE)
