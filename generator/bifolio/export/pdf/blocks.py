"""Writes the blocks of a page: headings, paragraphs, lists, tables, figures, code, frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bifolio.export.pdf.book_page import BookPage
from bifolio.export.pdf.drawings import keep_picture
from bifolio.export.pdf.highlighting import highlight
from bifolio.export.pdf.inlines import is_display_formula, write_line
from bifolio.export.pdf.places import label
from bifolio.export.pdf.tables import room_of, write_table
from bifolio.export.pdf.tree import BREAK, DRAWN, FENCE, TEXT, Node, find_named, is_blank, plain, walk
from bifolio.export.pdf.typst import array, call, content, literal, string

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_INLINE = (TEXT, BREAK, DRAWN, "a", "br", "code", "em", "img", "small", "span", "strong")
_SOME_LINES = 180
"""How wide the words are, in the size of the type, that fill some five lines of a chapter."""
_LONG = 5
"""Lines of code; what is shorter is printed wherever it is shown."""


def write_page(page: BookPage, nodes: Sequence[Node]) -> str:
    """Return the code of a whole page: a comment before each block says where it was written."""
    _check_levels(page, nodes)
    shown = [node for node in nodes if not is_blank(node)]
    lines = []
    for above, node, below in zip([None, *shown], shown, [*shown[1:], None], strict=False):
        if node.name == "blockquote" and above is not None and above.name == "h1":
            written = call("lead", _blocks(page, node.children))
        elif below is not None and below.name == FENCE and [child.name for child in node.children] == ["code"]:
            written = call("listing-title", write_line(page, node.children))
        elif node.name == "table":
            written = write_table(page, node, keeps=below is not None and _is_caption(below))
        elif below is not None and _announces(node, below):
            indented = above is not None and above.name == "p" and not _is_formula(above)
            written = call("announcement", literal(indented), _block(page, node))
        else:
            written = _block(page, node)
        if node.name == "figure" and node.id and above is not None and above.name not in _HEADINGS:
            lines.append(call("spot", string(f"{label(page.source.name, node.id)}~")))
        lines += [f"// {page.source.file}:{node.line}", written]
    return "\n".join(lines)


def _blocks(page: BookPage, nodes: Sequence[Node]) -> str:
    """Return blocks as one content; words that stand between blocks are a paragraph."""
    return content(_in_blocks(page, nodes))


def _in_blocks(page: BookPage, nodes: Sequence[Node]) -> Iterator[str]:
    line: list[Node] = []
    for node in nodes:
        if node.name in _INLINE:
            line.append(node)
            continue
        yield from _loose(page, line)
        line = []
        yield _block(page, node)
    yield from _loose(page, line)


def _loose(page: BookPage, line: Sequence[Node]) -> Iterator[str]:
    if not all(map(is_blank, line)):
        yield write_line(page, line)


def _block(page: BookPage, node: Node) -> str:
    write = _BLOCKS.get(node.name)
    if write is None:
        page.refuse(node, f"<{node.name}>", "headings, paragraphs, lists, tables, figures, code, quotations")
    written = write(page, node)
    if node.id and node.name not in (*_HEADINGS, "figure", "div"):
        return content([call("anchor", string(label(page.source.name, node.id))), written])
    return written


def _heading(page: BookPage, node: Node) -> str:
    level = int(node.name[1])
    place = label(page.source.name, node.id) if node.id else None
    opening = page.source.name if level == 1 else None
    return call(
        "section",
        literal(level + page.deeper),
        literal(place),
        literal(opening),
        string(page.source.part),
        write_line(page, node.children),
    )


def _check_levels(page: BookPage, nodes: Sequence[Node]) -> None:
    """Refuse a heading that leaves out a level, which no reader by ear can follow, and no PDF/UA may have."""
    above = 0
    for node in find_named(nodes, *_HEADINGS):
        level = int(node.name[1])
        if level > above + 1:
            page.refuse(node, f"a heading of level {level}", f"one of level {above + 1} above it")
        above = level


def _paragraph(page: BookPage, node: Node) -> str:
    inner = [child for child in node.children if not is_blank(child)]
    if len(inner) == 1 and inner[0].name == "img":
        path = keep_picture(page.manuscript, page.source, inner[0], page.files)
        return call("photograph", string(path), string(inner[0].attributes["alt"]))
    if len(inner) == 1 and inner[0].drawn and inner[0].drawn.kind == "diagram":
        return write_line(page, inner)
    if _is_caption(node):
        return call("caption", write_line(page, inner[0].children))
    return _broken_paragraph(page, node)


def _broken_paragraph(page: BookPage, node: Node) -> str:
    """Return a paragraph; a display formula in it stands between what is before it and what goes on after it."""
    written: list[str] = []
    for is_display, group in groupby(node.children, key=is_display_formula):
        inner = list(group)
        if is_display:
            written += [write_line(page, [one]) for one in inner]
        elif not all(map(is_blank, inner)):
            if written and inner[0].name == TEXT:
                inner[0] = replace(inner[0], text=inner[0].text.lstrip())
            line = write_line(page, inner)
            nested = any(map(is_display_formula, walk(tuple(inner))))  # in emphasis: Typst makes the paragraphs
            written.append(line if nested else call("continued" if written else "paragraph", line))
    return content(written)


def _announces(node: Node, below: Node) -> bool:
    """Tell whether a paragraph of a few lines ends by saying that a formula follows, which it must not be cut from."""
    words = plain(node.children).rstrip() if node.name == "p" else ""
    return words.endswith((":", "：")) and room_of(words) < _SOME_LINES and _is_formula(below)


def _is_formula(node: Node) -> bool:
    inner = [child for child in node.children if not is_blank(child)]
    return node.name == "p" and len(inner) == 1 and is_display_formula(inner[0])


def _is_caption(node: Node) -> bool:
    inner = [child for child in node.children if not is_blank(child)]
    return node.name == "p" and len(inner) == 1 and "bf-caption" in inner[0].classes


def _quotation(page: BookPage, node: Node) -> str:
    return call("quotation", _blocks(page, node.children))


def _list(page: BookPage, node: Node) -> str:
    """Return a list; it is tight where no item has a paragraph of its own."""
    items = [child for child in node.children if child.name == "li"]
    tight = not any(child.name == "p" for item in items for child in item.children)
    written = [_item(page, item) for item in items]
    if node.name == "ul":
        return call("bullets", literal(tight), array(written))
    start = node.attributes.get("start", "1")
    return call("steps", literal(tight), start, array(written))


def _item(page: BookPage, item: Node) -> str:
    anchors = [call("anchor", string(label(page.source.name, item.id)))] if item.id else []
    return content([*anchors, _blocks(page, item.children)])


def _figure(page: BookPage, node: Node) -> str:
    images = list(find_named(node.children, "img"))
    captions = list(find_named(node.children, "figcaption"))
    others = [found for found in node.children if not is_blank(found) and found.name not in ("p", "figcaption")]
    if len(images) != 1 or len(captions) > 1 or others:
        page.refuse(node, "a figure of another kind", "one picture and its caption")
    return _picture(page, images[0], captions[0] if captions else None, node)


def _picture(page: BookPage, image: Node, caption: Node | None, figure: Node) -> str:
    path = keep_picture(page.manuscript, page.source, image, page.files)
    place = label(page.source.name, figure.id) if figure.id else None
    width, height = (image.attributes.get(side, "") for side in ("width", "height"))
    return call(
        "picture",
        string(path),
        string(image.attributes["alt"]),
        width if width.isdigit() else "none",
        height if height.isdigit() else "none",
        write_line(page, [*caption.children]) if caption else "none",
        literal(place),
        literal(path.endswith(".svg")),
    )


def _fence(page: BookPage, node: Node) -> str:
    """Return code; a whole file that several pages of the evidence show is printed once, and then referred to."""
    source = node.text.rstrip("\n")
    place = None
    if page.source.part == "evidence" and source.count("\n") >= _LONG:
        place, is_new = page.files.keep_listing(source)
        if not is_new:
            return call("listed", string(place))
    lines = literal(highlight(source, node.attributes.get("language", "")))
    return call("listing", string(source), lines, literal(place))


def _frame(page: BookPage, node: Node) -> str:
    """Return what a macro set apart; the style knows what each frame looks like."""
    place = label(page.source.name, node.id) if node.id else None
    if {"bf-table", "bf-captioned"} & set(node.classes):
        *blocks, last = [child for child in node.children if not is_blank(child)]
        if _is_caption(last):
            said = write_line(page, next(child for child in last.children if not is_blank(child)).children)
            if [block.name for block in blocks] == ["table"]:
                return write_table(page, blocks[0], said, place)
            is_picture = len(blocks) == 1 and _is_picture(blocks[0])
            return call("shown-figure" if is_picture else "captioned", _blocks(page, blocks), said, literal(place))
    anchors = [call("anchor", string(place))] if place else []
    inner = replace(page, quotes=page.quotes or "bf-sample" in node.classes)
    return content([*anchors, call("frame", literal(node.classes), _blocks(inner, node.children))])


def _is_picture(node: Node) -> bool:
    """Tell whether a block is an author's picture, or something drawn."""
    inner = [child for child in node.children if not is_blank(child)]
    return len(inner) == 1 and (inner[0].name == "img" or inner[0].drawn is not None)


def _details(page: BookPage, node: Node) -> str:
    """Return what a page folds, unfolded; what is shown of it while it is folded is often how it begins."""
    inner = [child for child in node.children if child.name != "summary"]
    summary = plain(tuple(find_named(node.children, "summary"))).strip()
    if plain(tuple(inner)).strip().startswith(summary.removesuffix("…").strip()):
        return _blocks(page, inner)
    return content([call("paragraph", call("strength", string(summary))), _blocks(page, inner)])


_BLOCKS: dict[str, Callable[[BookPage, Node], str]] = {
    FENCE: _fence,
    "blockquote": _quotation,
    "details": _details,
    "div": _frame,
    "figure": _figure,
    "hr": lambda page, node: "rule()",
    "ol": _list,
    "p": _paragraph,
    "table": lambda page, node: write_table(page, node),
    "ul": _list,
    **dict.fromkeys(_HEADINGS, _heading),
}
