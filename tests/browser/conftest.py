"""A real Chromium before this repository's own report, built once and served from a folder that nobody else uses."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest
from bifolio.project import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW = 1280, 360
Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Served:
    """A built site and the address under which it is served."""

    project: Project
    address: str

    @property
    def folder(self) -> Path:
        return self.project.site

    def pages(self) -> list[str]:
        """Return the path of every page, the door and the pages for lost readers included."""
        return sorted(file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*.html"))


@dataclass
class Visit:
    """An open page; `problems` are requests to other hosts or that failed, and complaints in the console."""

    page: Page
    problems: list[str] = field(default_factory=list)


_UNSEARCHABLE = "Bifolio-Unsearchable"
_EMPTY_INDEX = b'{"config": {"fields": {}, "lang": ["en"], "pipeline": [], "separator": " "}, "docs": []}'
"""The index of a whole report keeps a browser busy for longer than the page; only who searches has to wait for it."""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder as static hosts do: without a log, and with the nearest 404.html for what is not there."""

    def do_GET(self) -> None:
        if self.path.endswith("/search_index.json") and _UNSEARCHABLE in self.headers:
            self._send(HTTPStatus.OK, "application/json", _EMPTY_INDEX)
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        folder = Path(str(self.directory))
        edition = folder / urlsplit(self.path).path.split("/")[1] / "404.html"
        page = edition if edition.is_file() else folder / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        self._send(code, "text/html; charset=utf-8", page.read_bytes())

    def _send(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the browser; without one the tests are skipped, but in CI that is a failure."""
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    driver = importlib.util.find_spec("playwright")
    if executable is None or driver is None:
        said = (
            f"no browser: it takes the extra `test` and one of {', '.join(_NAMES)} (Debian: apt-get install chromium)"
        )
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium: Browser, own_site: Project) -> Iterator[Served]:
    """Return this repository's report, rendered and built by the program as it is now."""
    with served(own_site.site) as address:
        yield Served(own_site, address)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder meanwhile; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def visit(chromium: Browser, site: Served) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a page of the site as a reader of its own, with settings of its own."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str = "",
        *,
        scheme: Scheme = "light",
        width: int = WIDE,
        script: bool = True,
        searching: bool = False,
        **settings: Any,
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=script,
            extra_http_headers={} if searching else {_UNSEARCHABLE: "1"},
            **settings,
        )
        contexts.append(context)
        visit = Visit(context.new_page())
        watch(visit, site.address)
        visit.page.goto(path if "://" in path else site.address + path)
        return visit

    yield open_page
    for context in contexts:
        context.close()


def watch(visit: Visit, address: str) -> None:
    """Note what a page must not do."""

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            visit.problems.append(f"another host: {request.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visit.problems.append(f"console: {message.text}")

    visit.page.on("request", asked)
    visit.page.on("requestfailed", lambda request: visit.problems.append(f"failed: {request.url}"))
    visit.page.on("console", said)
    visit.page.on("pageerror", lambda error: visit.problems.append(f"error: {error}"))


def search(page: Page, words: str) -> list[str]:
    """Type into the search as a reader does; return the titles of the pages found."""
    page.wait_for_load_state("networkidle")
    if not page.is_visible(".md-search__input"):
        page.click(".md-header label[for=__search]")
    page.fill(".md-search__input", "")
    page.press(".md-search__input", "End")  # text that is put in at once fires no key
    # Or the answer to "" is taken for that to ours: the theme then says that there are no results.
    _wait_until_said(page, 'said === words["search.result.placeholder"]')
    page.fill(".md-search__input", words)
    page.press(".md-search__input", "End")
    _wait_until_said(
        page,
        """said === words["search.result.none"]
            || (/[0-9]/.test(said) && document.querySelector(".md-search-result__item"))""",
    )
    titles = page.locator(".md-search-result__item h1").all_inner_texts()
    return [title.replace("\u200b", "") for title in titles]  # the theme lets lines break between Chinese words


def _wait_until_said(page: Page, condition: str) -> None:
    """Wait for what the search says of its results: a condition on `said`, in the theme's `words`."""
    page.wait_for_function(
        f"""() => {{
            const said = document.querySelector(".md-search-result__meta").textContent.trim();
            const words = JSON.parse(document.getElementById("__config").textContent).translations;
            return {condition};
        }}"""
    )
