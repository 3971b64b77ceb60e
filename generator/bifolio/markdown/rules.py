"""Rules of the dialect that CommonMark lacks: formulas, the elements that macros write, HTML that is none of these."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from bifolio.markdown.token_names import CALLOUT, DISPLAY, FORMULA, LOOSE, RAW, UNCLOSED, UNKNOWN

_ATTRIBUTES = r'(?P<attributes>(?: [a-z][a-z-]*="[^"]*"| markdown)*)'
_FRAME = re.compile(rf"<(?P<close>/?)(?P<tag>div|figure|figcaption|details){_ATTRIBUTES}>")
_SUMMARY = re.compile(r"<summary>(?P<words>.*)</summary>")
_TAG = re.compile(rf"<(?P<close>/?)(?P<tag>span|small){_ATTRIBUTES}>|<(?P<void>br) ?/?>")
_ANY_TAG = re.compile(
    r"""</?[A-Za-z][\w-]*(?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*/?>|<!--.*?-->""", re.DOTALL
)
_WHOLE = re.compile(
    r"<(?P<raw>code|kbd|math|pre|samp|script|style|svg|textarea)\b[^>]*>.*?</(?P=raw)>", re.DOTALL | re.I
)
_RAW_BLOCK = re.compile(
    r"<(?P<tag>address|article|aside|blockquote|canvas|details|dialog|div|dl|fieldset|figcaption|figure|footer|form|h[1-6]"
    r"|header|iframe|main|math|nav|noscript|object|ol|p|pre|script|section|style|svg|table|textarea|ul|video)\b"
    r"(?P<rest>[^>]*)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r' (?P<name>[a-z-]+)(?:="(?P<value>[^"]*)")?')
_MARKDOWN_INSIDE = re.compile(r"\smarkdown\b")

_PAIR = r"\\."  # a backslash and what it escapes
_DISPLAY = re.compile(rf"\$\$(?!\$)(?P<source>(?:{_PAIR}|[^$\\]|\$(?!\$))+?)\$\$(?!\$)", re.DOTALL)
# pandoc's rule: no space just inside the dollars, no digit after the second, so that `$5 and $6` is money
_INLINE = re.compile(rf"\$(?![\s$])(?P<source>(?:{_PAIR}|[^$\\])+?)(?<!\s)\$(?![\d$])", re.DOTALL)
_CALLOUT = re.compile(r"(?:!!!|\?\?\?\+?|===)[ \t](?P<words>.*)|\[\^[^\]\s]+\]:(?P<note>.*)")
_TAB = 4  # columns by which Python-Markdown wants the content of a callout or a note indented
_DOLLARS = re.compile(r"\$+")


def read_frame(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Read a line that is an element's tag, or a whole summary."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].rstrip()
    if not line.startswith("<"):
        return False
    frame, summary = _FRAME.fullmatch(line), _SUMMARY.fullmatch(line)
    if not frame and not summary:
        return False
    if silent:
        return True
    state.line = start + 1
    if frame:
        name, nesting = ("frame_close", -1) if frame["close"] else ("frame_open", 1)
        token = state.push(name, frame["tag"], nesting)  # type: ignore[arg-type]  # -1 or 1
        token.map, token.attrs = [start, start + 1], dict(_attributes(frame["attributes"]))
    elif summary:
        state.push("frame_open", "summary", 1).map = [start, start + 1]
        inline = state.push("inline", "", 0)
        inline.map, inline.content, inline.children = [start, start + 1], summary["words"], []
        state.push("frame_close", "summary", -1)
    return True


def read_raw(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a comment, or an element whose content is no Markdown: to its own closing tag, to the end if it has none."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("<", begin):
        return False
    if state.src.startswith("<!--", begin):
        close = state.src.find("-->", begin)
        last = state.src.count("\n", 0, close) if close >= 0 else end - 1
    else:
        block = _RAW_BLOCK.match(state.src, begin)
        if block is None or _MARKDOWN_INSIDE.search(block["rest"]):
            return False
        found = _closing_line(state.src, begin, block["tag"])
        if found is None:
            return False
        last = found
    if silent:
        return True
    token = state.push(RAW, "", 0)
    token.map, token.content = [start, last + 1], state.getLines(start, min(last + 1, end), state.blkIndent, True)
    state.line = min(last + 1, end)
    return True


def _closing_line(text: str, begin: int, name: str) -> int | None:
    """Return the line on which an element that begins at a place ends."""
    depth = 0
    for tag in re.compile(rf"<(/?){name}\b[^>]*>", re.IGNORECASE).finditer(text, begin):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return text.count("\n", 0, tag.end())
    return None


def read_callout(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a callout, a tab or a note of Python-Markdown: its first line, and what is indented by four below it.

    Templates may not use them, and exports refuse them; a site's own pages may.
    """
    opening = _CALLOUT.match(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start])
    if opening is None or state.is_code_block(start):
        return False
    if silent:
        return True
    last = start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] - state.blkIndent >= _TAB):
        last += 1
    state.push(CALLOUT, "div", 1).map = [start, last]
    inline = state.push("inline", "", 0)
    inline.map, inline.content, inline.children = (
        [start, start + 1],
        (opening["words"] or opening["note"] or "").strip(),
        [],
    )
    indent, line_max = state.blkIndent, state.lineMax
    state.blkIndent, state.lineMax = indent + _TAB, last
    state.md.block.tokenize(state, start + 1, last)
    state.blkIndent, state.lineMax = indent, line_max
    state.push("callout_close", "div", -1)
    state.line = last
    return True


def read_display(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a display formula that has its lines to itself."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", begin) or state.src.startswith("$$$", begin) or state.is_code_block(start):
        return False
    prefix = state.src[state.src.rfind("\n", 0, begin) + 1 : begin]
    last = start
    while last + 1 < end and not state.isEmpty(last + 1) and state.sCount[last + 1] >= state.blkIndent:
        last += 1
    formula = _DISPLAY.match(state.src, begin, state.eMarks[last])
    if formula is None:
        unclosed = state.env.setdefault(UNCLOSED, [])
        if not silent and start not in unclosed:
            unclosed.append(start)
        return False
    closing = start + state.src.count("\n", begin, formula.end())
    if prefix.strip(" \t>") or state.src[formula.end() : state.eMarks[closing]].strip():
        return False
    if silent:
        return True
    token = state.push(DISPLAY, "", 0)
    token.map, token.content, token.info, token.block = [start, closing + 1], formula["source"], prefix, True
    state.line = closing + 1
    return True


def read_formula(state: StateInline, silent: bool) -> bool:
    """Read a formula in a line; dollars that belong to none are text."""
    if state.src[state.pos] != "$":
        return False
    display = _DISPLAY.match(state.src, state.pos)
    formula = display or _INLINE.match(state.src, state.pos)
    if formula is None:
        run = _DOLLARS.match(state.src, state.pos)
        assert run
        if not silent:
            state.pending += run[0]
            note_loose(state, state.pos, run[0])
        state.pos = run.end()
        return True
    if not silent:
        token = state.push(FORMULA, "", 0)
        token.content, token.info = formula["source"], "display" if display else ""
    state.pos = formula.end()
    return True


def read_tag(state: StateInline, silent: bool) -> bool:
    """Read a tag inside a line: one that macros write, or one that is refused later, where its line is known."""
    if state.src[state.pos] != "<":
        return False
    known = _TAG.match(state.src, state.pos)
    any_tag = known or _WHOLE.match(state.src, state.pos) or _ANY_TAG.match(state.src, state.pos)
    if any_tag is None:
        return False
    if not silent:
        if known is None:
            state.push(UNKNOWN, "", 0).content = any_tag[0]
        else:
            name, nesting = ("tag_close", -1) if known["close"] else ("tag_open", 0 if known["void"] else 1)
            token = state.push(name, known["tag"] or known["void"], 0)
            token.nesting = nesting  # type: ignore[assignment]  # pushed as 0: one that closes nothing is told later
            token.attrs = dict(_attributes(known["attributes"] or ""))
    state.pos = any_tag.end()
    return True


def _attributes(text: str) -> Iterator[tuple[str, str | int | float]]:
    """Yield the attributes of a tag, but for the one that is meant for Python-Markdown."""
    for match in _ATTRIBUTE.finditer(text):
        if match["name"] != "markdown":
            yield match["name"], match["value"] or ""
        elif match["value"] == "span":
            yield "_span", "1"


def note_loose(state: StateInline, place: int, mark: str) -> None:
    """Keep a mark that pairs with nothing, by its place among the tokens of a line."""
    state.env.setdefault(LOOSE, {}).setdefault(id(state.tokens), []).append((place, mark))
