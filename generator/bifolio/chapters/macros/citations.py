"""Citations: `[@key]` in a sentence becomes a link to the work in the list of references."""

from __future__ import annotations

import re

from bifolio.bibliography import FILE, UNDATED, Work
from bifolio.chapters.context.edition import REFERENCES
from bifolio.chapters.context.page import Page
from bifolio.errors import CitationError, nearest_name
from bifolio.formats.language import Language
from bifolio.markdown.escaping import escape
from bifolio.markdown.prose import cover, line_of

_KEY = r"[A-Za-z0-9](?:[\w:./+-]*\w)?"
_CITATION = re.compile(
    rf"""
    (?<!\\)\[(?P<group>@{_KEY}(?:[ ]*,[^\[\];@]+)?(?:;[ ]*@{_KEY}(?:[ ]*,[^\[\];@]+)?)*)\](?![(\[])
  | (?P<escaped>\\@)
  | (?<![\w\\@./&+-])@(?P<key>{_KEY})
    """,
    re.VERBOSE | re.ASCII,
)
_ONE = re.compile(rf"@(?P<key>{_KEY})(?:[ ]*,[ ]*(?P<locator>.+))?", re.ASCII | re.DOTALL)
_OPENING, _CLOSING = "(（", ")）"


def resolve_citations(page: Page, text: str, template: str, file: str | None) -> str:
    """Return a page's text with its citations as links; raise CitationError with the template's line for a bad one."""
    if "@" not in text:
        return text
    readable = cover(text)
    parts, end = [], 0
    for match in _CITATION.finditer(readable):
        parts += [text[end : match.start()], _resolved(page, match, readable, template, file)]
        end = match.end()
    return "".join([*parts, text[end:]])


def name_citations(page: Page, text: str) -> str:
    """Return a part of a page's text with its citations as links; the page cites them when all of it is resolved."""
    with page.unnoticed():
        return resolve_citations(page, text, "", None)  # whoever asks knows the place


def cited_work(language: Language, work: Work) -> str:
    """Return how a citation names a work in parentheses: authors and year."""
    return language.say("citation.work", authors=cited_authors(language, work), year=year_of(language, work))


def cited_authors(language: Language, work: Work) -> str:
    """Return one author, two, or the first and others, as Markdown."""
    families = [escape(author.family) for author in work.authors]
    if len(families) > 2 or work.and_others:
        return language.say("citation.many", first=families[0])
    return language.say("citation.two", first=families[0], second=families[1]) if families[1:] else families[0]


def year_of(language: Language, work: Work) -> str:
    """Return a work's year, or that it has none, with its letter."""
    return work.year.replace(UNDATED, language.say("citation.undated"))


def _resolved(page: Page, match: re.Match[str], readable: str, template: str, file: str | None) -> str:
    if match["escaped"]:
        return "&#64;"
    language, start = page.language, match.start()
    if match["key"]:
        work = _work(page, match["key"], template, file)
        page.note("citation", work.key, start)
        authors = cited_authors(language, work)
        return _link(page, language.say("citation.narrative", authors=authors, year=year_of(language, work)), work)
    shown = []
    for one in filter(None, map(_ONE.fullmatch, re.split(r";[ ]*(?=@)", match["group"]))):
        work = _work(page, one["key"], template, file)
        page.note("citation", work.key, start)
        link = _link(page, cited_work(language, work), work)
        locator = one["locator"]
        shown.append(language.say("citation.locator", work=link, locator=locator.strip()) if locator else link)
    works = language.say("citation.separator").join(shown)
    if _in_parentheses(readable, start):
        return works
    return language.say("citation.parentheses", works=works)


def _in_parentheses(readable: str, place: int) -> bool:
    """Tell whether the paragraph has opened a parenthesis before this place, so that the citation needs none."""
    depth = 0
    for mark in readable[readable.rfind("\n\n", 0, place) + 1 : place]:
        depth = depth + 1 if mark in _OPENING else max(0, depth - 1) if mark in _CLOSING else depth
    return depth > 0


def _work(page: Page, key: str, template: str, file: str | None) -> Work:
    if key in page.works:
        return page.works[key]
    place = re.search(rf"@{re.escape(key)}(?![\w:./+-]*\w)", template, re.ASCII)
    raise CitationError(
        f"no work in {FILE} has this key",
        file=file,
        line=line_of(template, place.start()) if place else None,
        found=f"@{key}",
        expected=f"a key of {FILE}, or \\@ for the sign itself",
        nearest=nearest_name(key, page.works),
    )


def _link(page: Page, words: str, work: Work) -> str:
    return f"[{words}]({page.link(REFERENCES)}.md#{work.anchor})"
