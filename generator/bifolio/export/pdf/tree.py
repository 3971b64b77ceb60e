"""A page as a tree: elements by their HTML names, whether Markdown or HTML wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bifolio.export.manuscript import ManuscriptPage
from bifolio.export.tokens import Reading, read_page
from bifolio.markdown.plain import words_of
from bifolio.markdown.tree import Drawn

if TYPE_CHECKING:
    from markdown_it.token import Token

TEXT = "#text"
BREAK = "#break"
"""The end of a line inside a paragraph."""
DRAWN = "#drawn"
"""A formula or a diagram."""
FENCE = "#fence"
"""A block of code; its attribute `language` may be empty."""
_LEAVES = {"softbreak": BREAK, "hardbreak": "br", "hr": "hr"}


@dataclass(frozen=True)
class Node:
    """An element, or text; `line` is the line of the page's file."""

    name: str
    line: int
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Node, ...] = ()
    drawn: Drawn | None = None

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(self.attributes.get("class", "").split())

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")


def read_tree(page: ManuscriptPage) -> tuple[Node, ...]:
    """Return a page's blocks; raise what `read_page` raises, and ChapterError for an element that is not closed."""
    growing = _Growing(read_page(page))
    for token in growing.reading.tokens:
        growing.line = growing.reading.line(token) if token.map else growing.line
        growing.add(token, token)
    return growing.finished()


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Yield all nodes in reading order, each before what it contains."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def plain(nodes: tuple[Node, ...]) -> str:
    """Return the words of some nodes, formulas as LaTeX."""
    return "".join(
        " " if node.name in (BREAK, "br") else node.drawn.source if node.drawn else node.text for node in walk(nodes)
    )


def is_blank(node: Node) -> bool:
    """Tell whether a node is white space and nothing else."""
    return node.name == BREAK or (node.name == TEXT and not node.text.strip())


def find_named(nodes: Sequence[Node], *names: str) -> list[Node]:
    """Return the nodes of these names, however deep, but not what such a node contains."""
    found: list[Node] = []
    for node in nodes:
        found += [node] if node.name in names else find_named(node.children, *names)
    return found


@dataclass
class _Open:
    """An element that is not closed yet."""

    token: Token
    line: int
    children: list[Node] = field(default_factory=list)


@dataclass
class _Growing:
    """The tree so far: finished blocks, and the elements that are open, the innermost last."""

    reading: Reading
    line: int = 0
    done: list[Node] = field(default_factory=list)
    opened: list[_Open] = field(default_factory=list)

    def finished(self) -> tuple[Node, ...]:
        if self.opened:
            token = self.opened[-1].token
            raise self.reading.refuse(token, "an element is not closed", f"<{token.tag}>", f"</{token.tag}>")
        return tuple(self.done)

    def add(self, token: Token, block: Token) -> None:
        """Add a token; `block` is the one that it stands in."""
        if token.type == "inline":
            for child in token.children or ():
                self.add(child, block)
        elif token.hidden:  # the paragraph of a tight list, or of a phrase
            return
        elif token.nesting == 1:
            self.opened.append(_Open(token, self.line))
        elif token.nesting == -1:
            self._close(token, block)
        elif token.type == "text":
            if token.content:
                self._leaf(TEXT, token.content)
        elif "drawn" in token.meta:
            self._draw(token)
        elif token.type in ("fence", "code_block"):
            self._leaf(FENCE, token.content, {"language": token.info.strip()})
        elif token.type == "code_inline":
            self._leaf("code", token.content)
        elif token.type == "image":
            words = words_of(token.children or ())
            self._leaf("img", "", {**_attributes(token), "alt": words})
        else:
            self._leaf(_LEAVES.get(token.type, token.tag))
            self.line += token.type in ("softbreak", "hardbreak")

    def _close(self, token: Token, block: Token) -> None:
        done = self.opened.pop() if self.opened else None
        if done is None or done.token.tag != token.tag:
            expected = f"</{done.token.tag}>" if done else "no end of what never began"
            raise self.reading.refuse(block, "an element is closed that is not open", f"</{token.tag}>", expected)
        self._keep(Node(token.tag, done.line, "", _attributes(done.token), tuple(done.children)))

    def _draw(self, token: Token) -> None:
        """Add what is drawn, with the marks that stay with it; what stands alone is a paragraph of its own."""
        drawn: Drawn = token.meta["drawn"]
        node = Node(DRAWN, self.reading.file_line(drawn, None), drawn=drawn)
        self._keep(Node("p", node.line, children=(node,)) if drawn.stands_alone else node)
        if token.meta.get("marks"):
            self._leaf(TEXT, token.meta["marks"])

    def _leaf(self, name: str, text: str = "", attributes: dict[str, str] | None = None) -> None:
        self._keep(Node(name, self.line, text, attributes or {}))

    def _keep(self, node: Node) -> None:
        (self.opened[-1].children if self.opened else self.done).append(node)


def _attributes(token: Token) -> dict[str, str]:
    return {name: str(value) for name, value in token.attrs.items()}
