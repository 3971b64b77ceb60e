"""References: `{{ ref("name") }}` becomes the word and the number of a figure or table, and a link to it."""

from __future__ import annotations

import re

from bifolio.chapters.context.numbering import ChapterNumbers, find_numbered, shown
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.caption import number_words
from bifolio.chapters.macros.values import Markdown
from bifolio.errors import BifolioError, ChapterError, UnknownNameError, nearest_name
from bifolio.markdown.prose import line_of
from bifolio.markdown.reading import read

_TARGET = re.compile(r"ref:(?:(?P<chapter>[\w-]+)/)?(?P<name>[A-Za-z0-9_-]+)")
_OPEN = "[](ref:"
"""How a reference begins that has no number yet; text of runs is escaped, so that it never looks so."""


def ref(_page: Page, name: object) -> Markdown:
    """Name a figure or table of this chapter, or with `chapter/name` of another; its number is filled in later."""
    if not isinstance(name, str) or not _TARGET.fullmatch(f"ref:{name}"):
        expected = 'ref("name"), or ref("chapter/name") for one of another chapter'
        raise ChapterError("this names no figure or table", found=f"ref({name!r})", expected=expected)
    return Markdown(f"{_OPEN}{name})")


def is_open(text: str) -> bool:
    """Tell whether a text has references without a number."""
    return _OPEN in text


def resolve_references(page: Page, text: str, chapters: ChapterNumbers, template: str, file: str) -> str:
    """Return a page's text in which its references have their numbers.

    Raises UnknownNameError, with the template's line, for one that leads nowhere, and the error of a chapter that is
    named and could not be made.
    """
    if not is_open(text):
        return text
    parts, end = [], 0
    for span in read(text).spans:
        target = _TARGET.fullmatch(span.value) if span.kind == "target" else None
        start = span.start - 2
        if target and text.startswith(_OPEN, start):
            try:
                parts += [text[end:start], _link(page, target["chapter"] or page.name, target["name"], chapters)]
            except UnknownNameError as error:
                raise error.at(file, _line(template, target)) from None
            end = span.end
    return "".join([*parts, text[end:]])


def _link(page: Page, chapter: str, name: str, chapters: ChapterNumbers) -> str:
    target = f"{chapter}/{name}"
    found = find_numbered(target, {**chapters, page.name: page.numbered})
    if isinstance(found, BifolioError):
        raise found
    if found is None:
        raise _unknown(page, chapter, name, chapters)
    if chapter != page.name:
        page.refer(target, shown(found))
    where = "" if chapter == page.name else f"{page.link(chapter)}.md"
    return f"[{number_words(page, found.sort, found.number)}]({where}#{found.anchor})"


def _unknown(page: Page, chapter: str, name: str, chapters: ChapterNumbers) -> UnknownNameError:
    """Return the error that names what is numbered there, and what is nearest anywhere."""
    numbers = page.numbered if chapter == page.name else chapters.get(chapter, ())
    here = [] if isinstance(numbers, BifolioError) else [one.name for one in numbers]
    others = {
        f"{other}/{one.name}": one.name
        for other, found in chapters.items()
        if other != page.name and not isinstance(found, BifolioError)
        for one in found
    }
    same = next((target for target, other in others.items() if other == name), None)
    written = name if chapter == page.name else f"{chapter}/{name}"
    candidates = here if chapter == page.name else [f"{chapter}/{one}" for one in here]
    return UnknownNameError(
        f"no figure or table with a number has this name in the chapter {chapter}",
        found=f'ref("{written}")',
        expected=", ".join(candidates) or 'ref("chapter/name"): figures and tables are numbered in chapters alone',
        nearest=nearest_name(written, candidates) or same or nearest_name(written, others),
    )


def _line(template: str, target: re.Match[str]) -> int | None:
    written = re.escape(target[0].removeprefix("ref:"))
    place = re.search(rf"""\bref\(\s*(["']){written}\1""", template)
    return line_of(template, place.start()) if place else None
