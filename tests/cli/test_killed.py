"""Verbs are killed where they open a file for writing or rename one: nothing good is lost, the next command cleans."""

from __future__ import annotations

import faulthandler
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.project import find_project

# Ends a process as one that is killed, at the n-th event within the folder: nothing is flushed, nothing cleaned up.
# Every process of a verb counts into one file, a line of WIDTH characters for an event: what it is, and the two places
# of the program that come to it. Processes that measure are let live, for they write outside of the report.
WIDTH = 160
KILLING = """
import os, sys
moment, counted, folder = (os.environ[f"KILL_{word}"] for word in ("AT", "COUNTED", "IN"))
def writes(event, arguments):
    if event == "open":
        return isinstance(arguments[0], (str, bytes, os.PathLike)) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
    return event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir")
def place(event):
    frame, found = sys._getframe(2), [event]
    while frame and len(found) < 3:
        code = frame.f_code.co_filename
        if f"{os.sep}bifolio{os.sep}" in code:
            found.append(code.rpartition(f"{os.sep}bifolio{os.sep}")[2] + ":" + str(frame.f_lineno))
        frame = frame.f_back
    return " ".join(found)
def hook(event, arguments):
    if writes(event, arguments) and os.path.realpath(os.fsdecode(arguments[0])).startswith(os.path.realpath(folder)):
        os.write(file, place(event).encode()[:WIDTH - 1].ljust(WIDTH - 1) + b"\\n")
        if os.fstat(file).st_size == WIDTH * int(moment):
            os._exit(137)
if "-m" in sys.orig_argv and sys.orig_argv[sys.orig_argv.index("-m") + 1].startswith("bifolio"):
    file = os.open(counted, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    sys.addaudithook(hook)
""".replace("WIDTH", str(WIDTH))
KILLS = os.environ.get("BIFOLIO_KILLS", "")
"""How often each verb is killed: a number; `places`, the first and the last time at each place of the program that
opens for writing or renames; `all`, which takes hours. A small sample of its own if it is not set."""
REPOSITORY = Path(__file__).parents[2]
NAV = ["index.md", "chance.md", "letters.md", "references.md", "evidence/index.md"]
NOBODY = ("-c", "user.name=nobody", "-c", "user.email=nobody@nowhere.example")
NEVER = 1_000_000
LAST = "de"
"""The edition that is built last."""
DERIVED = (".cache", ".git", "site", "__pycache__")


@dataclass(frozen=True)
class Ended:
    """How a verb ended, and the places of the events of its processes, in order."""

    status: int
    said: str
    events: tuple[str, ...]


def verb(folder: Path, words: tuple[str, ...], kill: int = NEVER) -> Ended:
    """Run a verb that is killed at an event; `serve` is ended by hand once the site is built, or cannot be."""
    hooked, counted = folder.parent / "hooked", folder.parent / f"counted-{folder.name}"
    hooked.mkdir(exist_ok=True)
    (hooked / "sitecustomize.py").write_text(KILLING)
    counted.unlink(missing_ok=True)
    path = f"{hooked}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    told = {"PYTHONPATH": path, "KILL_AT": str(kill), "KILL_COUNTED": str(counted), "KILL_IN": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "bifolio", *words],
        cwd=folder,
        env={**os.environ, **told, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout
    said = ""
    with process.stdout as stream:
        for line in stream:
            said += line
            if words[0] == "serve" and line.startswith((f"site/{LAST}: ", "the site cannot be built")):
                process.send_signal(signal.SIGINT)
    places = counted.read_text().splitlines() if counted.exists() else []
    return Ended(process.wait(120), said, tuple(line.strip() for line in places))


def moments(events: tuple[str, ...], kills: int) -> list[int]:
    """Return at which events a verb is killed, counted from 1."""
    if KILLS == "places":
        last = {place: number for number, place in enumerate(events, start=1)}
        return sorted({*last.values(), *(events.index(place) + 1 for place in last)})
    steps = len(events) if KILLS == "all" else min(int(KILLS or kills), len(events))
    return sorted({1 + round(step * (len(events) - 1) / max(1, steps - 1)) for step in range(steps)})


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
    if words[0] in ("build", "serve"):
        for language, file in (("zh", "mkdocs.yml"), ("en", "mkdocs.en.yml"), (LAST, "mkdocs.de.yml")):
            settings = {"site_name": "A", "docs_dir": f"docs/{language}", "site_dir": f"site/{language}"}
            extra = {"alternate": [{"name": one, "link": f"../{one}/", "lang": one} for one in ("zh", "en", LAST)]}
            inherited = {"INHERIT": str(REPOSITORY / "mkdocs.yml"), "nav": NAV, "extra": extra, **settings}
            (folder / file).write_text(json.dumps(inherited), encoding="utf-8")
        page = folder / "templates" / "pages" / "chance" / "en.md"
        page.write_text(page.read_text(encoding="utf-8") + "\n\nOne more sentence.\n", encoding="utf-8")
    if words[0] == "diff":
        for git in (["init", "-q"], ["add", "."], [*NOBODY, "commit", "-qm", "all"]):
            subprocess.run(["git", *git], cwd=folder, check=True)
    if words[0] == "unpack":
        assert verb(folder, ("pack", "packed.tar")).status == 0
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
        (("status",), 3),
        (("run", "coins", "--jobs", "2"), 6),
        (("reproduce", "coins"), 4),
        (("pack", "packed.tar"), 3),
        (("unpack", "packed.tar"), 4),
        (("check",), 3),
        (("build",), 3),
        (("serve", "--port", "0"), 2),
        (("export", "html", "--language", "en"), 2),
        (("export", "pdf", "--language", "en"), 2),
        (("diff",), 2),
    ],
    ids=lambda words: " ".join(words[:2]) if isinstance(words, tuple) else "",
)
def test_a_killed_verb_loses_nothing_and_the_next_one_cleans(
    described: Path, tmp_path: Path, words: tuple[str, ...], kills: int
) -> None:
    if KILLS:
        faulthandler.cancel_dump_traceback_later()  # it is no hanging test that takes so long
    complete = prepared(described, tmp_path / "complete" / "report", words)
    before = good(complete)
    ended = verb(complete, words)
    assert ended.status == 0 and ended.events, ended.said
    after = good(complete)
    assert left_behind(complete) == []
    for moment in moments(ended.events, kills):
        folder = prepared(described, tmp_path / f"killed-{moment}" / "report", words)
        killed = verb(folder, words, moment)
        assert killed.status in (137, 0), killed.said
        now = good(folder)
        assert [name for name in before.keys() & after.keys() if name not in now] == []
        assert [name for name, content in now.items() if not whole(name, content, before, after)] == []
        again = verb(folder, ("build",) if words[0] == "serve" else words)  # who serves would wait for a change
        assert (again.status, left_behind(folder)) == (0, []), again.said
        finished = good(folder).keys()
        assert finished == after.keys() or (words[0] == "serve" and finished > after.keys())  # build keeps ledgers, too
        shutil.rmtree(folder.parent)
    print(
        f"killed at {len(moments(ended.events, kills))} of {len(ended.events)} events, {len(set(ended.events))} places"
    )


@pytest.mark.parametrize("moment", [1, 2, 5, 12, 20, 25])
def test_a_report_that_was_begun_is_begun_again(tmp_path: Path, moment: int) -> None:
    killed = verb(tmp_path, ("init", "new"), moment)
    again = verb(tmp_path, ("init", "new"))
    assert again.status == 0, (killed.said, again.said)
    assert verb(tmp_path, ("init", "complete")).status == 0
    assert good(tmp_path / "new") == good(tmp_path / "complete")
    assert list(tmp_path.rglob("*.part")) == []


def test_a_site_that_was_not_finished_is_removed_by_whatever_comes_next(rendered: Path, tmp_path: Path) -> None:
    folder = prepared(rendered, tmp_path / "report", ("build",))
    (folder / ".cache").mkdir()
    (folder / ".cache" / f"site-{os.getpid()}-1-00000000-x").mkdir()  # of another machine
    (folder / ".cache" / "site-abc").mkdir()
    assert verb(folder, ("status",)).status == 0
    assert [path.name for path in (folder / ".cache").glob("site-*")] == [f"site-{os.getpid()}-1-00000000-x"]
