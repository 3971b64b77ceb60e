"""The pages of docs/ as rendering makes them, each read once for all rules, with the places where authors mend them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from bifolio.chapters.templates.lines import template_line
from bifolio.check.subject import Subject
from bifolio.markdown.foreign import find_foreign
from bifolio.markdown.reading import read
from bifolio.markdown.tree import is_address
from bifolio.markdown.undescribed import find_undescribed

_ID = re.compile(r"""\{:?[^{}\n]*?#(?P<braced>[^\s{}]+)[^{}\n]*\}|\bid=["'](?P<quoted>[^"']+)["']""")


Rendered = tuple[str, str, Mapping[str, Any]]


@lru_cache(maxsize=1)
def rendered_pages(subject: Subject) -> tuple[Rendered, ...]:
    """Return language/page, Markdown and what is known of it: `links`, `ids`, `undescribed`, `foreign`."""
    return tuple(_rendered(subject))


def _rendered(subject: Subject) -> Iterator[Rendered]:
    composition = subject.composition
    for path in composition.records:
        made = composition.files.get(f"{path}.md")
        stored = subject.project.docs / f"{path}.md"
        text = made.decode() if made is not None else stored.read_text(encoding="utf-8")
        yield path, text, subject.memo.recall("rendered", text, partial(_look, text))


def place_of(subject: Subject, path: str, text: str, line: int) -> tuple[str, int]:
    """Return file and line where the author can mend a line of a page: in the template, if it is made from one."""
    language, _, page = path.partition("/")
    template = subject.editions(page).get(language)
    if template is None:
        return subject.project.relative(subject.project.docs / f"{path}.md"), line
    return template.file, template_line(template.text, text, line)


def _look(text: str) -> Mapping[str, Any]:
    tree, links, ids = read(text), [], []
    for span in tree.spans:
        if span.kind == "target" and not is_address(span.value):
            links.append((tree.line(span.start), span.value))
        elif span.kind in ("attributes", "tag"):
            ids += [match["braced"] or match["quoted"] for match in _ID.finditer(span.value)]
    return {
        "links": links,
        "ids": ids,
        "undescribed": list(find_undescribed(tree)),
        "foreign": list(find_foreign(tree)),
    }
