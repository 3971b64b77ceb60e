"""A report of ten chapters and 34 pages of evidence, exported in both languages, beside Chromium printing the HTML.

Target: both languages and both formats in less than 60 s on two cores; an HTML file of less than 6 MB. The report is
this one, with its pages repeated under other names; formulas, diagrams and each experiment's own code differ from copy
to copy, so that nothing is made only once. Cold starts without kept subsets of fonts, warm has them; both in one
process of their own.
Run it with `.venv/bin/python benchmarks/export.py`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from bifolio.export.html import write_html
from bifolio.export.manuscript import Manuscript, ManuscriptPage, Part, read_manuscript
from bifolio.export.pdf import write_pdf
from bifolio.markdown.reading import read
from bifolio.project import find_project

REPOSITORY = Path(__file__).resolve().parents[1]
CHAPTERS, EVIDENCE = 10, 34
FORMATS = {"html": write_html, "pdf": write_pdf}
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-pdf-header-footer")


def grown(manuscript: Manuscript) -> Manuscript:
    """Return an edition of the size that the report is going to have."""
    parts: tuple[Part, ...] = ("appendix", "references")
    kept = tuple(page for part in parts for page in manuscript.part(part))
    chapters = tuple(_copies(manuscript.part("chapter"), CHAPTERS))
    return replace(manuscript, pages=(*chapters, *kept, *_copies(manuscript.part("evidence"), EVIDENCE)))


def _copies(pages: tuple[ManuscriptPage, ...], count: int) -> Iterator[ManuscriptPage]:
    for number, page in enumerate(islice(cycle(pages), count)):
        copy = number // len(pages)
        name = f"{page.name}-{copy + 1}" if copy else page.name
        own = page.text.replace("```python\n", f"```python\n# copy {copy}\n", 1) if copy else page.text
        yield replace(page, name=name, text=_varied(own, copy))


def _varied(text: str, copy: int) -> str:
    """Return a page whose formulas and diagrams look the same and are not."""
    parts, end = [], 0
    for drawn in read(text).drawn():
        shown = text[drawn.start : drawn.end]
        closing = "\n%% copy" if drawn.kind == "diagram" else " {}"
        head, mark, tail = shown.rpartition("\n```" if drawn.kind == "diagram" else "$$" if "$$" in shown else "$")
        source = f"{head.rstrip()}{closing * copy}" if copy else head
        parts += [text[end : drawn.start], source, mark, tail]
        end = drawn.end
    return "".join([*parts, text[end:]])


def export_all(folder: Path) -> None:
    """Print how long each format takes in each language, and how large the file is; caches lie in the folder."""
    project = find_project(REPOSITORY)
    elsewhere = replace(project, root=folder)
    for format, write in FORMATS.items():
        for language in project.languages:
            manuscript = grown(read_manuscript(project, language))
            began = time.perf_counter()
            data = write(elsewhere, manuscript, lambda _: None)
            took = time.perf_counter() - began
            (folder / f"report.{language}.{format}").write_bytes(data)
            print(f"  {format} {language}: {took:5.1f} s, {len(data) / 1e6:.1f} MB", flush=True)


def print_with_chromium(page: Path) -> None:
    """Print how long Chromium takes to print a page as PDF."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        print("  Chromium: not installed")
        return
    with tempfile.TemporaryDirectory() as profile:
        began = time.perf_counter()
        command = [
            browser,
            *_QUIET,
            f"--user-data-dir={profile}",
            f"--print-to-pdf={page.with_suffix('.chromium.pdf')}",
        ]
        subprocess.run([*command, page.as_uri()], check=True, capture_output=True)
        print(f"  Chromium prints {page.name}: {time.perf_counter() - began:5.1f} s")


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for temperature in ("cold", "warm"):
            print(f"{temperature}:", flush=True)
            began = time.perf_counter()
            subprocess.run([sys.executable, __file__, str(folder)], check=True, cwd=REPOSITORY)
            print(f"  all, with the start of Python: {time.perf_counter() - began:5.1f} s", flush=True)
        for page in sorted(folder.glob("*.html")):
            print_with_chromium(page)


if __name__ == "__main__":
    if sys.argv[1:]:
        export_all(Path(sys.argv[1]))
    else:
        main()
