"""No bare traceback, no escape sequence: whatever streams, names and disks are, a verb says what is wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from bifolio.cli.terminal import harmless, harmless_json
from bifolio.errors import BifolioError

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]
HOSTILE = "\x1b[31mred\x1b]0;title\x07\r\x9b2J\u202egnol\x7f"
UNSAFE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]")
VERBS = (
    ("status",),
    ("status", "--json"),
    ("run",),
    ("run", "--dry-run"),
    ("build",),
    ("check",),
    ("check", "--json"),
    ("check", "--constants"),
    ("reproduce",),
    ("reproduce", "--new-seeds"),
    ("diff",),
    ("export", "html"),
    ("pack", "x.zip"),
    ("unpack", "x.zip"),
    ("--version",),
    ("--help",),
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Report:
    report = Report(tmp_path_factory.mktemp("small") / "report")
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    report.write("templates/pages/index/en.md", "# Home {#home}\n\nIt is {{ one.answer }}.\n")
    report.experiment("one")
    report.measure()
    return report


def ended(report: Report, *arguments: str, stdout: str = "", **options: str) -> subprocess.CompletedProcess[str]:
    """Run a real `bifolio` through a shell, with its streams redirected as a shell says it."""
    command = f'"$0" -m bifolio "$@" {stdout}'
    return subprocess.run(
        ["sh", "-c", command, sys.executable, *arguments],
        cwd=report.root,
        env={**os.environ, **options},
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", ">/dev/full", ">/dev/full 2>/dev/full", "<&-"])
def test_closed_and_full_streams_end_no_verb_in_a_traceback(small: Report, streams: str) -> None:
    if "full" in streams and not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    for verb in VERBS if streams in (">&-", ">/dev/full") else (("status",), ("check",), ("--help",)):
        done = ended(small, *verb, stdout=streams)
        assert done.returncode in (0, 1, 2), (verb, done)
        assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr, (verb, done.stderr)


@pytest.mark.parametrize(("streams", "expected"), [(">&-", 0), ("2>&-", 0), (">&- 2>&- <&-", 0), (">/dev/full", 1)])
def test_serve_ends_in_no_traceback_either(
    small: Report, wait_for: Callable[..., None], streams: str, expected: int
) -> None:
    if "full" in streams and not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ["sh", "-c", f'exec "$0" -m bifolio serve --port {port} {streams}', sys.executable],
        cwd=small.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )

    def answers() -> bool:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=5)):
            return True
        return process.poll() is not None

    if expected == 0:
        wait_for(answers, 60)
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == expected, (out, err)
    assert "Traceback" not in err and (expected == 0 or "No space left on device" in err), err


@pytest.mark.parametrize("said", ["No space left on device", "Read-only file system"])
def test_a_disk_that_takes_nothing_is_one_message(small: Report, tmp_path: Path, said: str) -> None:
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root mounts a disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        report = Report(folder / "report")
        shutil.copytree(small.root, report.root, ignore=shutil.ignore_patterns(".cache", "docs", "site", "dist"))
        if said.startswith("No space"):
            with suppress(OSError):
                (folder / "ballast").write_bytes(bytes(10_000_000))
        else:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        for verb in VERBS:
            done = ended(report, *verb)
            assert done.returncode in (0, 1, 2), (verb, done)
            assert "Traceback" not in done.stderr, (verb, done.stderr)
            if verb == ("build",):
                assert said in done.stderr
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_what_a_terminal_would_obey_is_shown_by_its_code_point() -> None:
    shown = harmless(f"a\tb\n{HOSTILE}")
    assert shown.startswith("a\tb\n⟨U+001B⟩[31mred⟨U+001B⟩]0;title⟨U+0007⟩⟨U+000D⟩⟨U+009B⟩2J⟨U+202E⟩gnol⟨U+007F⟩")
    assert json.loads(harmless_json(json.dumps([HOSTILE, "\udcff"], ensure_ascii=False))) == [HOSTILE, "\udcff"]


def test_no_verb_prints_an_escape_sequence_of_a_run_or_a_file(report: Report, bifolio: Bifolio) -> None:
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    report.write("templates/pages/index/en.md", "# Home {#home}\n\n{{ nothing }}\n")
    report.experiment("loud", f"raise ValueError({HOSTILE!r})")
    report.experiment("other", f'print({HOSTILE!r})\nrun.value("x", 1, unit={HOSTILE!r})\nrun.diverged({HOSTILE!r})')
    (report.root / f"experiments/{HOSTILE.replace('/', '')}.py").write_text("x = (")
    (report.root / "experiments/results" / HOSTILE).mkdir(parents=True)
    for verb in (
        ["run"],
        ["status"],
        ["status", HOSTILE],
        ["check"],
        ["check", "--json"],
        ["build"],
        ["export", HOSTILE],
    ):
        said = bifolio(*verb)
        assert not UNSAFE.search(said.out + said.err), (verb, said)


@pytest.mark.parametrize(
    "name", ["a b.py", "-rf.py", "x\ny.py", "\udcff\udcfe.py", "é.py", "con.py", f"{'n' * 240}.py"]
)
def test_odd_names_harm_nobody(small: Report, report: Report, bifolio: Bifolio, name: str) -> None:
    shutil.copytree(small.root, report.root, dirs_exist_ok=True)
    text = (report.root / "experiments/one.py").read_text()
    (report.root / "experiments" / name).write_text(text)
    (report.root / "templates/pages" / name).mkdir()
    (report.root / "experiments/results" / name).mkdir()
    said = bifolio("status")
    assert said.status == 1 and re.search(r"^one +cpu +fresh", said.out, re.MULTILINE) and "broken" in said.out
    for verb in (["run"], ["check"], ["pack", "x.zip"], ["unpack", "x.zip"], ["export", "html"]):
        done = bifolio(*verb)
        assert done.status in (0, 1) and "the program failed" not in done.err, (verb, done)


def test_a_folder_of_an_odd_name_holds_a_report(small: Report, tmp_path: Path) -> None:
    report = Report(tmp_path / "-a b\n'$x'")
    shutil.copytree(small.root, report.root)
    for verb in (["status"], ["run", "--force"], ["check"], ["export", "html"]):
        done = ended(report, *verb)
        assert done.returncode in (0, 1) and "Traceback" not in done.stderr, (verb, done)


def test_a_variant_of_three_thousand_letters_is_refused_at_its_line(report: Report, bifolio: Bifolio) -> None:
    report.experiment("long", declared=f'seeds=1, variants={{"{"v" * 3000}": Config()}}')
    report.experiment("short")
    said = bifolio("status")
    assert re.search(r"^long +cpu +broken +experiments/long.py:\d+: ", said.out, re.MULTILINE)
    assert bifolio("run").out.count("measured short") == 1


def test_a_stream_of_another_encoding_is_no_reason_to_fail(small: Report) -> None:
    done = ended(small, "status", "数", PYTHONIOENCODING="ascii")
    assert done.returncode == 2 and "\\u6570" in done.stderr and "Traceback" not in done.stderr


def test_a_fault_of_the_program_is_one_line(
    small: Report, report: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small.root, report.root, dirs_exist_ok=True)

    def fail(*_: object) -> None:
        raise KeyError("here")

    monkeypatch.setattr("bifolio.cli.stating.status_rows", fail)
    said = bifolio("status")
    assert (said.status, said.err) == (1, "the program failed: KeyError: 'here'\n  --debug shows where\n")
    said = bifolio("--debug", "status")
    assert said.status == 1 and said.err.startswith("Traceback") and said.err.endswith("KeyError: 'here'\n")


@pytest.mark.parametrize("kind", [ValueError, OSError, BifolioError, KeyboardInterrupt])
def test_a_traceback_is_harmless(bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]) -> None:
    def fail(*_: object) -> None:
        raise kind(HOSTILE)

    monkeypatch.setattr("bifolio.cli.stating.status_rows", fail)
    said = bifolio("--debug", "status")
    assert said.status == (130 if kind is KeyboardInterrupt else 1)
    assert "raise kind(HOSTILE)" in said.err and "⟨U+001B⟩[31mred" in said.err
    assert not UNSAFE.search(said.err)
