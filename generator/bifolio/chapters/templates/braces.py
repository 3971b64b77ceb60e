"""Double braces of LaTeX and of code that Jinja takes for its own: what their author is told."""

from __future__ import annotations

import re
from pathlib import Path

from bifolio.errors import UnreadableError
from bifolio.markdown.reading import read
from bifolio.storage import read_source

HINT = "braces of a formula or of code stand between {% raw %} and {% endraw %}, or apart: { {"
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_BRACES = re.compile(r"\{\{|\{%")


def has_braces(template: Path, line: int | None = None) -> bool:
    """Tell whether Jinja's braces stand in a formula or in code of a template, or on one line of these."""
    try:
        text = read_source(template)
    except UnreadableError:
        return False
    tree = read(_RAW.sub(lambda raw: re.sub(r"[^\n]", " ", raw[0]), text))
    spans = (span for span in tree.spans if span.kind in ("formula", "diagram", "fence", "code"))
    places = (place.start() for span in spans for place in _BRACES.finditer(tree.text, span.start, span.end))
    return any(line is None or tree.line(place) == line for place in places)
