"""The Markdown that templates may use: what Python-Markdown, markdown-it-py and pandoc read alike.

Permitted: paragraphs; ATX headings with an id; lists of `-` or `1.` nested by four spaces; quotations; pipe tables with
outer bars; fences of backticks with a plain language; `*emphasis*`, `**strong**`, code spans, inline links and images,
autolinks, formulas; a `<div class="bf-…" markdown="1">` around blocks; a blank line around every block. What each
pattern below refuses, at least one of the three reads otherwise; tests/chapters/test_subset.py shows which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bifolio.markdown.prose import COVER, cover

_ITEM = re.compile(r"(?P<indent> *)(?P<marker>[-*+]|\d+[.)])(?P<gap> +)\S")
_FENCE = re.compile(r"(?P<indent> *)(?P<marks>`{3,}|~{3,})(?P<language>.*)")
_RULE_LINE = re.compile(r"\|(?: *:?-{3,}:? *\|)+")
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
    (
        re.compile(r" *(?:\(?(?:[a-zA-Z]|[ivxlIVXL]+|#|@)[.)]|\(\d+\)|\d+\)) +\S"),
        "a list with other marks",
        "`1. ` or `- `",
    ),
)
_SPANS = (
    (re.compile(r"<(?!https?://|mailto:)/?[A-Za-z!?][^<>\n]*>?"), "raw HTML", "Markdown or a macro"),
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
_CLOSING = re.compile(rf"(?<![\s*])(?P<before>{_PUNCTUATION})\*\*?(?=\w)")
_OPENING = re.compile(rf"(?<=\w)\*\*?(?P<after>{_PUNCTUATION})(?!\*)")


@dataclass
class _State:
    """Where in a document the scanner is; `depths` are the columns at which the open lists' items start."""

    fence: str = ""
    previous: str = ""
    depths: list[int] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=dict)
    columns: int = 0


def find_forbidden(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, what was found and what is permitted instead."""
    state = _State()
    lines = text.split("\n")
    start = _after_front_matter(lines)
    for number, line in enumerate(lines[start:], start=start + 1):
        yield from ((number, *told) for told in _block(state, line))
        state.previous = line.strip()
    if state.fence:
        yield len(lines), "a fence that is never closed", state.fence
    readable = cover(text, keep=("target", "tag", "attributes", "comment")).split("\n")
    for number, line in enumerate(readable[start:], start=start + 1):
        yield from ((number, *told) for told in _inline(line))


def _after_front_matter(lines: list[str]) -> int:
    return lines.index("---", 1) + 1 if lines[0] == "---" and "---" in lines[1:] else 0


def _block(state: _State, line: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the line as a line, and keep the state."""
    if state.fence:
        closing = line.strip()
        if closing.startswith(state.fence) and not closing.strip(state.fence[0]):
            state.fence = ""
        return
    if not line.strip():
        state.columns = 0
        return
    indent = len(line) - len(line.lstrip(" "))
    yield from _opening_fence(state, line)
    item = _ITEM.fullmatch(line) or _ITEM.match(line)
    for pattern, found, expected in _LINES:
        if pattern.match(line) and not (item and found.startswith("a rule")):
            yield f"{found}: {_shown(line)}", expected
            return
    in_list = bool(state.depths)
    if item:
        yield from _list_item(state, item)
    elif not state.previous and indent < 4 * len(state.depths):
        del state.depths[indent // 4 :]
    yield from _continuation(state, line, indent, is_item=bool(item))
    yield from _row(state, line)
    kind = next((kind for start, kind in _BLOCK_STARTS.items() if line.lstrip().startswith(start)), "")
    goes_on = (state.previous[:1] == line.strip()[0] and line.strip()[0] in ">|") or (item and in_list)
    if _FRAME.fullmatch(state.previous) and kind != "a frame":
        yield f"a frame without a blank line after it: {_shown(line)}", "a blank line before this one"
    if (kind or item) and state.previous and not goes_on:
        yield f"{kind or 'a list'} without a blank line before it: {_shown(line)}", "a blank line before it"


def _opening_fence(state: _State, line: str) -> Iterator[tuple[str, str]]:
    fence = _FENCE.fullmatch(line)
    if fence:
        state.fence = fence["marks"]
        if fence["marks"][0] == "~" or not re.fullmatch(r"[\w+-]*", fence["language"].strip()):
            yield f"a fence with more than a language: {_shown(line)}", "``` and a language, as in ```python"


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


def _row(state: _State, line: str) -> Iterator[tuple[str, str]]:
    if not line.startswith("|"):
        if state.columns and line.strip():
            yield f"a line that goes on with a table: {_shown(line)}", "a blank line after the table"
            state.columns = 0
        return
    bare = re.sub(r"`[^`]*`|\$[^$]*\$", "", line)
    cells = len(_CELL.findall(bare)) - 1
    if not line.rstrip().endswith("|") or (state.columns and cells != state.columns):
        yield f"a row of a table with {cells} cells: {_shown(line)}", f"{state.columns or 'as many'} between outer bars"
    if any("|" in code for code in re.findall(r"`[^`]*`", line)):
        yield f"a bar in code in a table: {_shown(line)}", "a list, or other words"
    state.columns = state.columns or cells


def _inline(line: str) -> Iterator[tuple[str, str]]:
    if _FRAME.fullmatch(line):
        return
    for pattern, found, expected in _SPANS:
        match = pattern.search(line)
        if match:
            yield f"{found}: {_shown(match[0])}", expected
    for pattern in (_CLOSING, _OPENING):
        for match in pattern.finditer(line):
            closes = pattern is _CLOSING
            before = line[: match.end() - (0 if closes else 1)]
            if before.count("*") and _opens(line, match, closes=closes):
                found = (
                    f"emphasis that {'ends' if closes else 'begins'} at a mark and touches a word: {_shown(match[0])}"
                )
                yield found, "the mark outside the emphasis, or a space"


def _opens(line: str, match: re.Match[str], *, closes: bool) -> bool:
    """Tell whether the stars close, or open, emphasis: an odd or even number of such stars stands before them."""
    stars = "**" if "**" in match[0] else "*"
    place = match.start() + match[0].index("*")
    before = re.findall(r"\*+", line[:place])
    return (sum(run == stars for run in before) % 2 == 1) is closes


def _shown(text: str) -> str:
    return re.sub(f"{COVER}+", "…", " ".join(text.split()))[:60]
