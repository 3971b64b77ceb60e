"""200 chapters: rendering all of them, against plain Jinja that renders the same templates from plain strings.

Target: at most 6 times Jinja when warm. Both sides have their compiled templates kept from an earlier process, load
them anew for each rendering, read every output file and write it when it differs. Cold is the first rendering of a
process, imports not counted: it reads the evidence and the language's data too, which Jinja's plain strings have not.
Warm is the second. Medians; the sides take turns. Run it with `.venv/bin/python benchmarks/two_hundred_chapters.py`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from report_of_experiments import write_report

CHAPTERS, EXPERIMENTS, REPEATS = 200, 10, 9
PARAGRAPH = "A sentence of prose that says what was measured, how often, and on what, in words that do not change. " * 5
OURS = """
import sys, time
from pathlib import Path
import bifolio.chapters.making, bifolio.figures, bifolio.markdown.dialect  # which rendering loads when it makes a page
from bifolio.chapters import render
from bifolio.project import find_project
project = find_project(Path.cwd())
for _ in range(2):
    began = time.perf_counter()
    render(project, force=True)
    print(time.perf_counter() - began)
"""
JINJA = """
import json, sys, time
from pathlib import Path
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader
context = json.loads(sys.argv[1])
out = Path("plain")
Path(".cache/plain").mkdir(parents=True, exist_ok=True)
out.mkdir(exist_ok=True)
for _ in range(2):
    began = time.perf_counter()
    environment = Environment(
        loader=FileSystemLoader("templates/pages"),
        bytecode_cache=FileSystemBytecodeCache(".cache/plain"),
        comment_start_string="<#--",
        comment_end_string="--#>",
    )
    for template in sorted(Path("templates/pages").glob("*/en.md")):
        text = environment.get_template(f"{template.parent.name}/en.md").render(context).encode()
        target = out / f"{template.parent.name}.md"
        if not target.is_file() or target.read_bytes() != text:
            target.write_bytes(text)
    print(time.perf_counter() - began)
"""


def write_chapters(folder: Path) -> None:
    """Write the chapters' templates, of the size of this report's: ten paragraphs with a number each, and a list."""
    names = [f"chapter_{number:03}" for number in range(CHAPTERS)]
    for number, name in enumerate(names):
        values = [f"{{{{ number_{(number + step) % EXPERIMENTS:02}.size }}}}" for step in range(10)]
        body = "\n\n".join(f"{PARAGRAPH} It is {value}." for value in values)
        body += "\n\n{% for step in range(1, 6) %}\n{{ step }}. Step {{ step }} of the recipe.\n{% endfor %}"
        write_page(folder, name, f"# {name} {{#{name}}}\n\n{body}\n")
    write_page(folder, "index", "# Index {#index}\n")
    settings = folder / "pyproject.toml"
    listed = ", ".join(f'"{name}"' for name in names)
    text = settings.read_text(encoding="utf-8").replace("chapters = []", f'chapters = [{listed}]\npages = ["index"]')
    settings.write_text(text, encoding="utf-8")


def write_page(folder: Path, name: str, text: str) -> None:
    """Write the English template of a page."""
    template = folder / "templates" / "pages" / name / "en.md"
    template.parent.mkdir(parents=True)
    template.write_text(text, encoding="utf-8")


def seconds(folder: Path, *command: str) -> list[float]:
    """Return the seconds that a process says its renderings took, the first and the second."""
    done = subprocess.run([sys.executable, "-c", *command], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return [float(line) for line in done.stdout.split()]


def main() -> None:
    """Measure and print the ratios."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    bifolio = str(Path(sys.executable).with_name("bifolio"))
    context = "{" + ", ".join(f'"number_{n:02}": {{"size": "{n}"}}' for n in range(EXPERIMENTS)) + "}"
    unchanged = OURS.replace("force=True", "force=False")
    sides = {"Jinja": (JINJA, context), "all chapters": (OURS,), "nothing changed": (unchanged,)}
    times: dict[str, list[list[float]]] = {side: [] for side in sides}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_report(folder, EXPERIMENTS)
        write_chapters(folder)
        subprocess.run([bifolio, "run"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        for _ in range(REPEATS + 1):
            for side, command in sides.items():
                times[side].append(seconds(folder, *command))
    for kind, label in enumerate(("cold", "warm")):
        medians = {side: statistics.median(taken[kind] for taken in rounds[1:]) for side, rounds in times.items()}
        for side, median in medians.items():  # the first round, left out above, compiles
            each = f"{median / CHAPTERS * 1000:5.2f} ms a chapter"
            print(f"{label}  {side:<16} {each}   {median / medians['Jinja']:.2f} times Jinja")


if __name__ == "__main__":
    main()
