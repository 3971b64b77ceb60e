"""A page as a tree: elements by their HTML names, whether Markdown or HTML wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bifolio.markdown.drawn import Drawn

TEXT = "#text"
BREAK = "#break"
"""The end of a line inside a paragraph."""
DRAWN = "#drawn"
"""A formula or a diagram."""
FENCE = "#fence"
"""A block of code; its attribute `language` may be empty."""


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
