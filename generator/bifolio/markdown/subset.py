"""The Markdown that templates may use: what Python-Markdown, markdown-it-py and pandoc read alike.

Permitted: paragraphs; ATX headings with an id; lists of `-` or `1.` nested by four spaces; quotations; pipe tables with
outer bars; fences of backticks with a plain language; `*emphasis*`, `**strong**`, code spans, inline links and images,
autolinks, formulas; a `<div class="bf-…" markdown="1">` around blocks; a blank line around every block. What each
pattern below refuses, at least one of the three reads otherwise; tests/chapters/test_subset.py shows which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bifolio.markdown.masking import front_matter_of
from bifolio.markdown.prose import COVER, cover
from bifolio.markdown.reading import read
from bifolio.markdown.token_names import DISPLAY
from bifolio.markdown.tree import Tree

if TYPE_CHECKING:
    from markdown_it.token import Token

_ITEM = re.compile(r"(?P<indent> *)(?P<marker>[-*+]|\d+[.)])(?P<gap> +)\S")
_CELL = re.compile(r"(?<!\\)\|")
_BLOCK_STARTS = {
    "#": "a heading",
    ">": "a quotation",
    "|": "a table",
    "```": "a fence",
    "<div": "a frame",
    "</div": "a frame",
}
_FRAME = re.compile(r'<div class="bf-[a-z -]+" markdown="1">|</div>')
"""What sets blocks apart for the style sheet: with a blank line on both sides, all three read what is in it alike."""
_PUNCTUATION = r"[^\w\s*￼]"

_LINES = (
    (re.compile(r"\t| *\t"), "a tab", "spaces"),
    (re.compile(r" {1,3}(#{1,6} |>|\||```)"), "a block that is indented by less than four", "it at the line's start"),
    (re.compile(r"#{1,6}[^#\s]"), "a heading without a space", "`# ` before its words"),
    (
        re.compile(r" *(=+|-+|\*(?: ?\*){2,}|_(?: ?_){2,}|-(?: -)+) *$"),
        "a rule or an underlined heading",
        "`## ` headings",
    ),
    (re.compile(r" *\[[^\]]+\]:"), "a reference or a footnote below the text", "[words](target) in place"),
    (re.compile(r" *(!!!|\?\?\?|===|:{3})"), "an admonition or tab", "a quotation or a paragraph"),
    (re.compile(r" *(?:[-*+]|\d+[.)]) +\[[ xX]\](?!\()"), "a task list", "a list or a table"),
    (re.compile(r" *: +\S"), "a definition list", "a list or a table"),
)
_OTHER_ITEM = re.compile(r" *(?:\(?(?:[a-zA-Z]|[ivxlIVXL]+|#|@)[.)]|\(\d+\)|\d+\)) +\S")
_SPANS = (
    (re.compile(r"<(?!https?://|mailto:)/?[A-Za-z!?][^<>\n]*>"), "raw HTML", "Markdown or a macro"),
    (
        re.compile(r"(?<![_\\])__(?=[^\W_])[^_\n]+__(?!_)|(?<![\w\\])_(?=[^\W_])[^_\n]+(?<=\S)_(?!\w)"),
        "emphasis with underscores",
        "*…* or **…**",
    ),
    (re.compile(r"(?<!\*)\*{3}(?!\*)"), "emphasis on emphasis", "* or **"),
    (
        re.compile(r"~~\S|(?<![~\w])?~[^\s~]+~|\^[^\s^]+\^|\^\["),
        "strike-through, sub- or superscript, or a note",
        "a formula",
    ),
    (re.compile(r"\\$"), "a line end with a backslash", "a new paragraph"),
    (re.compile(r"\\[\"%&',/:;<=?@^~ ]"), "an escape that Python-Markdown does not know", "the character alone"),
    (re.compile(r"\[[^\]\n]*\]\[[^\]\n]*\]|\[\^[^\]\n]+\]"), "a reference link or footnote", "[words](target)"),
    (re.compile(r"(?<=[)\]*`])\{:?[ ]*[#.]"), "attributes of a link or a phrase", "a macro that makes them"),
)
_TOUCHES = re.compile(rf"(?P<closes>{_PUNCTUATION}\*+\w)|\w\*+{_PUNCTUATION}")


@dataclass
class _State:
    """Where in a document the scanner is; `depths` are the columns at which the open lists' items start."""

    previous: str = ""
    depths: list[int] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=dict)
    columns: int = 0


@dataclass(frozen=True)
class _Lines:
    """What the tree says of lines, counted from 1: what is opened there, and what goes on."""

    fences: Mapping[int, Token]
    inside: frozenset[int]
    """The later lines of fences and display formulas."""
    sentences: frozenset[int]
    """The later lines of paragraphs that stand in no list: what begins there like a list is none in any engine."""
    items: frozenset[int]
    """The lines on which something of a list begins."""


def find_forbidden(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, what was found and what is permitted instead."""
    tree, state = read(text), _State()
    found, lines = _lines(tree), text.split("\n")
    start = front_matter_of(text).count("\n")
    covered = cover(text).split("\n")
    for number, line in enumerate(lines[start:], start=start + 1):
        if number in found.fences:
            yield from ((number, *told) for told in _fence(found.fences[number], lines))
        if number not in found.inside:
            item = None if number in found.sentences else _ITEM.match(line)
            if item and number not in found.items and state.depths:
                yield number, f"a list that CommonMark reads as more words: {_shown(line)}", "a blank line before it"
            told = _block(state, line, covered[number - 1], item, in_sentence=number in found.sentences)
            yield from ((number, *one) for one in told)
        state.previous = line.strip()
    for span in tree.spans:
        number = tree.line(span.start)
        if span.kind == "code" and "|" in span.value and lines[number - 1].startswith("|"):
            yield number, f"a bar in code in a table: {_shown(span.value)}", "a list, or other words"
    yield from _emphasis(tree)
    readable = cover(text, keep=("target", "tag", "attributes", "comment")).split("\n")
    for number, line in enumerate(readable[start:], start=start + 1):
        yield from ((number, *told) for told in _inline(line))


def _lines(tree: Tree) -> _Lines:
    fences: dict[int, Token] = {}
    inside: set[int] = set()
    sentences: set[int] = set()
    items: set[int] = set()
    for token in tree.tokens:
        first, last = token.map or (0, 0)
        later = range(first + 2, last + 1)
        if token.type == "fence":
            fences[first + 1] = token
        if token.type in ("fence", DISPLAY):
            inside.update(later)
        elif token.type == "paragraph_open" and token.level == 0:
            sentences.update(later)
        elif token.type == "list_item_open":
            items.add(first + 1)
    return _Lines(fences, frozenset(inside), frozenset(sentences), frozenset(items))


def _fence(token: Token, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    assert token.map
    opening, closing = lines[token.map[0]], lines[token.map[1] - 1].strip(" \t>")
    if token.markup[0] == "~" or not re.fullmatch(r"[\w+-]*", token.info.strip()):
        yield f"a fence with more than a language: {_shown(opening)}", "``` and a language, as in ```python"
    if token.map[1] - token.map[0] < 2 or not closing.startswith(token.markup) or closing.strip(token.markup[0]):
        yield "a fence that is never closed", token.markup


def _block(
    state: _State, line: str, covered: str, item: re.Match[str] | None, *, in_sentence: bool
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the line as a line, and keep the state."""
    if not line.strip():
        state.columns = 0
        return
    indent = len(line) - len(line.lstrip(" "))
    for pattern, found, expected in _LINES:
        if pattern.match(line) and not (item and found.startswith("a rule")):
            yield f"{found}: {_shown(line)}", expected
            return
    if _OTHER_ITEM.match(line) and not in_sentence:
        yield f"a list with other marks: {_shown(line)}", "`1. ` or `- `"
        return
    in_list = bool(state.depths)
    if item:
        yield from _list_item(state, item)
    elif not state.previous and indent < 4 * len(state.depths):
        del state.depths[indent // 4 :]
    yield from _continuation(state, line, indent, is_item=bool(item))
    yield from _row(state, line, covered)
    kind = next((kind for start, kind in _BLOCK_STARTS.items() if line.lstrip().startswith(start)), "")
    goes_on = (state.previous[:1] == line.strip()[0] and line.strip()[0] in ">|") or (item and in_list)
    if _FRAME.fullmatch(state.previous) and kind != "a frame":
        yield f"a frame without a blank line after it: {_shown(line)}", "a blank line before this one"
    if (kind or item) and state.previous and not goes_on:
        yield f"{kind or 'a list'} without a blank line before it: {_shown(line)}", "a blank line before it"


def _list_item(state: _State, item: re.Match[str]) -> Iterator[tuple[str, str]]:
    depth, kind = len(item["indent"]), item["marker"].strip("0123456789")
    if kind not in ("-", "."):
        yield f"a list with other marks: {_shown(item[0])}", "`- ` or `1. `"
    if depth % 4 or depth > 4 * len(state.depths):
        yield f"a list nested by other than four spaces: {_shown(item[0])}", "four spaces a level"
    del state.depths[depth // 4 :]
    if state.kinds.get(depth, kind) != kind and (state.previous or not state.depths):
        yield f"a list of another kind right after a list: {_shown(item[0])}", "a paragraph between them"
    state.depths.append(depth)
    state.kinds = {column: kind for column, kind in state.kinds.items() if column < depth} | {depth: kind}


def _continuation(state: _State, line: str, indent: int, *, is_item: bool) -> Iterator[tuple[str, str]]:
    """Yield a line that goes on lazily, or that would be code by its indentation."""
    if is_item:
        return
    if not state.depths:
        state.kinds = {}
        if indent and not state.previous:
            yield (
                f"code, or a paragraph of a list, by its indentation: {_shown(line)}",
                "a fence, or four spaces a level",
            )
    elif state.previous and indent != 4 * len(state.depths):
        yield f"a line that goes on with a list lazily: {_shown(line)}", "four spaces before it, or a blank line"
    elif not state.previous and indent != 4 * len(state.depths):
        yield f"code, or a paragraph of a list, by its indentation: {_shown(line)}", "four spaces a level"
    if state.previous.startswith(">") and not line.startswith(">"):
        yield f"a line that goes on with a quotation lazily: {_shown(line)}", "`> ` before it, or a blank line"


def _row(state: _State, line: str, covered: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a row of a table, or with a line that follows one; `covered` lacks code and formulas."""
    if not line.startswith("|"):
        if state.columns:
            yield f"a line that goes on with a table: {_shown(line)}", "a blank line after the table"
            state.columns = 0
        return
    cells = len(_CELL.findall(covered)) - 1
    if not line.rstrip().endswith("|") or (state.columns and cells != state.columns):
        yield f"a row of a table with {cells} cells: {_shown(line)}", f"{state.columns or 'as many'} between outer bars"
    state.columns = state.columns or cells


def _emphasis(tree: Tree) -> Iterator[tuple[int, str, str]]:
    """Yield stars that CommonMark takes for no emphasis and others do: between a punctuation mark and a word."""
    stars = [loose for loose in tree.loose if loose.mark.startswith("*")]
    for place, loose in enumerate(stars):
        touched = _TOUCHES.match(tree.text, max(0, loose.start - 1))
        if touched:
            partners = stars[:place] if touched["closes"] else stars[place + 1 :]
            if any((one.line, one.mark) == (loose.line, loose.mark) for one in partners):
                does = "ends" if touched["closes"] else "begins"
                found = f"emphasis that {does} at a mark and touches a word: {_shown(touched[0])}"
                yield loose.line, found, "the mark outside the emphasis, or a space"


def _inline(line: str) -> Iterator[tuple[str, str]]:
    if _FRAME.fullmatch(line):
        return
    for pattern, found, expected in _SPANS:
        match = pattern.search(line)
        if match:
            yield f"{found}: {_shown(match[0])}", expected


def _shown(text: str) -> str:
    return re.sub(f"{COVER}+", "…", " ".join(text.split()))[:60]
