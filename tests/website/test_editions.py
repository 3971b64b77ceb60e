"""Addresses of one page in all editions: beside each other, for search engines, and from the top of a site."""

from __future__ import annotations

from bifolio.formats.language import Language
from bifolio.website.editions import Address, absolute, beside, from_the_top, territory

ALTERNATES = ({"name": "中文", "link": "../zh/", "lang": "zh"}, {"name": "English", "link": "../en/", "lang": "en"})
SITE = "https://example.org/report/zh/"


def test_links_keep_the_page() -> None:
    links = [one["link"] for one in beside(ALTERNATES, "evidence/dice.html")]
    assert links == ["../zh/evidence/dice.html", "../en/evidence/dice.html"]


def test_search_engines_get_whole_addresses() -> None:
    assert absolute(ALTERNATES, SITE, "chance.html") == [
        Address("zh", "https://example.org/report/zh/chance.html"),
        Address("en", "https://example.org/report/en/chance.html"),
        Address("x-default", "https://example.org/report/zh/chance.html"),
    ]
    assert absolute(ALTERNATES, SITE, "index.html")[-1] == Address("x-default", "https://example.org/report/")
    assert absolute(ALTERNATES, "", "chance.html") == [] == absolute((), SITE, "chance.html")


def test_a_page_shown_anywhere_starts_from_the_top() -> None:
    base, alternates = from_the_top(ALTERNATES, SITE, "zh")
    assert (base, alternates[1]["link"]) == ("/report/zh/", "/report/en/index.html")
    base, alternates = from_the_top(ALTERNATES, "", "en")
    assert (base, alternates[0]["link"]) == ("/en/", "/zh/index.html")


def test_locales_for_the_open_graph() -> None:
    found = {code: territory(Language(code, {"locale": code}, "")) for code in ("zh_Hans_CN", "de-DE", "eo")}
    assert found == {"zh_Hans_CN": "zh_CN", "de-DE": "de_DE", "eo": "eo"}
