"""A Python-Markdown extension that draws what a page names, while the site is built: formulas, diagrams, figures.

Name it by its path, `bifolio.website.markdown`, under `markdown_extensions`; any engine that uses Python-Markdown
then shows them without a script or a request in the reader's browser.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER

from bifolio.diagrams import draw_diagram
from bifolio.errors import DiagramError, FormulaError
from bifolio.figures import DRAWINGS
from bifolio.formulas.framing import frame_formula
from bifolio.formulas.plain import plain_formula
from bifolio.markdown.reading import read
from bifolio.markdown.tree import Drawn, closing_marks

# After whitespace is normalised (30) and before any extension looks for fences (25) or raw HTML (20).
_PRIORITY = 28
# After attributes are read (8), and before MkDocs looks where links and images lead (0).
_FIGURE_PRIORITY = 5
# After attributes are read (8), and before the contents are made (5).
_HEADING_PRIORITY = 7
_HEADING = re.compile("h[1-6]")
_SMALL = 300
"""Below this width, in pixels, a drawing for phones is shown as wide as it is: its letters would be made huge."""
_PLACEHOLDER = re.compile(HTML_PLACEHOLDER % "([0-9]+)")


def makeExtension(**config: object) -> Extension:  # noqa: N802  # the name that Python-Markdown asks for
    """Return the extension; it has no settings."""
    return DrawingExtension(**config)


class DrawingExtension(Extension):
    """Draws the formulas and diagrams that a page has, and gives every figure all its drawings."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # the name that Python-Markdown calls
        """Register the preprocessor, and let `\\$` be a dollar."""
        words: dict[str, str] = {}
        md.preprocessors.register(DrawingPreprocessor(md, words), "bifolio_drawing", _PRIORITY)
        md.treeprocessors.register(HeadingTreeprocessor(md, words), "bifolio_heading", _HEADING_PRIORITY)
        md.treeprocessors.register(FigureTreeprocessor(md), "bifolio_figure", _FIGURE_PRIORITY)
        if "$" not in md.ESCAPED_CHARS:
            md.ESCAPED_CHARS.append("$")


class DrawingPreprocessor(Preprocessor):
    """Puts finished HTML in the stash, where no later step touches it; errors carry the page's line and no file."""

    def __init__(self, md: Markdown, words: dict[str, str]) -> None:
        """`words` is told what the formulas of headings say, by their places in the text."""
        super().__init__(md)
        self._words = words

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        uses: Counter[str] = Counter()
        parts, end, tree = [], 0, read(text)
        headings = {heading.line for heading in tree.headings}
        self._words.clear()
        for drawn in tree.drawn():
            html, closing = _drawing(drawn, uses), closing_marks(text, drawn, drawn.end)
            in_heading = drawn.line in headings and drawn.kind != "diagram"
            if in_heading:  # what search is to know of it, which leaves the drawing out
                html += f"<span hidden>{escape(plain_formula(drawn.source))}</span>"
            html = f'<span class="bf-together">{html}{closing}</span>' if closing else html
            placeholder: str = self.md.htmlStash.store(html)
            if in_heading:
                self._words[placeholder] = f"{plain_formula(drawn.source)}{closing}"
            place = _paragraph(placeholder, drawn, text) if drawn.stands_alone else placeholder
            parts += [text[end : drawn.start], place]
            end = drawn.end + len(closing)
        return "".join([*parts, text[end:]]).split("\n")


class HeadingTreeprocessor(Treeprocessor):
    """Tells the contents what a heading says that holds formulas: each once, in plain characters."""

    def __init__(self, md: Markdown, words: Mapping[str, str]) -> None:
        super().__init__(md)
        self._words = words

    def run(self, root: Element) -> None:
        for element in root.iter():
            if _HEADING.fullmatch(element.tag) and "data-toc-label" not in element.attrib:
                text = "".join(element.itertext())
                label = _PLACEHOLDER.sub(lambda match: escape(self._words.get(match[0], match[0])), text)
                if label != text:
                    element.set("data-toc-label", label)


class FigureTreeprocessor(Treeprocessor):
    """Makes four images of the one by which docs/ names a figure; the style sheet shows the one that fits."""

    def run(self, root: Element) -> None:
        for parent in root.iter():
            for place, image in reversed(list(enumerate(parent))):
                if image.tag == "img" and "bf-drawn" in image.get("class", "").split():
                    parent[place : place + 1] = _drawings(image)


def _drawings(image: Element) -> Iterator[Element]:
    """Yield an image for each drawing; all have the alternative text, for only the one that is shown is read out."""
    stem = image.get("src", "").removesuffix(".svg")
    width, _, height = image.get("data-narrow", "").partition("x")
    sizes = {"wide": (image.get("width", ""), image.get("height", "")), "narrow": (width, height)}
    kept = {name: value for name, value in image.attrib.items() if name not in ("class", "data-narrow")}
    classes = [name for name in image.get("class", "").split() if name != "bf-drawn"]
    for ending, (shape, theme) in DRAWINGS.items():
        drawing = Element("img", {**kept, "src": f"{stem}{ending}", "loading": "lazy", "decoding": "async"})
        small = ["bf-small"] if shape == "narrow" and width.isdigit() and int(width) < _SMALL else []
        drawing.set("class", " ".join([*classes, f"bf-{theme}", f"bf-{shape}", *small]))
        drawing.attrib |= {"width": sizes[shape][0], "height": sizes[shape][1]}
        drawing.tail = image.tail if ending == list(DRAWINGS)[-1] else "\n"
        yield drawing


def _paragraph(placeholder: str, drawn: Drawn, text: str) -> str:
    """Set what stands alone apart with a blank line wherever text touches it, so that no paragraph takes it in."""
    line_above = text[: max(0, drawn.start - 1)].rpartition("\n")[2]
    line_below = text[drawn.end + 1 :].partition("\n")[0]
    blank = drawn.prefix.rstrip()
    above = f"{blank}\n" if line_above.strip(" \t>") else ""
    below = f"\n{blank}" if line_below.strip(" \t>") else ""
    return f"{above}{drawn.prefix}{placeholder}{below}"


def _drawing(drawn: Drawn, uses: Counter[str]) -> str:
    try:
        if drawn.kind == "diagram":
            return _diagram(drawn, uses)
        return frame_formula(drawn.source, display=drawn.kind == "display-formula", block=drawn.stands_alone)
    except (FormulaError, DiagramError) as error:
        error.line = drawn.page_line(error.line)
        raise


def _diagram(drawn: Drawn, uses: Counter[str]) -> str:
    """Return a figure with a drawing for light pages and one for dark ones; CSS shows one of them."""
    digest = hashlib.sha256(drawn.source.encode()).hexdigest()[:8]
    uses[digest] += 1
    identifier = f"diagram-{digest}" + (f"-{uses[digest]}" if uses[digest] > 1 else "")
    light = draw_diagram(drawn.source, theme="light", identifier=f"{identifier}-light")
    dark = draw_diagram(drawn.source, theme="dark", identifier=f"{identifier}-dark")
    return (
        '<figure class="bf-diagram" tabindex="0">'
        f'<div class="bf-light">{light}</div><div class="bf-dark" data-search-exclude>{dark}</div></figure>'
    )
