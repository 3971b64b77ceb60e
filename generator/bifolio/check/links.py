"""Rules about what pages point to: links within an edition lead somewhere, pictures are told in words."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote

from bifolio.chapters.writing import all_files
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.errors import nearest_name
from bifolio.markdown.reading import read
from bifolio.markdown.tree import is_address, leads_elsewhere
from bifolio.markdown.undescribed import find_undescribed

_ID = re.compile(r"""\{:?[^{}\n]*?#(?P<braced>[^\s{}]+)[^{}\n]*\}|\bid=["'](?P<quoted>[^"']+)["']""")


def dead_links(subject: Subject) -> Iterator[Finding]:
    """Yield the links of docs/ that lead to no file of their edition, or to no heading of it."""
    composition = subject.composition
    files = all_files(composition)
    texts = dict(_texts(subject))
    looked = {path: subject.memo.recall("links", text, partial(_links, text)) for path, text in texts.items()}
    for path, found in looked.items():
        language, _, name = path.partition("/")
        for line, target in found["links"]:
            link, _, fragment = target.partition("#")
            aim = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(link))) if link else f"{name}.md"
            page = f"{language}/{aim.removesuffix('.md')}"
            problem = ""
            if leads_elsewhere(target):
                problem = "an address that begins with https:, http: or mailto:"
            elif aim.removeprefix("../").partition("/")[0] in subject.project.languages and aim.startswith("../"):
                problem = "a page of this edition; from one to the other every page has its switch"
            elif not aim.endswith(".md") or page not in looked:
                there = f"{language}/{aim}" in files or (subject.project.docs / language / aim).is_file()
                if aim.startswith(("../", "/")) or not (there or page in composition.errors):
                    problem = f"a file of the edition{_near(aim, (path[len(language) + 1 :] for path in files))}"
            elif fragment and unquote(fragment) not in looked[page]["ids"]:
                problem = f"an id on {aim}{_near(unquote(fragment), looked[page]['ids'])}"
            if problem:
                file, place = _place(subject, path, texts[path], line, f"({target}")
                yield Finding("dead-link", file, place, language, target, problem)


def missing_alternatives(subject: Subject) -> Iterator[Finding]:
    """Yield pictures without words for those who do not see them: images without alt, undescribed diagrams."""
    for path, text in _texts(subject):
        language = path.partition("/")[0]
        for line, found, expected in subject.memo.recall("links", text, partial(_links, text))["undescribed"]:
            file, place = _place(subject, path, text, line, "![](")
            yield Finding("missing-alt", file, place, language, found, expected)


def _texts(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield language/page and Markdown of every page, as rendering makes it."""
    composition = subject.composition
    for path in composition.records:
        made = composition.files.get(f"{path}.md")
        stored = subject.project.docs / f"{path}.md"
        yield path, made.decode() if made is not None else stored.read_text(encoding="utf-8")


def _links(text: str) -> Mapping[str, Any]:
    """Return what both rules want to know of a page, which is read once for them."""
    tree, links, ids = read(text), [], []
    for span in tree.spans:
        if span.kind == "target" and not is_address(span.value):
            links.append((tree.line(span.start), span.value))
        elif span.kind in ("attributes", "tag"):
            ids += [match["braced"] or match["quoted"] for match in _ID.finditer(span.value)]
    return {"links": links, "ids": ids, "undescribed": list(find_undescribed(tree))}


def _place(subject: Subject, path: str, text: str, line: int, needle: str) -> tuple[str, int]:
    """Return file and line where the author can mend a line of a page: in the template if it stands there."""
    language, _, page = path.partition("/")
    template = subject.editions(page).get(language)
    if template is None:
        return subject.project.relative(subject.project.docs / f"{path}.md"), line
    shown, lines = text.splitlines()[line - 1], template.text.splitlines()
    same = [number for number, written in enumerate(lines, start=1) if written == shown]
    occurrence = text.splitlines()[:line].count(shown)  # the same opening of a fence stands on many lines
    if same:
        return template.file, same[min(occurrence, len(same)) - 1]
    return template.file, next((number for number, written in enumerate(lines, start=1) if needle in written), 0)


def _near(name: str, names: Any) -> str:
    near = nearest_name(name, names)
    return f"; the nearest is {near}" if near else ""
