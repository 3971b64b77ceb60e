"""References: `{{ ref("name") }}` becomes the word and the number of a figure or table, and a link to it."""

from __future__ import annotations

import re

from bifolio.chapters.context.numbering import ChapterNumbers, find_numbered, shown
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.caption import number_words
from bifolio.chapters.macros.values import Markdown
from bifolio.errors import BifolioError, ChapterError, UnknownNameError, nearest_name
from bifolio.markdown.prose import line_of

_TARGET = r"(?:(?P<chapter>[\w-]+)/)?(?P<name>[A-Za-z0-9_-]+)"
_OPEN = "[](ref:\ue00f"
"""How a reference begins that has no number yet. The character is nobody's (Unicode keeps it for private use), so that
nothing an author writes looks so; text of runs is escaped."""
_REFERENCE = re.compile(rf"{re.escape(_OPEN)}{_TARGET}\)")


def ref(_page: Page, name: object) -> Markdown:
    """Name a figure or table of this chapter, or with `chapter/name` of another; its number is filled in later."""
    if not isinstance(name, str) or not re.fullmatch(_TARGET, name):
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

    def number(reference: re.Match[str]) -> str:
        try:
            return _link(page, reference["chapter"] or page.name, reference["name"], chapters)
        except UnknownNameError as error:
            raise error.at(file, _line(template, reference)) from None

    return _REFERENCE.sub(number, text)


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


def _line(template: str, reference: re.Match[str]) -> int | None:
    written = re.escape(reference[0].removeprefix(_OPEN).removesuffix(")"))
    place = re.search(rf"""\bref\(\s*(["']){written}\1""", template)
    return line_of(template, place.start()) if place else None
