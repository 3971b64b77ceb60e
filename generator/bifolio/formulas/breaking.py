"""Where a displayed formula is broken on a narrow page: between what its author set two quads apart."""

from __future__ import annotations

import re

_SHOWN = '<span class="katex-html" aria-hidden="true">'
_BASE = '<span class="katex-base">'
_STRUT = re.compile(r'<span class="katex-strut"[^>]*></span>')
_APART = '<span class="mspace" style="margin-right:2em;">'
_TAG = re.compile(r"<span\b[^>]*>|</span>")


def in_parts(drawing: str) -> str:
    """Return KaTeX's drawing with a box around each part that `\\qquad` sets apart; one without any as it is.

    KaTeX has boxes of its own, but it ends one only after a relation or a sign: a part would begin inside a box, and
    its first relation end a line.
    """
    before, shown, rest = drawing.partition(_SHOWN)
    cuts = list(_cuts(rest))
    if not shown or not cuts:
        return drawing
    parts, start, opening = [], 0, ""
    for cut, base in cuts:
        parts.append(f"{opening}{rest[start:cut]}</span>")
        strut = _STRUT.match(rest, base + len(_BASE))
        opening, start = f"{_BASE}{strut[0] if strut else ''}", cut
    end = _end(rest)
    boxes = "".join(f'<span class="bf-part">{part}</span>' for part in [*parts, opening + rest[start:end]])
    return f"{before}{shown}{boxes}{rest[end:]}"


def _cuts(text: str) -> list[tuple[int, int]]:
    """Return, for each two quads that stand in no group, where they end and where their base begins."""
    found, depth, base = [], 0, 0
    for tag in _TAG.finditer(text):
        if tag[0] == "</span>":
            depth -= 1
            if depth < 0:
                break
            continue
        if depth == 0:
            base = tag.start()
        if depth == 1 and tag[0] == _APART:
            found.append((tag.end() + len("</span>"), base))
        depth += 1
    return found


def _end(text: str) -> int:
    """Return where the element ends whose content the text begins with."""
    depth = 0
    for tag in _TAG.finditer(text):
        depth += -1 if tag[0] == "</span>" else 1
        if depth < 0:
            return tag.start()
    return len(text)
