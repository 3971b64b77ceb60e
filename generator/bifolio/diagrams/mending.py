"""Mends what merman draws: line breaks, ids, its name for screen readers."""

from __future__ import annotations

import html
import re

from bifolio.diagrams.style import LABEL_WIDTH
from bifolio.palette import FONT_FAMILY

_LABEL = re.compile(
    r'(?P<box><svg [^>]*?width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"[^>]*>(?:<rect[^>]*/>)*)'
    r'<text (?P<attributes>[^>]*class="merman-foreignobject-fallback-text"[^>]*)>(?P<label>[^<]*)</text></svg>'
)
_Y = re.compile(r' y="[^"]*"')
_LINE_HEIGHT = re.compile(r"line-height:([\d.]+)px")
_TEXT = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
_ID = re.compile(r'(?<=\s)id="([^"]*)"')
_REFERENCE = re.compile(r'(?<=\sid=")(?P<id>[^"]*)(?=")|(?<=#)(?P<aim>[^"#()\s<>;{},.]+)(?=[")])')
_ATTRIBUTE = re.compile(r'\s([a-zA-Z][\w:.-]*)="[^"]*"')
_FONT = re.compile(r"""(font-family(?:="|:\s*))(?:&quot;|[^;"&])+""")
_EX = re.compile(r'(?<=\s)font-size="(\d+)ex"')  # the height of an x is another in every font
_SHEET = re.compile(r"<style>.*?</style>", re.DOTALL)
_FONT_RULE = re.compile(r"font-family:[^;}]*")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ID_ATTRIBUTE = re.compile(r'\sid="([^"]*)"')
_START_TAG = re.compile(r"<[a-z][^<>]*>")
_ENGINE_NOTE = re.compile(r'\s(?:data-[a-z-]+|name)="[^"]*"')  # SVG has no `name`; nothing reads the others
_TAG = re.compile(r"<[^>]*>")
_ROOT = re.compile(r"\A\s*<svg\b(?P<attributes>[^>]*)>(?:<title[^>]*>.*?</title>|<desc[^>]*>.*?</desc>)*", re.DOTALL)
_ROOT_ATTRIBUTE = re.compile(r'\s(?:role|width|height|style|aria-[a-z]+)="[^"]*"')
_VIEW_BOX = re.compile(r'viewBox="[-\d.]+ [-\d.]+ (?P<width>[\d.]+) (?P<height>[\d.]+)"')
_READABLE = 0.6  # a diagram shrinks to this share of its size, 10 px text; below that it scrolls in its frame


def wrapped_labels(svg: str) -> str:
    """Break the labels for which the layout reserved several lines, and which the engine then wrote as one."""
    return _LABEL.sub(_wrapped_label, svg)


def shown_labels(svg: str) -> list[str]:
    """Return the diagram's texts in the order in which it draws them, each once."""
    texts = (html.unescape(_TAG.sub("", text)).strip() for text in _TEXT.findall(svg))
    return list(dict.fromkeys(text for text in texts if text))


def own_ids(svg: str, identifier: str) -> str:
    """Begin every id with the identifier, so that diagrams can share a page, and drop the engine's notes."""
    svg = _START_TAG.sub(lambda tag: _ENGINE_NOTE.sub("", tag[0]), svg)
    foreign = {name for name in _ID.findall(svg) if not name.startswith(identifier)}
    svg = _REFERENCE.sub(
        lambda name: f"{identifier}-{name[0]}" if (name["id"] or name["aim"]) in foreign else name[0], svg
    )
    seen: set[str] = set()

    def first_only(attribute: re.Match[str]) -> str:
        repeated = attribute[1] in seen
        seen.add(attribute[1])
        return "" if repeated else attribute[0]

    return _START_TAG.sub(lambda tag: _ID_ATTRIBUTE.sub(first_only, tag[0]), svg)  # a mind map repeats its nodes' ids


def well_formed(svg: str) -> str:
    """Return the drawing as XML: no attribute twice on an element, no character that XML has no place for."""

    def once(tag: re.Match[str]) -> str:
        seen: list[str] = []

        def first(attribute: re.Match[str]) -> str:
            seen.append(attribute[1])
            return attribute[0] if seen.count(attribute[1]) == 1 else ""

        return _ATTRIBUTE.sub(first, tag[0])

    return _START_TAG.sub(once, _NOT_XML.sub("\ufffd", svg))


def in_one_font(svg: str) -> str:
    """Return the drawing with all its text in the font that was measured, and in sizes that do not depend on it."""
    svg = _EX.sub(lambda size: f'font-size="{8 * int(size[1])}"', svg)
    svg = _START_TAG.sub(lambda tag: _FONT.sub(lambda font: f"{font[1]}{FONT_FAMILY}", tag[0]), svg)
    return _SHEET.sub(lambda sheet: _FONT_RULE.sub(f"font-family:{FONT_FAMILY}", sheet[0]), svg)


def styled(svg: str, rules: str) -> str:
    """Add rules to a drawing's style sheet; they come last."""
    return svg.replace("</style>", f"{rules}</style>", 1) if rules else svg


def accessible(svg: str, identifier: str, title: str, description: str) -> str:
    """Give the SVG a role, a title, a description, and a size that keeps its text readable."""
    root = _ROOT.match(svg)
    view_box = _VIEW_BOX.search(svg)
    if root is None or view_box is None:
        raise ValueError("merman returned no SVG with a size")
    width, height = float(view_box["width"]), float(view_box["height"])
    names = f'<title id="{identifier}-title">{html.escape(title, quote=False)}</title>'
    labels = f' role="img" aria-labelledby="{identifier}-title"'
    if description:
        names += f'<desc id="{identifier}-description">{html.escape(description, quote=False)}</desc>'
        labels += f' aria-describedby="{identifier}-description"'
    size = f' width="{width:g}" height="{height:g}" style="min-width:{_READABLE * width:.0f}px"'
    return f"<svg{_ROOT_ATTRIBUTE.sub('', root['attributes'])}{size}{labels}>{names}{svg[root.end() :]}"


def _wrapped_label(label: re.Match[str]) -> str:
    from bifolio.diagrams.text_widths import text_width, wrap  # needs merman, which only drawing needs

    line_height = _LINE_HEIGHT.search(label["attributes"])
    step = float(line_height[1]) if line_height else 24.0
    if float(label["height"]) < 2 * step:
        return label[0]
    lines = wrap(html.unescape(label["label"]), max(LABEL_WIDTH, float(label["width"])), text_width)
    top = float(label["height"]) / 2 - step * (len(lines) - 1) / 2
    texts = []
    for number, line in enumerate(lines):
        attributes = _Y.sub(f' y="{top + step * number:g}"', label["attributes"], count=1)
        texts.append(f"<text {attributes}>{html.escape(line, quote=False)}</text>")
    return f"{label['box']}{''.join(texts)}</svg>"
