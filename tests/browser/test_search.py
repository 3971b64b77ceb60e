"""Search finds what readers type, in the edition that they read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import NARROW, WIDE, Visit, search


@pytest.mark.parametrize(
    ("page", "words", "expected"),
    [
        ("zh/index.html", "逐一", "背景：语言模型是什么"),  # stands in mid-sentence, between no spaces
        ("zh/index.html", "感知机", "背景：语言模型是什么"),
        ("zh/practice.html", "Transformer", "背景：语言模型是什么"),
        ("zh/practice.html", "Shannon", "背景：语言模型是什么"),
        ("zh/index.html", "digits_mlp", "digits_mlp"),
        ("en/index.html", "trigram", "Background: what a language model is"),
        ("en/index.html", "baseline", "Background: what a language model is"),  # finds baselines too
        ("en/index.html", "optimizer", "optimizers"),
        ("en/evidence/optimizers.html", "digits_mlp", "digits_mlp"),
    ],
)
def test_a_word_is_found(visit: Callable[..., Visit], page: str, words: str, expected: str) -> None:
    opened = visit(page, searching=True)
    assert expected in search(opened.page, words)
    assert opened.problems == []


def test_each_edition_has_its_own_index(visit: Callable[..., Visit]) -> None:
    for word, own, other in (("grammar", "en", "zh"), ("熵", "zh", "en")):
        assert search(visit(f"{own}/index.html", searching=True).page, word) != []
        assert search(visit(f"{other}/index.html", searching=True).page, word) == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_what_is_found_leads_to_the_page(visit: Callable[..., Visit], width: int) -> None:
    opened = visit("zh/index.html", width=width, searching=True)
    assert "背景：语言模型是什么" in search(opened.page, "困惑度")
    opened.page.wait_for_timeout(500)  # the box slides in
    link = opened.page.locator(".md-search-result__link").first
    box = opened.page.locator(".md-search__scrollwrap").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
    link.click()
    opened.page.wait_for_url("**?h=*")
    opened.page.locator("mark[data-md-highlight]").first.wait_for(state="attached")  # or the test ends here
