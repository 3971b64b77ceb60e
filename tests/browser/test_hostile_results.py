"""Results whose every free text is a script: opened in a browser, site and HTML file run none of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from bifolio.chapters import render
from bifolio.errors import ResultError
from bifolio.export import export
from bifolio.project import Project, find_project
from bifolio.results.reading import read_record
from bifolio.results.record import Result
from bifolio.results.store import encode_data
from bifolio.website.build import build_site

from tests.browser.conftest import served
from tests.payloads import PAYLOADS, text_paths, with_text
from tests.website.conftest import configure

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KEPT = ("fingerprint", "consumed", "config")
"""What decides whether a result is shown at all; the prompts are asked for by a chapter."""


@pytest.fixture(scope="module")
def hostile(measured_tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a report with site and HTML file whose results hold a payload in each text that may be anything."""
    folder = tmp_path_factory.mktemp("hostile") / "tiny"
    shutil.copytree(measured_tiny, folder)
    project = find_project(folder)
    configure(project)
    for template in (folder / "templates/pages/chance").glob("*.md"):  # exports want a diagram's words
        text = template.read_text(encoding="utf-8")
        described = text.replace("flowchart LR\n", "flowchart LR\n  accTitle: A\n  accDescr: B\n")
        template.write_text(described, encoding="utf-8")
    placed = sum(poison(path) for path in sorted((folder / "experiments/results").rglob("seed-*.json")))
    assert placed > 300
    render(project)
    build_site(project)
    export(project, "html")
    return project


def poison(path: Path) -> int:
    """Put payloads into a stored result; return how many it took.

    A place has the same one in all results of a variant, and a unit in all of a report, for these have to agree.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    schema, placed = data.pop("schema"), 0
    del data["checksum"]
    for place in text_paths(data):
        about = place[-2:] if place[-1] == "unit" else (*path.parts[-4:-1], *place)
        changed: Any = with_text(data, place, PAYLOADS[crc32(repr(about).encode()) % len(PAYLOADS)])
        if place[0] in KEPT or place[-1] == "prompt" or not accepted(changed):
            continue
        data, placed = changed, placed + 1
    path.write_bytes(encode_data({**data, "schema": schema}))
    return placed


def accepted(data: dict[str, Any]) -> bool:
    try:
        read_record(data, Result, "a.json")
    except ResultError:
        return False
    return True


@pytest.fixture(scope="module")
def address(hostile: Project) -> Iterator[str]:
    with served(hostile.root) as at:
        yield at


def test_nothing_that_a_result_holds_is_run(chromium: Browser, hostile: Project, address: str) -> None:
    """The policy of the pages is set aside: it would hide a text that is not escaped."""
    files = [*hostile.site.rglob("*.html"), *(hostile.root / "dist").glob("*.html")]
    context = chromium.new_context(bypass_csp=True)
    context.add_init_script("window.hit = () => { window.wasHit = true }")
    page, asked, shown = context.new_page(), [], ""
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    for file in sorted(files):
        page.goto(address + file.relative_to(hostile.root).as_posix())
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.wait_for_timeout(50)
        assert not page.evaluate("window.wasHit"), file
        bad = "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a =>"
        assert page.evaluate(f"{bad} /^on/.test(a.name) && /hit/.test(a.value)).map(a => a.value)") == [], file
        assert page.evaluate(f"{bad} /^\\s*javascript:/i.test(a.value)).map(a => a.value)") == [], file
        shown += page.inner_text("body")
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert sum(f"{code}" in shown for code in ("<script>hit()</script>", "onerror=", "javascript:")) == 3
