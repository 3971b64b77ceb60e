"""The author's loop as the author sees it: a real browser before a real `bifolio serve`."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.chapters import render
from bifolio.project import Project, find_project
from bifolio.website.build import build_site

pytest.importorskip("playwright", reason="the browser tests need the extra `test`")

from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REPOSITORY = Path(__file__).parents[2]
FILLING = "\n\n".join(f"Paragraph {number} of many, so that there is something to scroll." for number in range(80))
PROBLEM = "#bifolio-problem"
_PATIENCE = 30_000  # milliseconds: a slow machine is no failure


@pytest.fixture(scope="module")
def report(measured_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a built report whose chapter is longer than a window."""
    from tests.website.conftest import configure

    folder = tmp_path_factory.mktemp("loop") / "tiny"
    shutil.copytree(measured_tiny, folder)
    project = find_project(folder)
    configure(project)
    chapter(project).write_text(f"{chapter(project).read_text(encoding='utf-8')}\n{FILLING}\n", encoding="utf-8")
    render(project)
    build_site(project)
    return project


@pytest.fixture(scope="module")
def address(report: Project) -> Iterator[tuple[str, Path]]:
    """Serve the report; return the address and the file that holds what the terminal shows."""
    log = report.root.parent / "terminal"
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "bifolio", "serve", "--port", "0"],
            cwd=report.root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "generator")},
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        yield (wait_for_line(log, process, r"serving .* at (http://\S+)"), log)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(30) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture
def page(chromium: Browser, address: tuple[str, Path]) -> Iterator[Page]:
    """Return the English chapter in a browser that says when something is wrong with it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(_PATIENCE)
    expect.set_options(timeout=_PATIENCE)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    with opened.expect_response("**/_bifolio/events*"):
        opened.goto(f"{address[0]}en/chance.html")
    yield opened
    context.close()
    assert complaints == []


def chapter(project: Project) -> Path:
    return project.templates / "pages/chance/en.md"


def wait_for_line(log: Path, process: subprocess.Popen[bytes], pattern: str) -> str:
    end = time.monotonic() + 90
    while not (found := re.search(pattern, log.read_text(encoding="utf-8"))):
        assert process.poll() is None and time.monotonic() < end, log.read_text(encoding="utf-8")
        time.sleep(0.05)
    return found[1]


def count_loads(page: Page) -> Callable[[], int]:
    """Return a function that tells how often the page was loaded since."""
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    return lambda: len(loads)


def count_replacements(page: Page) -> Callable[[], int]:
    """Return a function that tells how often the page's text was put in the place of the one before since."""
    page.evaluate(
        "() => { window.replaced = 0; document.addEventListener('bifolio:text', () => { window.replaced += 1; }); }"
    )
    return lambda: int(page.evaluate("window.replaced"))


def settle(page: Page, log: Path, lines: int) -> None:
    """Wait until the site was built once more, and then a while, in which nothing should happen."""
    end = time.monotonic() + 90
    while builds(log) < lines:
        assert time.monotonic() < end, log.read_text(encoding="utf-8")
        page.wait_for_timeout(50)
    page.wait_for_timeout(1000)


def builds(log: Path) -> int:
    return sum(line.endswith(", built") for line in log.read_text(encoding="utf-8").splitlines())


def test_a_save_replaces_the_text_once_and_keeps_the_position(
    page: Page, report: Project, address: tuple[str, Path]
) -> None:
    page.evaluate("scrollTo({ top: 1500, behavior: 'instant' })")
    position = page.evaluate("scrollY")
    assert position > 1000
    loads, replacements, before = count_loads(page), count_replacements(page), builds(address[1])
    text = chapter(report).read_text(encoding="utf-8")
    chapter(report).write_text(f"{text}\nA sentence saved a moment ago.\n", encoding="utf-8")
    expect(page.get_by_text("A sentence saved a moment ago.")).to_be_attached()
    settle(page, address[1], before + 1)
    assert (loads(), replacements()) == (0, 1), "the site that was built behind looks the same"
    assert abs(page.evaluate("scrollY") - position) <= 2
    assert "A sentence saved" in (report.site / "en" / "chance.html").read_text(encoding="utf-8")


def test_a_save_touches_what_it_changed_and_nothing_else(page: Page, report: Project) -> None:
    page.wait_for_timeout(1500)  # until the page knows how it was sent
    paragraphs = page.locator("article > p")
    page.evaluate("document.querySelectorAll('article > *').forEach((block, place) => { block.placed = place; })")
    text = chapter(report).read_text(encoding="utf-8")
    number = "Now it names {{ dice.fair.mean }}, and its card."
    before = paragraphs.count()
    try:
        for written in (text.replace("Paragraph 7 of many", f"{number}\n\nParagraph 7 of few"), text):
            chapter(report).write_text(written, encoding="utf-8")
            new = page.get_by_text("Now it names")
            expect(new).to_have_count(1 if written != text else 0)
            expect(paragraphs).to_have_count(before + (written != text))
            unplaced = page.evaluate(
                "[...document.querySelectorAll('article > *')].filter(b => !('placed' in b)).length"
            )
            assert unplaced == (2 if written != text else 1), "paragraph 7 alone is new each time"
            if written != text:
                link = new.locator("a.bf-value")
                assert link.get_attribute("title") is None, "its card shows it"
                link.hover()
                expect(page.locator("#bf-card")).to_contain_text("dice.fair.mean")
                page.mouse.move(0, 0)
    finally:
        chapter(report).write_text(text, encoding="utf-8")
    order = page.evaluate("[...document.querySelectorAll('article > p')].map(b => b.textContent)")
    assert [line for line in order if line.startswith("Paragraph")] == FILLING.split("\n\n")


def test_what_replaced_the_text_is_met_as_what_was_loaded(page: Page, report: Project) -> None:
    buttons = page.locator(".md-code__nav").count()
    frames = page.locator(".md-typeset__scrollwrap").count()
    text = chapter(report).read_text(encoding="utf-8")
    added = "```python\nnew = 1\n```\n\n| a | b |\n| --- | --- |\n| {{ dice.fair.mean }} | 2 |\n\n## Late {#late}\n"
    loads = count_loads(page)
    try:
        chapter(report).write_text(f"{text}\n{added}", encoding="utf-8")
        expect(page.locator("h2#late")).to_be_attached()
        expect(page.locator(".md-typeset__scrollwrap")).to_have_count(frames + 1)
        page.locator("h2#late").scroll_into_view_if_needed()
        expect(page.locator(".md-code__nav")).to_have_count(buttons + 1)
        expect(page.locator(".md-nav--secondary a[href='#late']").last).to_be_attached()
        number = page.locator("table a.bf-value").last
        assert number.get_attribute("title") is None, "its card shows it, not the browser"
        number.hover()
        expect(page.locator("#bf-card")).to_contain_text("dice.fair.mean")
        assert loads() == 0
    finally:
        chapter(report).write_text(text, encoding="utf-8")
    expect(page.locator("h2#late")).to_have_count(0)
    expect(page.locator("#bf-card")).to_be_hidden()


def test_what_the_page_loads_is_loaded_anew(page: Page, report: Project) -> None:
    text = chapter(report).read_text(encoding="utf-8")
    loads = count_loads(page)
    page.evaluate("scrollTo({ top: 1500, behavior: 'instant' })")
    try:
        figure = "{{ figure(dice.fair.running_mean, x='throws', y='mean', title='Settling', caption='Loaded anew.') }}"
        chapter(report).write_text(f"{text}\n{figure}\n", encoding="utf-8")
        expect(page.get_by_text("Loaded anew.")).to_be_attached()
        page.wait_for_load_state("load")
        page.wait_for_timeout(500)
        assert loads() == 1 and abs(page.evaluate("scrollY") - 1500) <= 2
    finally:
        chapter(report).write_text(text, encoding="utf-8")
    expect(page.get_by_text("Loaded anew.")).to_have_count(0)


def test_saves_in_quick_succession_keep_the_position(page: Page, report: Project) -> None:
    page.evaluate("scrollTo({ top: 1500, behavior: 'instant' })")
    text = chapter(report).read_text(encoding="utf-8")
    for number in range(4):
        chapter(report).write_text(f"{text}\nQuick save {number}.\n", encoding="utf-8")
        page.wait_for_timeout(120)
    expect(page.get_by_text("Quick save 3.")).to_be_attached()
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)
    assert abs(page.evaluate("scrollY") - 1500) <= 2


def test_another_page_is_left_alone(page: Page, report: Project, address: tuple[str, Path]) -> None:
    with page.expect_response("**/_bifolio/events*"):
        page.goto(f"{address[0]}zh/letters.html")
    loads, before = count_loads(page), builds(address[1])
    text = chapter(report).read_text(encoding="utf-8")
    chapter(report).write_text(f"{text}\nNothing for Chinese readers.\n", encoding="utf-8")
    settle(page, address[1], before + 1)
    assert loads() == 0


def test_an_error_is_shown_over_the_page_and_goes_when_it_is_mended(page: Page, report: Project) -> None:
    text = chapter(report).read_text(encoding="utf-8")
    line = len(text.splitlines()) + 2
    loads = count_loads(page)
    try:
        chapter(report).write_text(f"{text}\n{{{{ dice.fair.meen }}}} <img src=x onerror=alert(1)>\n", encoding="utf-8")
        panel = page.locator(PROBLEM)
        expect(panel).to_be_visible()
        said = panel.inner_text()
        assert f"templates/pages/chance/en.md:{line}: there is no such name in the results of dice" in said
        assert re.search(r"found:\s+meen", said) and re.search(r"nearest:\s+mean", said)
        assert page.get_by_role("heading", level=1).is_visible() and loads() == 0, "the last good page stands behind"
        chapter(report).write_text(f"{text}\n$\\fra{{1}}{{2}}$ <b>bold</b>\n", encoding="utf-8")
        expect(panel).to_contain_text("fra")
        assert panel.locator("b, img").count() == 0, "what the author wrote is shown as text"
    finally:
        chapter(report).write_text(text, encoding="utf-8")
    expect(page.locator(PROBLEM)).to_have_count(0)
    chapter(report).write_text(f"{text}\nMended and more.\n", encoding="utf-8")
    expect(page.get_by_text("Mended and more.")).to_be_attached()


def test_an_error_of_the_build_is_shown_too(page: Page, report: Project) -> None:
    text = chapter(report).read_text(encoding="utf-8")
    try:
        chapter(report).write_text(f"{text}\n[nowhere](absent.md)\n", encoding="utf-8")
        expect(page.locator(PROBLEM)).to_contain_text("contains a link 'absent.md'")
    finally:
        chapter(report).write_text(text, encoding="utf-8")
    expect(page.locator(PROBLEM)).to_have_count(0)


def test_a_result_that_was_measured_again_reaches_its_evidence_page(
    page: Page, report: Project, address: tuple[str, Path]
) -> None:
    with page.expect_response("**/_bifolio/events*"):
        page.goto(f"{address[0]}en/evidence/dice.html")
    code = report.experiments / "dice.py"
    code.write_text(code.read_text(encoding="utf-8") + "\n\ndef another() -> int:\n    return 1\n", encoding="utf-8")
    expect(page.get_by_text("def another")).to_be_attached()
    assert "dice is stale" in address[1].read_text(encoding="utf-8")


def test_the_door_leads_to_the_editions(page: Page, address: tuple[str, Path]) -> None:
    page.goto(address[0])
    page.wait_for_url("**/en/index.html")
    assert page.get_by_role("heading", level=1).is_visible()
