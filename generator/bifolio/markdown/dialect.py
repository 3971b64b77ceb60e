"""The dialect of Markdown as rules of markdown-it: what templates may use, and the elements that macros write."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.attrs import attrs_plugin

from bifolio.markdown.links import link_helpers
from bifolio.markdown.rules import (
    note_loose,
    read_callout,
    read_display,
    read_formula,
    read_frame,
    read_raw,
    read_tag,
)
from bifolio.markdown.token_names import LOOSE

_HEADING_END = re.compile(r"[ ]*(?P<braces>\{:?[ ]*(?P<attributes>[#.][^{}]*)\})[ ]*$")
_OURS = re.compile(r"\{:?[ ]*[#.]")
_PRODUCT = re.compile(r"[A-Za-z0-9)]\*[A-Za-z0-9(]")


@cache
def parser() -> MarkdownIt:
    """Return the one parser; inline tokens have their `start` and `end` in the content of their line as `meta`."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table").use(attrs_plugin)
    made.helpers = link_helpers()  # type: ignore[assignment]  # a module, to its author
    made.normalizeLink = lru_cache(maxsize=4096)(made.normalizeLink)  # type: ignore[method-assign]
    made.validateLink = _any_address  # type: ignore[method-assign]  # check and exports judge where a link leads
    made.disable(["reference", "lheading", "html_block", "html_inline"])
    outer = {"alt": ["paragraph", "blockquote", "list"]}
    made.block.ruler.before("table", "frame", read_frame, outer)  # type: ignore[arg-type]
    made.block.ruler.before("frame", "raw", read_raw, outer)  # type: ignore[arg-type]
    made.block.ruler.before("frame", "display", read_display, outer)  # type: ignore[arg-type]
    made.block.ruler.before("frame", "callout", read_callout, outer)  # type: ignore[arg-type]
    made.inline.ruler.before("backticks", "formula", read_formula)
    made.inline.ruler.after("autolink", "tag", read_tag)
    made.core.ruler.after("block", "shape", _shape)
    made.core.ruler.after("inline", "loose", _attach)
    for rule in made.inline.ruler.__rules__:
        if rule.name not in ("text", "newline", "escape", "entity"):
            rule.fn = _placed(rule.name, rule.fn)
    made.inline.ruler.__cache__ = None
    made.inline.ruler2.after("balance_pairs", "loose", _loose)
    return made


def _any_address(url: str) -> bool:
    return True


def _placed(name: str, rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Let the tokens that a rule makes know where they stand, and note a run of backticks that is no code."""

    def placed(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if silent:
            return True
        made = [token for token in state.tokens[count:] if token.type != "text"]
        if name == "emphasis":
            for place, token in zip(range(state.pos - 1, start - 1, -1), reversed(state.tokens), strict=False):
                token.meta["start"] = place
        elif name == "attr":
            if _OURS.match(state.src, start):
                state.tokens[-1].meta["braces"] = (start, state.pos)
        elif name == "backticks" and not made:
            note_loose(state, start, state.src[start : state.pos])
        elif made:
            made[0].meta["start"], made[-1].meta["end"] = start, state.pos
            if name in ("link", "image"):
                opening = start + (name == "image")
                made[-1].meta["target"] = state.md.helpers.parseLinkLabel(_at(state, opening), opening, name == "link")
                state.pos = made[-1].meta["end"]
        return True

    return placed


def _at(state: StateInline, place: int) -> StateInline:
    state.pos = place
    return state


def _loose(state: StateInline) -> None:
    """Note the stars that pair with nothing, but for one between two letters or digits of a product such as 2*3."""
    nested = (meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta)
    for delimiters in (state.delimiters, *nested):
        closers = {delimiter.end for delimiter in delimiters}
        for index, delimiter in enumerate(delimiters):
            pairs = delimiter.end >= 0 or index in closers
            place = state.tokens[delimiter.token].meta["start"]
            product = delimiter.length == 1 and _PRODUCT.match(state.src, max(0, place - 1))
            if delimiter.marker == ord("*") and not pairs and (delimiter.open or delimiter.close) and not product:
                note_loose(state, place, "*")


def _attach(state: StateCore) -> None:
    """Give each line the marks that pair with nothing in it, before its tokens are joined."""
    found = state.env.pop(LOOSE, {})
    for token in state.tokens:
        if token.type == "inline" and id(token.children) in found:
            token.meta[LOOSE] = found[id(token.children)]


def _shape(state: StateCore) -> None:
    """Give headings their ids, and let what a macro calls a phrase be no paragraph."""
    phrases: list[bool] = []
    for index, token in enumerate(state.tokens):
        if token.type == "heading_open":
            inline = state.tokens[index + 1]
            end = _HEADING_END.search(inline.content)
            if end is None:
                continue
            for part in end["attributes"].split():
                if part[0] == "#":
                    token.attrSet("id", part[1:])
                elif part[0] == ".":
                    token.attrJoin("class", part[1:])
            token.meta["braces"] = end["braces"]
            inline.content = inline.content[: end.start()]
        elif token.type == "frame_open":
            phrases.append(bool(token.attrs.pop("_span", "")))
        elif token.type == "frame_close" and phrases:
            phrases.pop()
        elif token.type.startswith("paragraph") and phrases and phrases[-1]:
            token.hidden = True
