"""How an edition's pages know of the other editions: addresses of the same page, and what each language is called."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bifolio.formats.language import Language

Alternate = Mapping[str, str]
"""An entry of `extra.alternate` in MkDocs' configuration: name, link from the edition's top, lang."""


@dataclass(frozen=True)
class Address:
    """Where a page stands in an edition, as search engines want to know it: with the host."""

    language: str
    address: str


def beside(alternates: tuple[Alternate, ...], page: str) -> list[dict[str, str]]:
    """Return the alternates with links to a page, whose address starts at the top of its edition."""
    return [{**alternate, "link": posixpath.join(alternate["link"], page)} for alternate in alternates]


def absolute(alternates: tuple[Alternate, ...], site: str, page: str) -> list[Address]:
    """Return where a page stands in every edition, and under `x-default` where a reader of another language starts.

    `site` is the address of the edition itself; nothing is said of a site that has none.
    """
    if not site or not alternates:
        return []
    found = [Address(one["lang"], urljoin(urljoin(site, one["link"]), page)) for one in alternates]
    door = urljoin(site, "../") if page in ("", "index.html") else found[0].address
    return [*found, Address("x-default", door)]


def from_the_top(alternates: tuple[Alternate, ...], site: str, language: str) -> tuple[str, list[dict[str, str]]]:
    """Return the base address of a page that a server shows anywhere, and alternates that work from there."""
    base = urlsplit(site).path if site else f"/{language}/"
    return base, [
        {**one, "link": posixpath.join(posixpath.normpath(posixpath.join(base, one["link"])), "index.html")}
        for one in alternates
    ]


def territory(language: Language) -> str:
    """Return a language's locale as the Open Graph protocol writes it: language_TERRITORY."""
    parts = language.locale.replace("-", "_").split("_")
    return parts[0] if len(parts) == 1 else f"{parts[0]}_{parts[-1]}"
