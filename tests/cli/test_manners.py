"""How the command line behaves among other commands: its help, `-C`, colours."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from bifolio.cli import _VERBS
from bifolio.cli.colours import wants_colour

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]
RED, GREEN, YELLOW, ALARM, END = "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[1;31m", "\x1b[0m"


@pytest.mark.parametrize("arguments", [(), ("--debug",), ("-C", ".")])
def test_bare_bifolio_prints_help_and_ends_with_two_so_that_a_script_with_an_empty_verb_fails(
    bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """As git and uv do; argparse says nothing but that something is missing."""
    monkeypatch.setenv("COLUMNS", "80")
    ended = bifolio(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == bifolio("--help").out
    lines = ended.err[ended.err.index("  VERB\n") :].partition("\n\n")[0].splitlines()[1:]
    assert [line.split()[0] for line in lines] == sorted(_VERBS, key=[line.split()[0] for line in lines].index)
    assert all(re.fullmatch(r"    [a-z]+ +[A-Z].*[a-z]", line) and len(line) <= 80 for line in lines), lines


@pytest.fixture
def two(report: Report, tmp_path: Path) -> Report:
    report.experiment("one")
    report.experiment("other")
    report.measure("one")
    return report


@pytest.mark.parametrize(
    "verb", [["status"], ["run", "--dry-run"], ["show", "one"], ["check", "--constants"], ["diff"]]
)
def test_a_verb_after_c_does_as_if_it_was_started_there(
    two: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: list[str]
) -> None:
    there = bifolio(*verb)
    monkeypatch.chdir(tmp_path)
    for folder in (["-C", "report"], ["-C", str(two.root)], ["-C", "/", "-C", str(tmp_path), "-C", "report"]):
        assert bifolio(*folder, *verb) == there
    assert Path.cwd() == tmp_path
    assert bifolio(*verb) != there


def test_files_are_named_from_the_folder_of_c(
    two: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bifolio("-C", "report/experiments", "pack", "../x.zip").status == 0
    assert (two.root / "x.zip").is_file()
    assert bifolio("-C", "report", "unpack", "x.zip").out.startswith("unpacked 0 results; 1 were here already")
    assert bifolio("-C", "report", "run", "other").status == 0
    assert bifolio("-C", "report", "init", "inside").status == 0
    assert (two.root / "inside/pyproject.toml").is_file()


@pytest.mark.parametrize(
    ("folder", "why"), [("none", "no such file or directory"), ("report/pyproject.toml", "not a directory")]
)
def test_a_folder_that_is_not_there_is_wrong_usage(
    two: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = bifolio("-C", folder, "status")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"nothing can begin in this folder: {why}\n  found:    -C {folder}\n  expected: a folder\n"
    assert Path.cwd() == tmp_path


def test_serve_starts_itself_anew_from_where_it_was_called(
    two: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its command line, which says `-C`, is read once more."""
    folders: list[Path] = []

    def serve(*_arguments: object, **_options: object) -> int:
        folders.append(Path.cwd())
        return 8123

    class Started(Exception):
        pass

    def start(program: str, arguments: list[str]) -> None:
        folders.append(Path.cwd())
        assert arguments[-2:] == ["--port", "8123"]
        raise Started

    monkeypatch.setattr("bifolio.website.serving.serve", serve)
    monkeypatch.setattr("os.execv", start)
    monkeypatch.chdir(tmp_path)
    assert "Started" in bifolio("-C", "report", "serve").err
    assert folders == [two.root, tmp_path]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "variables", "wanted"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (True, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "0"}, False),
    ],
)
def test_who_wants_colours(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, variables: dict[str, str], wanted: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(_Terminal() if terminal else io.StringIO()) is wanted


def on_terminal(report: Report, *arguments: str, **variables: str) -> str:
    """Return what a real command prints on a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **variables}
    environment = {name: value for name, value in environment.items() if name != "NO_COLOR" or name in variables}
    process = subprocess.Popen(
        [sys.executable, "-m", "bifolio", *arguments], cwd=report.root, env=environment, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # EIO: nobody holds the other end any more
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    process.wait()
    return shown.decode().replace("\r\n", "\n")


def test_states_and_errors_are_coloured_on_a_terminal_alone(two: Report, bifolio: Bifolio) -> None:
    two.write("experiments/third.py", "x = (\n")
    shown = on_terminal(two, "status")
    plain = bifolio("status").out
    assert f"one    cpu    {GREEN}fresh{END}    1 runs\n" in shown
    assert f"other  cpu    {YELLOW}missing{END}  never measured\n" in shown
    assert f"{RED}broken{END}" in shown
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == plain and "\x1b" not in plain
    assert on_terminal(two, "status", NO_COLOR="1") == on_terminal(two, "status", TERM="dumb") == plain
    wrong = on_terminal(two, "show", "oen")
    assert wrong.startswith(f"{ALARM}there is no such experiment{END}\n  found:    oen\n")
    assert on_terminal(two, "show").startswith(f"{ALARM}the following arguments are required: NAME{END}\n")
    assert json.loads(on_terminal(two, "status", "--json"))[0]["state"] == "fresh"


def test_a_result_that_looks_like_a_colour_is_none(two: Report) -> None:
    two.experiment("loud", 'run.sample("texts", [{"text": "\\x1b[31mred\\x00abc:red;red"}])')
    two.measure("loud")
    shown = on_terminal(two, "show", "loud", FORCE_COLOR="1")
    assert "⟨U+001B⟩[31mred⟨U+0000⟩abc:red;red" in shown and RED not in shown
