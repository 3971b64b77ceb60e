"""What a shell offers at a Tab: verbs, options, experiments; the shells themselves are asked."""

from __future__ import annotations

import os
import pty
import resource
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from bifolio.cli import _VERBS
from bifolio.cli.arguments import make_parser
from bifolio.cli.completing import VALUES
from bifolio.project import PROFILES

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]


@pytest.fixture
def two(report: Report) -> Report:
    report.experiment("digits")
    report.experiment("digits_mlp")
    report.experiment("words")
    report.write("experiments/__init__.py", "")
    return report


@pytest.fixture
def called(two: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a command `bifolio`, which is found first."""
    command = two.write("../bin/bifolio", f'#!/bin/sh\nexec {sys.executable} -m bifolio "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.resolve().parent), prepend=os.pathsep)
    return command.resolve().parent


CASES: Sequence[tuple[list[str], list[str]]] = (
    ([""], sorted(_VERBS)),
    (["re"], ["reproduce"]),
    (["run", ""], ["digits", "digits_mlp", "words"]),
    (["run", "words", "dig"], ["digits", "digits_mlp"]),
    (["run", "--profile", ""], ["smoke", "cpu", "gpu"]),
    (["run", "--profile", "g"], ["gpu"]),
    (["run", "--profile=g"], ["--profile=gpu"]),
    (["run", "--profile", "=", "g"], ["gpu"]),
    (["run", "--f"], ["--force"]),
    (["run", "--jobs", ""], []),
    (["--d"], ["--debug"]),
    (["show", "w"], ["words"]),
    (["show", "words", ""], []),
    (["export", "h"], ["html"]),
    (["export", "--output", ""], [":folders"]),
    (["init", ""], [":folders"]),
    (["pack", ""], [":files"]),
    (["pack", "x.zip", "w"], ["words"]),
    (["completion", ""], ["bash", "zsh"]),
    (["nonsense", ""], []),
)


@pytest.mark.parametrize(("words", "offered"), CASES, ids=lambda words: " ".join(words))
def test_what_fits(two: Report, bifolio: Bifolio, words: list[str], offered: list[str]) -> None:
    ended = bifolio("completion", "bash", "--", "bifolio", *words)
    assert (ended.status, ended.out.split(), ended.err) == (0, offered, "")


def test_a_folder_that_was_named_is_looked_into(
    two: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(two.root / "experiments")
    assert bifolio("completion", "zsh", "--", "bifolio", "run", "w").out == "words\n"
    monkeypatch.chdir(tmp_path)
    assert bifolio("completion", "zsh", "--", "bifolio", "run", "w").out == ""
    named = ("bifolio", "-C", "/", "-C", str(tmp_path), "-C", "report", "run", "w")
    assert bifolio("completion", "zsh", "--", *named).out == "words\n"


def test_what_an_argument_can_be_is_what_is_accepted(bifolio: Bifolio) -> None:
    assert VALUES["profile"] == PROFILES
    dests = {action.dest for verb in _subparsers().values() for action in verb._actions}
    assert VALUES.keys() <= dests
    ended = bifolio("completion", "bsh")
    assert ended.status == 2
    assert ended.err == (
        "there is no completion for this shell\n  found:    bsh\n  expected: bash or zsh\n  nearest:  bash\n"
    )


def test_every_argument_that_names_something_is_completed() -> None:
    metavars = {str(action.metavar) for verb in _subparsers().values() for action in verb._get_positional_actions()}
    assert metavars <= {"NAME", "DIR", "FILE", "FORMAT", "SHELL", "REV", "None"}


def _subparsers() -> dict[str, object]:
    (verbs,) = (action for action in make_parser(_VERBS)._actions if action.choices)
    return dict(verbs.choices)


def test_a_tab_takes_less_than_a_tenth_of_a_second(two: Report) -> None:
    """Of the processor: how long a loaded machine lets it wait is no fault of ours."""
    command = [sys.executable, "-m", "bifolio", "completion", "bash", "--", "bifolio", "run", "w"]
    took = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=two.root, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(took) < 0.1
    listed = "import sys; from bifolio.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", listed, *command[3:]], cwd=two.root, capture_output=True, text=True)
    assert "words" in loaded.stdout
    heavy = {"bifolio.project", "bifolio.provenance", "tomllib", "dataclasses", "json", "ast", "torch", "jinja2"}
    assert heavy & {*loaded.stdout.split()} == set()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("bifolio ru", ["run"]),
        ("bifolio run dig", ["digits", "digits_mlp"]),
        ("bifolio run --prof", ["--profile"]),
        ("bifolio unpack x", ["x.zip"]),
        ("bifolio export --output e", ["experiments"]),
    ],
)
def test_bash_completes(two: Report, called: Path, line: str, offered: list[str]) -> None:
    two.write("x.zip", "")
    words = line.split()
    asked = (
        'eval "$(bifolio completion bash)"; '
        f"COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; COMP_LINE='{line}'; COMP_POINT={len(line)}; "
        'complete -p bifolio | grep -q "F _bifolio" && _bifolio 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    ended = subprocess.run(["bash", "-c", asked], cwd=two.root, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == offered and ended.stderr == ""


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("bifolio repr", "bifolio reproduce"),
        ("bifolio run w", "bifolio run words"),
        ("bifolio run --profile g", "bifolio run --profile gpu"),
        ("bifolio unpack x", "bifolio unpack x.zip"),
    ],
)
def test_zsh_completes(two: Report, called: Path, typed: str, becomes: str) -> None:
    two.write("x.zip", "")
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(two.root)
        os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "PS1": "", "TERM": "dumb"})
    try:
        for line in ("autoload -U compinit && compinit -u -D", 'eval "$(bifolio completion zsh)"', "echo is rea''dy"):
            os.write(terminal, f"{line}\n".encode())
        _read_until(terminal, "is ready\r\n")
        os.write(terminal, f"{typed}\t".encode())
        assert becomes in _read_until(terminal, becomes)
    finally:
        os.kill(process, 9)
        os.waitpid(process, 0)
        os.close(terminal)


def _read_until(terminal: int, expected: str, seconds: float = 20.0) -> str:
    """Return what a terminal shows, once it shows what is expected or the time is over."""
    shown, end = "", time.monotonic() + seconds
    while expected not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            shown += os.read(terminal, 4096).decode(errors="replace")
    return shown
