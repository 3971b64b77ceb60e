"""From save to the new text in the open page: `bifolio serve`, and `mkdocs serve --dirty` beside it.

Target: under 0.5 s for this report and for one of 200 pages an edition. Both serve the same report, a copy each, to the
same headless Chromium, and take turns. Ours starts from a template, which has to be rendered; for MkDocs the Markdown
that comes of it is edited, with Material, our drawing of formulas and diagrams, and without our plugin. The line `while
building` is of saves that come right after another, while `bifolio serve` has the site behind it to build; `reload
alone` is the browser reloading a page in which nothing changed. The first save of each is left out. Medians of
wall-clock seconds. Run it with `.venv/bin/python benchmarks/author_loop.py`.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Page, sync_playwright
from report_of_experiments import write_report
from two_hundred_chapters import EXPERIMENTS, write_chapters

SAVES = 7
REPOSITORY = Path(__file__).resolve().parents[1]
BIFOLIO = str(Path(sys.executable).with_name("bifolio"))
CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")


def copy_this_report(folder: Path) -> str:
    """Copy this repository's report; return the name of the chapter that is edited."""
    for name in ("templates", "experiments", "docs", "pyproject.toml", "mkdocs.yml", "mkdocs.en.yml", "references.bib"):
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, folder / name)
    return "background"


def write_large_report(folder: Path) -> str:
    """Write a report of 200 pages an edition, measured; return the name of the chapter that is edited."""
    write_report(folder, EXPERIMENTS)
    write_chapters(folder)
    settings = folder / "pyproject.toml"
    text = settings.read_text(encoding="utf-8").replace('["en"]', '["zh", "en"]')
    settings.write_text(text, encoding="utf-8")
    for template in (folder / "templates" / "pages").glob("*/en.md"):
        shutil.copy(template, template.with_name("zh.md"))
    chapters = sorted(path.name for path in (folder / "templates" / "pages").glob("chapter*"))
    pages = [f"{name}.md" for name in ("index", *chapters, "evidence/index")]
    for name, language in (("mkdocs.yml", "zh"), ("mkdocs.en.yml", "en")):
        inherited = {
            "INHERIT": str(REPOSITORY / name),
            "docs_dir": f"docs/{language}",
            "site_dir": f"site/{language}",
            "nav": pages,
        }
        (folder / name).write_text(yaml.safe_dump(inherited), encoding="utf-8")
    subprocess.run([BIFOLIO, "run"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return chapters[99]


def write_peer_configuration(folder: Path) -> None:
    """Write the English edition's configuration without our plugin: MkDocs with Material, and our drawings."""

    def read(file: Path) -> dict[str, Any]:
        settings: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        parent = settings.pop("INHERIT", None)
        return merged(read(file.parent / parent), settings) if parent else settings

    settings = read(folder / "mkdocs.en.yml")
    del settings["plugins"]["bifolio"]
    (folder / "peer.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")


def merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return settings with others on top, as MkDocs inherits them."""
    both = {key: merged(below[key], value) for key, value in above.items() if isinstance(value, dict) and key in below}
    return {**below, **above, **both}


@contextmanager
def serving(folder: Path, ready: str, *command: str) -> Iterator[Path]:
    """Start a server in a folder and wait until it says that it is ready; yield the file with what it says."""
    log = folder / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
            start_new_session=True,
        )
    try:
        wait_for(log, ready, 1)
        yield log
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def wait_for(log: Path, pattern: str, count: int) -> None:
    """Wait until a server has said something so many times."""
    while len(re.findall(pattern, log.read_text(encoding="utf-8"), re.MULTILINE)) < count:
        time.sleep(0.05)


def seconds(page: Page, source: Path, number: int) -> float:
    """Save a file with a new sentence; return how long it took to stand in the page."""
    text = source.read_text(encoding="utf-8").rpartition("\n\nSave number ")[0] or source.read_text(encoding="utf-8")
    began = time.perf_counter()
    source.write_text(f"{text.rstrip()}\n\nSave number {number}.\n", encoding="utf-8")
    shown = "text => document.body && document.body.textContent.includes(text)"
    page.wait_for_function(shown, arg=f"Save number {number}.", polling=10, timeout=120_000)
    return time.perf_counter() - began


def reload_alone(page: Page, number: int) -> float:
    """Return how long the browser takes to reload a page in which nothing changed: no loop that reloads is quicker."""
    began = time.perf_counter()
    page.evaluate("() => { window.before = true; setTimeout(() => location.reload()); }")
    shown = "text => !window.before && document.body && document.body.textContent.includes(text)"
    page.wait_for_function(shown, arg=f"Save number {number}.", polling=10, timeout=120_000)
    return time.perf_counter() - began


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def measure(ours: Path, name: str, page: Page, other: Page) -> dict[str, list[float]]:
    """Let both serve the same report, and return the seconds of every save."""
    subprocess.run([BIFOLIO, "build"], cwd=ours, check=True, stdout=subprocess.DEVNULL)
    peer = ours.with_name("peer")
    shutil.copytree(ours, peer)
    write_peer_configuration(peer)
    template = ours / "templates" / "pages" / name / "en.md"
    port, other_port = free_port(), free_port()
    mkdocs = (sys.executable, "-m", "mkdocs", "serve", "--dirty", "--livereload")
    sides = ("bifolio serve", "while building", "reload alone", "mkdocs serve --dirty")
    times: dict[str, list[float]] = {side: [] for side in sides}
    with (
        serving(ours, r"^serving ", BIFOLIO, "serve", "--port", str(port)) as log,
        serving(peer, "Serving on", *mkdocs, "-f", "peer.yml", "-a", f"127.0.0.1:{other_port}"),
    ):
        page.goto(f"http://127.0.0.1:{port}/en/{name}.html")
        other.goto(f"http://127.0.0.1:{other_port}/{name}.html")
        time.sleep(10)
        for number in range(0, 2 * SAVES, 2):
            times["bifolio serve"].append(seconds(page, template, number))
            times["while building"].append(seconds(page, template, number + 1))
            wait_for(log, r"^site/en: .*, built", number // 2 + 1)
            time.sleep(3)  # the build of the second save may follow that of the first
            while subprocess.run(["pgrep", "-f", f"rebuild {ours}$"], stdout=subprocess.DEVNULL).returncode == 0:
                time.sleep(0.1)
            times["reload alone"].append(reload_alone(page, number + 1))
            times["mkdocs serve --dirty"].append(seconds(other, peer / "docs" / "en" / f"{name}.md", number))
            time.sleep(1)
    return {side: taken[1:] for side, taken in times.items()}


def main() -> None:
    """Measure both reports and print the medians and the ratios."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for label, write in (("this report", copy_this_report), ("200 pages", write_large_report)):
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch) / "report"
                folder.mkdir()
                name = write(folder)
                context = browser.new_context(viewport={"width": 1280, "height": 800})
                times = measure(folder, name, context.new_page(), context.new_page())
                context.close()
            peer = statistics.median(times["mkdocs serve --dirty"])
            for side, taken in times.items():
                median = statistics.median(taken)
                print(f"{label:<12}  {side:<21} {median:6.2f} s   {median / peer:.2f} times the peer", flush=True)
        browser.close()
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        print(f"load of the machine over the last 1, 5 and 15 minutes: {load}")


if __name__ == "__main__":
    main()
