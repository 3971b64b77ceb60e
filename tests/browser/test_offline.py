"""Every page stands alone: no request to another host, nothing that its policy refuses, no error in the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import TimeoutError

from tests.browser.conftest import WIDE, Served, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

_NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation",
        (event) => window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""


def scroll_through(page: Page) -> None:
    """Show every part of a page once: some images load, and some scripts run, only when they come into view.

    Raises TimeoutError after a minute: `evaluate` would wait for ever where the browser no longer answers.
    """
    page.evaluate(  # a busy browser may paint no frame for a page, and then would be waited for in vain
        """() => {
            const scroll = async () => {
                for (let top = 0; top < document.scrollingElement.scrollHeight; top += innerHeight - 100) {
                    window.scrollTo({top, behavior: "instant"});
                    await new Promise((seen) => { requestAnimationFrame(seen); setTimeout(seen, 50); });
                }
                window.scrolledThrough = true;
            };
            scroll();
        }"""
    )
    page.wait_for_function("() => window.scrolledThrough", polling=50, timeout=60_000)
    page.wait_for_load_state("networkidle")


def look_at(opened: Visit, address: str) -> list[str]:
    """Return what is wrong with a page once all of it was seen; a page that the browser never shows is tried again."""
    for attempt in range(3):
        try:
            opened.page.goto(address)
            scroll_through(opened.page)
            break
        except TimeoutError:
            if attempt == 2:
                raise
            opened.problems.clear()
    found = [*opened.problems, *opened.page.evaluate("window.violations")]
    opened.problems.clear()
    return found


# In four parts, because so many pages take their time where the browser has half a core.
@pytest.mark.parametrize("edition", ["zh", "en"])
@pytest.mark.parametrize("evidence", [False, True])
def test_no_page_asks_another_host_or_breaks_its_policy(
    site: Served, visit: Callable[..., Visit], edition: str, evidence: bool
) -> None:
    opened = visit(f"{edition}/index.html", searching=not evidence)
    opened.page.set_viewport_size({"width": WIDE, "height": 4 * WIDE})  # a hundred screens a page become twenty
    opened.page.wait_for_load_state("networkidle")
    opened.page.add_init_script(_NOTE_VIOLATIONS)
    found = {}
    for path in site.pages():
        owner = path.split("/")[0] if "/" in path else "en"
        if path == "index.html" or owner != edition or ("/evidence/" in path) is not evidence:
            continue  # the door leads on at once
        found[path] = look_at(opened, site.address + path)
    assert {path: problems for path, problems in found.items() if problems} == {}
    assert len(found) > 15


def test_the_policy_is_in_force(visit: Callable[..., Visit]) -> None:
    opened = visit("en/index.html")
    opened.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.intruder = true";
            document.body.append(script);
            const image = document.createElement("img");
            image.src = "https://example.org/picture.png";
            document.body.append(image);
        }"""
    )
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("window.intruder === undefined")
    assert sum("Content Security Policy" in problem for problem in opened.problems) == 2, opened.problems


@pytest.mark.parametrize(("language", "edition"), [("zh-CN", "zh"), ("en-GB", "en")])
def test_the_door_leads_to_the_reader_s_language(visit: Callable[..., Visit], language: str, edition: str) -> None:
    opened = visit("index.html", locale=language)
    opened.page.wait_for_url(f"**/{edition}/index.html")
    # The door gives up its own loading when it leads on.
    assert [problem for problem in opened.problems if not problem.startswith("failed: ")] == []


def test_another_language_chooses_at_the_door(visit: Callable[..., Visit]) -> None:
    opened = visit("index.html", locale="de-DE")
    opened.page.wait_for_load_state("networkidle")
    assert opened.page.locator("main a").count() == 2 and opened.problems == []


def test_the_code_can_be_copied(visit: Callable[..., Visit]) -> None:
    opened = visit("en/evidence/digits_mlp.html", permissions=["clipboard-read", "clipboard-write"])
    button = opened.page.locator(".md-code__button").first
    button.scroll_into_view_if_needed()
    button.click()
    opened.page.wait_for_selector(".md-dialog--active")
    assert opened.page.evaluate("navigator.clipboard.readText()").strip() == "bifolio reproduce digits_mlp --force"
    assert opened.problems == []


@pytest.mark.parametrize("page", ["index.html", "practice.html", "evidence/digits_mlp.html"])
def test_a_page_can_be_read_from_a_disk(site: Served, visit: Callable[..., Visit], page: str) -> None:
    opened = visit((site.folder / "zh" / page).as_uri())
    opened.page.wait_for_load_state("networkidle")
    refused = [problem for problem in opened.problems if "Content Security Policy" in problem]
    assert refused == []
    assert opened.page.locator("html.js").count() == 1, "Material's script ran"
    paper = opened.page.evaluate("getComputedStyle(document.body).getPropertyValue('--bf-paper')")
    assert paper.strip(), "the style sheets were loaded"
