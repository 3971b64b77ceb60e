"""Rules about what pages point to: links within an edition lead somewhere, pictures are told in words."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from bifolio.chapters.writing import all_files
from bifolio.check.finding import Finding
from bifolio.check.rendered import place_of, rendered_pages
from bifolio.check.subject import Subject
from bifolio.errors import nearest_name
from bifolio.markdown.tree import leads_elsewhere


def dead_links(subject: Subject) -> Iterator[Finding]:
    """Yield the links of docs/ that lead to no file of their edition, or to no heading of it."""
    composition = subject.composition
    files = all_files(composition)
    # where a chapter fails, its edition's evidence is not made either: what links lead to is not known yet
    unmade = {path.partition("/")[0] for path in composition.errors}
    pages = {path: (text, known) for path, text, known in rendered_pages(subject)}
    for path, (text, known) in pages.items():
        language, _, name = path.partition("/")
        for line, target in known["links"]:
            link, _, fragment = target.partition("#")
            aim = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(link))) if link else f"{name}.md"
            page = f"{language}/{aim.removesuffix('.md')}"
            problem = ""
            if leads_elsewhere(target):
                problem = "an address that begins with https:, http: or mailto:"
            elif aim.removeprefix("../").partition("/")[0] in subject.project.languages and aim.startswith("../"):
                problem = "a page of this edition; from one to the other every page has its switch"
            elif not aim.endswith(".md") or page not in pages:
                there = f"{language}/{aim}" in files or (subject.project.docs / language / aim).is_file()
                if aim.startswith(("../", "/")) or not (there or language in unmade):
                    problem = f"a file of the edition{_near(aim, (path[len(language) + 1 :] for path in files))}"
            elif fragment and unquote(fragment) not in pages[page][1]["ids"]:
                problem = f"an id on {aim}{_near(unquote(fragment), pages[page][1]['ids'])}"
            if problem:
                file, place = place_of(subject, path, text, line)
                yield Finding("dead-link", file, place, language, target, problem)


def missing_alternatives(subject: Subject) -> Iterator[Finding]:
    """Yield pictures without words for those who do not see them: images without alt, undescribed diagrams."""
    for path, text, known in rendered_pages(subject):
        for line, found, expected in known["undescribed"]:
            file, place = place_of(subject, path, text, line)
            yield Finding("missing-alt", file, place, path.partition("/")[0], found, expected)


def _near(name: str, names: Any) -> str:
    near = nearest_name(name, names)
    return f"; the nearest is {near}" if near else ""
