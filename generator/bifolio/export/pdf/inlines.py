"""Writes what stands in a line: words, links, marks, formulas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from bifolio.errors import FormulaError
from bifolio.export.links import Beside, Inside, Nowhere, Outside
from bifolio.export.pdf.book_page import BookPage
from bifolio.export.pdf.drawings import keep_diagram, keep_picture
from bifolio.export.pdf.places import label
from bifolio.export.pdf.tree import BREAK, DRAWN, TEXT, Node, plain
from bifolio.export.pdf.typst import array, call, content, literal, string
from bifolio.formulas.parts import typst_parts
from bifolio.formulas.typesetting import typst_formula

_WIDE = "WF"
"""What Unicode calls the width of Chinese characters and their marks."""
_CLOSING = frozenset("，。；：！？、）”’》〉」』】,.;:?)")
"""Marks that no line begins with; after a formula Typst needs to be told."""
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_COUNT = re.compile(r"(?<=\bn) = (?=\d)")
_QUIET = ("bf-value", "bf-claim", "bf-outcome")
"""Links to evidence, of which a page may have dozens: they lead to their place without saying on which page it is."""


def write_line(page: BookPage, nodes: Sequence[Node]) -> str:
    """Return code for the content of a paragraph, a heading, a cell."""
    return content(_parts(page, _flowing(page, nodes)))


def _flowing(page: BookPage, nodes: Sequence[Node]) -> list[Node]:
    """Make line ends words apart, and put the marks of claims next to what they mark."""
    found: list[Node] = []
    for place, node in enumerate(nodes):
        if node.name == BREAK:
            apart = not (_wide(found[-1:], -1) and _wide(nodes[place + 1 : place + 2], 0))
            node = Node(TEXT, node.line, " " if apart else "")
        if node.name == TEXT and found and _is_inline_formula(found[-1]) and node.text[:1] in _CLOSING:
            node = Node(TEXT, node.line, f"\u2060{node.text}")
        if node.name == TEXT and found and is_display_formula(found[-1]):
            node = Node(TEXT, node.line, node.text.lstrip())
        is_mark = node.name == "a" and {"bf-claim", "bf-outcome"} & set(node.classes)
        if is_mark and found and found[-1].name == TEXT:
            found[-1] = Node(TEXT, found[-1].line, found[-1].text.rstrip(" "))
        found.append(node)
    return found


def _is_inline_formula(node: Node) -> bool:
    return node.drawn is not None and node.drawn.kind == "inline-formula"


def is_display_formula(node: Node) -> bool:
    """Tell whether a node is a formula with a line of its own."""
    return node.drawn is not None and node.drawn.kind == "display-formula"


def _wide(nodes: Sequence[Node], place: int) -> bool:
    words = plain(tuple(nodes)).strip() if nodes else ""
    return bool(words) and unicodedata.east_asian_width(words[place]) in _WIDE


def _parts(page: BookPage, nodes: Sequence[Node]) -> list[str]:
    return [_one(page, node) for node in nodes]


def _one(page: BookPage, node: Node) -> str:
    write = _INLINES.get(node.name)
    if write is None:
        page.refuse(node, f"<{node.name}> in a line", "text, links, emphasis, code, formulas, images")
    written = write(page, node)
    if node.id and node.name != "a":
        return content([call("anchor", string(label(page.source.name, node.id))), written])
    return written


def _text(page: BookPage, node: Node) -> str:
    """Return words; an apostrophe is set as one, unless they are quoted as they are."""
    text = re.sub(r"[ \n\t]+", " ", node.text)
    if not page.quotes:
        text = _COUNT.sub("\u00a0=\u00a0", _APOSTROPHE.sub("’", text))
    return string(text) if text else ""


def _code(page: BookPage, node: Node) -> str:
    return call("code", string(node.text))


def _named(function: str) -> Callable[[BookPage, Node], str]:
    return lambda page, node: call(function, write_line(page, node.children))


def _marked(page: BookPage, node: Node) -> str:
    """Return words with the names of their classes; the style knows what each looks like."""
    if not node.classes:
        return write_line(page, node.children) if node.children else ""
    return call("mark", literal(node.classes), write_line(page, node.children))


def _drawn(page: BookPage, node: Node) -> str:
    assert node.drawn
    if node.drawn.kind == "diagram":
        diagram = keep_diagram(page.manuscript, page.source, node.drawn, page.files)
        return call("diagram", string(diagram.path), string(diagram.alt))
    code, alt = _formula(page, node), string(" ".join(node.drawn.source.split()))
    is_display = node.drawn.kind == "display-formula"
    parts = typst_parts(node.drawn.source, display=is_display)
    written = array(array(f"${part}$.body" for part in group) for group in parts)
    name = page.files.keep_formula(f"(whole: $ {code} $, parts: {written})" if is_display else f"${code}$")
    if is_display:
        return call("display-formula", alt, string(name))
    if not parts:
        return call("inline-formula", alt, string(name))
    return call("long-inline-formula", alt, string(name), string(page.files.keep_formula(written)))


def _formula(page: BookPage, node: Node) -> str:
    """Return the inside of an equation; raise FormulaError with the page's file and line."""
    assert node.drawn
    try:
        return typst_formula(node.drawn.source, display=node.drawn.kind == "display-formula")
    except FormulaError as error:
        line = page.source.first_line - 1 + node.drawn.page_line(error.line)
        if error.file is None:
            error.problem = f"{error.problem} ({page.manuscript.language.code})"
        error.file, error.line = page.source.file, line
        raise


def _image(page: BookPage, node: Node) -> str:
    path = keep_picture(page.manuscript, page.source, node, page.files)
    return call("inline-image", string(path), string(node.attributes["alt"]))


def _link(page: BookPage, node: Node) -> str:
    """Return a link into the book, to another place, or, where there is no such place, its words."""
    target = node.attributes.get("href", "")
    words = _words(page, node)
    names = literal(node.classes)
    own = literal(label(page.source.name, node.id) if node.id else None)
    match page.places.aim(page.source, target, node.line):
        case Inside(name, fragment):
            place = label(name, fragment)
            kind = page.places.kinds[place]
            is_numbered = kind in ("figure", "table")
            near = is_numbered and name == page.source.name  # its number finds it
            kind = "quiet" if near or _is_quiet(page, node, name) else kind
            words = call("unbroken", words) if is_numbered else words
            return call("inside", string(place), string(kind), names, own, words)
        case Outside(address):
            shown = _says_where(plain(node.children), address) or page.source.part == "evidence"
            return call("outside", string(address), names, own, literal(shown), words)
        case Beside(path):
            if not path.is_file():
                page.refuse(node, target, "a file beside the page")
            kept = page.files.keep_as(path.read_bytes(), _attachment(page, path.name))
            return call("attached", string(kept), words)
        case Nowhere():
            return content([*([call("anchor", own)] if node.id else []), words])


def _words(page: BookPage, node: Node) -> str:
    """Return a link's words; a measured number is never broken at its end of line."""
    if "bf-value" not in node.classes:
        return write_line(page, node.children)
    return string(plain(node.children).replace(" ", "\u00a0"))


def _is_quiet(page: BookPage, node: Node, aimed_at: str) -> bool:
    """Tell whether a link does without the number of the page that it leads to."""
    aimed = page.manuscript.page(aimed_at)
    is_cited = aimed is not None and aimed.part in ("references", "evidence")
    return bool(set(_QUIET) & set(node.classes)) or is_cited or page.source.part in ("references", "evidence")


def _says_where(words: str, address: str) -> bool:
    """Tell whether a link's words already say where it leads, as an address or a number of a library does."""
    bare = unquote(re.sub(r"^(https?|mailto):(//)?", "", address)).rstrip("/")
    name = re.sub(r"^(doi|arXiv):\s*", "", words.strip())
    return words.strip() in (address, bare) or (name != words.strip() and bare.endswith(name))


def _attachment(page: BookPage, name: str) -> str:
    """Return the name under which a file is attached: that of its page is in it, so that no two are alike."""
    return f"{page.source.name.replace('/', '-')}-{name}"


_INLINES: dict[str, Callable[[BookPage, Node], str]] = {
    TEXT: _text,
    DRAWN: _drawn,
    "a": _link,
    "br": lambda page, node: "linebreak()",
    "code": _code,
    "em": _named("emphasis"),
    "img": _image,
    "small": _named("small-words"),
    "span": _marked,
    "strong": _named("strength"),
}
