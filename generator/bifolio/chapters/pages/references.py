"""The page of references: every work that the report cites, with the pages that cite it."""

from __future__ import annotations

from collections.abc import Sequence

from bifolio.bibliography import Author, Work
from bifolio.chapters.context.edition import Users
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.citations import year_of
from bifolio.formats.language import Language
from bifolio.markdown.escaping import escape

_WHERE = ("journal", "booktitle", "howpublished", "publisher", "institution", "organization", "school")


def references_page(page: Page, citers: Users) -> str:
    """Return the list of the works cited, by author and year."""
    works = sorted((page.works[key] for key in citers), key=_order)
    items = [f"- {_entry(page.language, work)}{_cited(page, citers[work.key])}" for work in works]
    title = f"# {page.say('references.title')} {{#references}}"
    return "\n\n".join([title, page.say("references.lead"), "\n".join(items)]) + "\n"


def _order(work: Work) -> tuple[object, ...]:
    return ([author.family.casefold() for author in work.authors], work.year, work.title.casefold(), work.key)


def _entry(language: Language, work: Work) -> str:
    """Return authors, year, title, where it appeared, and links that load nothing."""
    authors = [_author(language, author) for author in work.authors]
    named = language.say("references.separator").join(authors)
    if work.and_others:
        named = language.say("references.others", authors=named)
    parts = [
        language.say("references.work", authors=named, year=year_of(language, work), title=escape(work.title)),
        *filter(None, [_where(language, work), escape(work.fields.get("note", ""))]),
    ]
    text = language.say("references.join").join(parts)
    links = " · ".join(_links(work))
    anchor = f'<span id="{work.anchor}"></span>'
    return language.say("references.entry", text=f"{anchor}{text}", links=links) if links else f"{anchor}{text}"


def _author(language: Language, author: Author) -> str:
    if not author.given:
        return escape(author.family)
    return language.say("references.author", family=escape(author.family), given=escape(author.given))


def _where(language: Language, work: Work) -> str:
    """Return journal or proceedings with volume, number and pages."""
    where = next((work.fields[name] for name in _WHERE if work.fields.get(name)), "")
    volume, number, pages = (escape(work.fields.get(name, "")) for name in ("volume", "number", "pages"))
    issue = f"{volume}({number})" if volume and number else volume
    name = f"*{escape(where)}*" if where else ""
    return language.say("references.parts").join(filter(None, [name, issue, pages]))


def _links(work: Work) -> list[str]:
    """Return DOI, arXiv and other addresses; what a Markdown link cannot hold is percent-encoded."""
    fields = work.fields
    addresses = {}
    if fields.get("doi"):
        addresses[f"doi:{fields['doi']}"] = f"https://doi.org/{fields['doi']}"
    if fields.get("eprint") and fields.get("archiveprefix", "arXiv").lower() == "arxiv":
        addresses[f"arXiv:{fields['eprint']}"] = f"https://arxiv.org/abs/{fields['eprint']}"
    address = fields.get("url", "")
    if address.startswith(("https://", "http://")) and address not in addresses.values():
        addresses[address.split("/")[2]] = address
    return [f"[{escape(name)}]({_encoded(address)})" for name, address in addresses.items()]


def _encoded(address: str) -> str:
    from urllib.parse import quote

    return quote(address, safe="/:?#@!$&,;=~+%-._")


def _cited(page: Page, pages: Sequence[tuple[str, str]]) -> str:
    links = page.say("literal.separator").join(f"[{title}]({page.link(name)}.md)" for name, title in pages)
    return page.say("references.cited", pages=links)
