"""Finds the pictures on a page that say nothing to those who do not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bifolio.markdown.tree import Tree

_NO_WORDS = re.compile(r"!\[\s*\]\(")
_DESCRIBED = re.compile(
    r"\s*(flowchart|graph|sequenceDiagram|classDiagram|stateDiagram(-v2)?|erDiagram|gantt|pie|gitGraph|journey"
    r"|requirementDiagram|xychart(-beta)?|quadrantChart|timeline)\b"
)
"""The diagrams that can have accTitle and accDescr; in a mind map they would be nodes."""
_WORDS = ("accTitle", "accDescr")


def find_undescribed(tree: Tree) -> Iterator[tuple[int, str, str]]:
    """Yield line, what was found and what was expected for each image without words and each undescribed diagram."""
    for span in tree.spans:
        line = tree.line(span.start)
        if span.kind == "target" and _NO_WORDS.search(tree.text, max(0, span.start - 8), span.start + 2):
            yield line, f"an image without words: {span.value}", "![what it shows](…)"
        elif span.kind == "diagram" and _DESCRIBED.match(span.value):
            lacking = [word for word in _WORDS if not re.search(rf"^\s*{word}\b", span.value, re.MULTILINE)]
            if lacking:
                expected = "`accTitle: …` and `accDescr: …` after its first line, in words"
                yield line, f"a diagram without {' and '.join(lacking)}", expected
