"""Verbs are killed where they open a file for writing or rename one: nothing good is lost, the next command cleans."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.project import find_project

# Ends as a killed process does, at the n-th event within the folder: nothing is flushed, nothing is cleaned up.
KILLING = """
import os, sys
left, folder = int(sys.argv[1]), os.path.realpath(os.getcwd())
def writes(event, arguments):
    if event == "open":
        return isinstance(arguments[0], (str, bytes, os.PathLike)) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
    return event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir")
def hook(event, arguments):
    global left
    if writes(event, arguments) and os.path.realpath(os.fsdecode(arguments[0])).startswith(folder):
        left -= 1
        if left == 0:
            os._exit(137)
sys.addaudithook(hook)
from bifolio.cli import main
status = main(sys.argv[2:])
sys.stdout.flush()
print("events", int(sys.argv[1]) - left)
sys.exit(status)
"""
REPOSITORY = Path(__file__).parents[2]
NAV = ["index.md", "chance.md", "letters.md", "evidence/index.md"]
NOBODY = ("-c", "user.name=nobody", "-c", "user.email=nobody@nowhere.example")
NEVER = 1_000_000
DERIVED = (".cache", ".git", "site", "__pycache__")


def verb(folder: Path, words: tuple[str, ...], kill: int = NEVER) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLING, str(kill), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def good(folder: Path) -> dict[str, bytes]:
    """Return what an author would miss: everything but what is made again, and but what is being written."""
    files = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder): path for path in files}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in names.items()
        if not any(part in DERIVED or part.endswith(".part") for part in name.parts)
    }


def left_behind(folder: Path) -> list[Path]:
    return [*folder.rglob("*.part"), *folder.glob(".cache/site-*"), *folder.glob(".cache/at-work/*")]


def whole(name: str, content: bytes, before: dict[str, bytes], after: dict[str, bytes]) -> bool:
    """Tell whether a file is as it was, or as the verb leaves it; a record that has a date need only be complete."""
    if content in (before.get(name), after.get(name)):
        return True
    try:
        return name.startswith("experiments/") and bool(json.loads(content))
    except ValueError:
        return False


def prepared(tiny: Path, folder: Path, words: tuple[str, ...]) -> Path:
    """Return a copy of a report in which a verb has something to do."""
    shutil.copytree(tiny, folder)
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    if words[0] == "run":
        shutil.rmtree(folder / "experiments" / "results" / "coins")
    if words[0] == "build":
        for language, file in (("zh", "mkdocs.yml"), ("en", "mkdocs.en.yml"), ("de", "mkdocs.de.yml")):
            settings = {"site_name": "A", "docs_dir": f"docs/{language}", "site_dir": f"site/{language}"}
            extra = {"alternate": [{"name": one, "link": f"../{one}/", "lang": one} for one in ("zh", "en", "de")]}
            inherited = {"INHERIT": str(REPOSITORY / "mkdocs.yml"), "nav": NAV, "extra": extra, **settings}
            (folder / file).write_text(json.dumps(inherited), encoding="utf-8")
        page = folder / "templates" / "pages" / "chance" / "en.md"
        page.write_text(page.read_text(encoding="utf-8") + "\n\nOne more sentence.\n", encoding="utf-8")
    if words[0] == "diff":
        for git in (["init", "-q"], ["add", "."], [*NOBODY, "commit", "-qm", "all"]):
            subprocess.run(["git", *git], cwd=folder, check=True)
    if words[0] == "unpack":
        assert verb(folder, ("pack", "packed.tar")).returncode == 0
        shutil.rmtree(folder / "experiments" / "results")
    return folder


@pytest.fixture
def described(rendered: Path, tmp_path: Path) -> Path:
    """Return a rendered report that exports take: its diagrams are described."""
    folder = tmp_path / "described"
    shutil.copytree(rendered, folder)
    for page in (folder / "templates/pages/chance").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(
            text.replace("flowchart LR\n", "flowchart LR\n  accTitle: A\n  accDescr: B\n"), encoding="utf-8"
        )
    render(find_project(folder))
    return folder


@pytest.mark.parametrize(
    ("words", "kills"),
    [
        (("status",), 4),
        (("run", "coins", "--jobs", "2"), 9),
        (("reproduce", "coins"), 6),
        (("pack", "packed.tar"), 4),
        (("unpack", "packed.tar"), 6),
        (("check",), 3),
        (("build",), 4),
        (("export", "html", "--language", "en"), 3),
        (("export", "pdf", "--language", "en"), 2),
        (("diff",), 2),
    ],
    ids=lambda words: " ".join(words[:2]) if isinstance(words, tuple) else "",
)
def test_a_killed_verb_loses_nothing_and_the_next_one_cleans(
    described: Path, tmp_path: Path, words: tuple[str, ...], kills: int
) -> None:
    complete = prepared(described, tmp_path / "complete" / "report", words)
    before = good(complete)
    ended = verb(complete, words)
    assert "events" in ended.stdout and ended.returncode == 0, ended.stderr
    count, after = int(ended.stdout.split()[-1]), good(complete)
    assert left_behind(complete) == []
    moments = sorted({1 + round(step * (count - 1) / (kills - 1)) for step in range(kills)})
    for moment in moments:
        folder = prepared(described, tmp_path / f"killed-{moment}" / "report", words)
        killed = verb(folder, words, moment)
        assert killed.returncode in (137, ended.returncode), killed.stderr
        now = good(folder)
        assert [name for name in before.keys() & after.keys() if name not in now] == []
        assert [name for name, content in now.items() if not whole(name, content, before, after)] == []
        again = verb(folder, words)
        assert (again.returncode, left_behind(folder)) == (ended.returncode, []), again.stderr
        assert good(folder).keys() == after.keys()
        shutil.rmtree(folder)


@pytest.mark.parametrize("moment", [1, 2, 5, 12, 20, 25])
def test_a_report_that_was_begun_is_begun_again(tmp_path: Path, moment: int) -> None:
    killed = verb(tmp_path, ("init", "new"), moment)
    again = verb(tmp_path, ("init", "new"))
    assert again.returncode == 0, (killed.stdout, again.stderr)
    assert verb(tmp_path, ("init", "complete")).returncode == 0
    assert good(tmp_path / "new") == good(tmp_path / "complete")
    assert list(tmp_path.rglob("*.part")) == []


def test_a_site_that_was_not_finished_is_removed_by_whatever_comes_next(rendered: Path, tmp_path: Path) -> None:
    folder = prepared(rendered, tmp_path / "report", ("build",))
    (folder / ".cache").mkdir()
    (folder / ".cache" / f"site-{os.getpid()}-1-00000000-x").mkdir()  # of another machine
    (folder / ".cache" / "site-abc").mkdir()
    assert verb(folder, ("status",)).returncode == 0
    assert [path.name for path in (folder / ".cache").glob("site-*")] == [f"site-{os.getpid()}-1-00000000-x"]
