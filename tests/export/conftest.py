"""The tiny report as exports want it: its diagrams are described."""

from __future__ import annotations

import re
import shutil
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.export import export
from bifolio.project import Project, find_project

from tests.conftest import MadeOnce

KINDS = {
    "wheel.gif": b64decode("R0lGODdhAQABAIEAAICAgAAAAAAAAAAAACwAAAAAAQABAAAIBAABBAQAOw=="),
    "wheel.jpg": b64decode(
        f"/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP{'/' * 86}wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAA"
        "AAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
    ),
    "wheel.png": b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
    ),
    "wheel.svg": (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="900"><script>turn()</script>'
        b'<circle cx="40" cy="450" r="39"/></svg>'
    ),
    "wheel.webp": b64decode("UklGRh4AAABXRUJQVlA4TBEAAAAvAAAAAAdQwAIWsP+BiOh/AAA="),
}
"""The smallest pictures, and a tall drawing with a script in it."""


@pytest.fixture(scope="session")
def described(measured_tiny: Path, made_once: MadeOnce) -> Path:
    """Return a measured and rendered report whose diagrams are described; nobody writes into it."""

    def fill(folder: Path) -> None:
        shutil.copytree(measured_tiny, folder)
        for path in (folder / "templates/pages/chance").glob("*.md"):
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r"(flowchart LR\n)", r"\1  accTitle: A\n  accDescr: B\n", text), encoding="utf-8")
        render(find_project(folder))

    return made_once("described/tiny", fill)


@pytest.fixture
def report(described: Path, exported: Project, tmp_path: Path) -> Project:
    """Return a report of the test's own, with the fonts that were made for another."""
    shutil.copytree(described, tmp_path / "tiny")
    project = find_project(tmp_path / "tiny")
    for fonts in exported.cache.glob("fonts.*.json"):
        shutil.copy(fonts, project.cache)
    return project


@pytest.fixture
def pictured(report: Project) -> dict[str, bytes]:
    """Give a chapter of the report a picture of each kind, in every edition; return their contents by name."""
    lines = "\n\n".join(f"![A wheel as {name}]({name})" for name in KINDS)
    for name, content in KINDS.items():
        (report.templates / "pages" / "letters" / name).write_bytes(content)
    for language in report.languages:
        with open(report.templates / "pages" / "letters" / f"{language}.md", "a", encoding="utf-8") as stream:
            stream.write(f"\n{lines}\n")
    render(report)
    return KINDS


@pytest.fixture
def rewrite(report: Project) -> Callable[[str, str, str], None]:
    """Return what replaces a text that stands once in a file of the report."""

    def replace(file: str, old: str, new: str) -> None:
        path = report.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def exported(described: Path, made_once: MadeOnce) -> Project:
    """Return a report whose editions are exported as HTML into dist/; nobody writes into it."""

    def fill(folder: Path) -> None:
        shutil.copytree(described, folder)
        assert {one.state for one in export(find_project(folder), "html")} == {"written"}

    return find_project(made_once("exported/tiny", fill))


@pytest.fixture
def again(exported: Project, tmp_path: Path) -> Project:
    """Return an exported report of the test's own, with the fonts that were made for it."""
    shutil.copytree(exported.root, tmp_path / "again" / "tiny")
    return find_project(tmp_path / "again" / "tiny")
