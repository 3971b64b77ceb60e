"""The verbs of the run side as a user meets them: what they print, and how they end."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio import __version__

if TYPE_CHECKING:
    from tests.conftest import Ended, Report

Bifolio = Callable[..., "Ended"]
FINE, FOUND_WRONG, USED_WRONG = 0, 1, 2


@pytest.fixture
def two(report: Report) -> Report:
    """Return a report of two experiments, of which one uses a number of the other."""
    report.experiment("up", 'run.value("loss", 0.5)', declared="seeds=2")
    report.experiment("down", 'run.value("x", run.need("up").value("loss"))', declared='seeds=2, needs=("up",)')
    return report


def test_run_measures_once_and_says_so(two: Report, bifolio: Bifolio) -> None:
    first = bifolio("run", "--jobs", "2")
    assert first.status == FINE
    lines = first.out.splitlines()
    assert lines[0] == "4 runs to do, 0 fresh (profile cpu)"
    assert [line[:6] for line in lines[1:5]] == [f"[{done}/4] " for done in (1, 2, 3, 4)]
    assert all(re.search(r"  [\d.]+ s, about \d+ s left$", line) for line in lines[1:4]), "it is told into a pipe too"
    assert re.search(r"  [\d.]+ s$", lines[4]) and "\r" not in first.out + first.err
    assert [line.split("  ")[0] for line in sorted(line[6:] for line in lines[1:5])] == [
        f"measured {name} seed {seed} (cpu)" for name in ("down", "up") for seed in (0, 1)
    ]
    assert lines[5] == "down.default.x   0.5  did not vary  n 2"
    assert re.fullmatch(r"down +[\d.]+ s  2 runs", lines[-3]) and re.fullmatch(r"up +[\d.]+ s  2 runs", lines[-2])
    assert lines[-1].startswith("4 measured; ")
    assert bifolio("run") == type(first)(FINE, "nothing to run: 4 results at profile cpu are fresh\n", "")


def test_force_runs_again_what_is_named(two: Report, bifolio: Bifolio) -> None:
    bifolio("run")
    forced = bifolio("run", "--force", "down").out
    assert "2 runs to do" in forced and " 2 runs\n" not in forced, "one experiment has no table of times"
    assert "4 runs to do" in bifolio("run", "--force").out


def test_dry_run_says_what_and_why_and_runs_nothing(two: Report, bifolio: Bifolio) -> None:
    bifolio("run")
    before = two.results()
    two.edit("experiments/up.py", "0.5", "0.6")
    ended = bifolio("run", "--dry-run")
    assert ended.status == FINE
    assert ended.out == (
        "4 runs to do, 0 fresh (profile cpu)\n"
        "would run up seed 0 (cpu): needed by down: code of experiments.up changed\n"
        "would run down seed 0 (cpu): need up.default changed\n"
        "would run up seed 1 (cpu): needed by down: code of experiments.up changed\n"
        "would run down seed 1 (cpu): need up.default changed\n"
    )
    assert two.results() == before


def test_a_failing_run_is_named_with_its_traceback_and_the_others_go_on(two: Report, bifolio: Bifolio) -> None:
    two.experiment("bad", 'raise ValueError("too bad")', declared='seeds=1, variants={"sgd": Config()}')
    ended = bifolio("run")
    assert ended.status == FOUND_WRONG
    assert "failed   bad sgd seed 0 (cpu)\nexperiments/bad.py:12: ValueError: too bad\n" in ended.err
    assert '  at experiments/bad.py:12, in bad: raise ValueError("too bad")\n' in ended.err
    assert "Traceback" not in ended.err and "worker.py" not in ended.err
    assert "Traceback (most recent call last):" in bifolio("--debug", "run").err
    assert ended.out.splitlines()[-1].startswith("4 measured, 1 failed; ")


def test_a_source_that_is_absent_is_said_aloud(report: Report, bifolio: Bifolio) -> None:
    body = 'if config.size > 1:\n    raise SourceAbsent("put gpt2 into the cache")\nrun.value("answer", 42)'
    report.experiment("one", body, declared='seeds=1, variants={"hub": Variant(Config(size=2), optional=True)}')
    ended = bifolio("run")
    assert ended.status == FINE
    assert any(
        "skipped  one hub seed 0 (cpu)" in line and line.endswith(": put gpt2 into the cache")
        for line in ended.out.splitlines()
    )
    assert "1 measured, 1 skipped; " in ended.out


def test_status_in_words(two: Report, bifolio: Bifolio) -> None:
    bifolio("run", "up")
    assert bifolio("status").out == (
        "down  cpu    missing  never measured\n"
        "up    cpu    fresh    2 runs\n"
    )  # fmt: skip


def test_status_for_tools_is_an_array_of_four_fields(two: Report, bifolio: Bifolio) -> None:
    bifolio("run")
    two.edit("experiments/up.py", "0.5", "0.6")
    two.experiment("new", declared="seeds=1, gpu=Config(size=3)")
    ended = bifolio("status", "--json")
    assert ended.status == FINE
    assert json.loads(ended.out) == [
        {"experiment": "down", "profile": "cpu", "state": "stale", "reason": "need up.default changed"},
        {"experiment": "new", "profile": "cpu", "state": "missing", "reason": "never measured"},
        {"experiment": "new", "profile": "gpu", "state": "missing", "reason": "never measured"},
        {"experiment": "up", "profile": "cpu", "state": "stale", "reason": "code of experiments.up changed"},
    ]
    assert json.loads(bifolio("status", "--json", "--profile", "gpu", "up").out) == [
        {"experiment": "up", "profile": "gpu", "state": "missing", "reason": "never measured"}
    ]


def test_a_report_without_experiments_is_fine(report: Report, bifolio: Bifolio) -> None:
    assert bifolio("status").out == "this report has no experiments\n"
    assert bifolio("status", "--json").out == "[]\n"
    assert bifolio("run").out == "nothing to run: 0 results at profile cpu are fresh\n"


def test_results_go_to_another_copy_and_come_home(two: Report, bifolio: Bifolio, tmp_path: Path) -> None:
    bifolio("run")
    packed = str(tmp_path / "results.zip")
    assert bifolio("pack", packed).out == f"packed 4 results into {packed}\n"
    shutil.rmtree(two.root / "experiments" / "results")
    assert bifolio("unpack", packed).out == "unpacked 4 results; 0 were here already; 0 left out\n"
    two.edit("experiments/down.py", '"x"', '"y"')
    ended = bifolio("unpack", packed)
    assert (ended.status, ended.out) == (FOUND_WRONG, "unpacked 0 results; 2 were here already; 2 left out\n")
    assert ended.err.startswith("left out down seed 0 (cpu): stale here: ")
    assert bifolio("unpack", "--force", packed).status == FINE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["run", "dwon"],
            "there is no such experiment\n  found:    dwon\n  expected: down, up\n  nearest:  down\n",
        ),
        (
            ["status", "dwon"],
            "there is no such experiment\n  found:    dwon\n  expected: down, up\n  nearest:  down\n",
        ),
        (
            ["run", "--profile", "gpus"],
            "there is no such profile\n  found:    gpus\n  expected: smoke, cpu, gpu\n  nearest:  gpu\n",
        ),
        (
            ["run", "--jobs", "0"],
            "argument --jobs: found 0, expected a whole number from 1\n  expected: bifolio run [-h]",
        ),
        (["rum"], "argument VERB: invalid choice: 'rum'"),
        (["pack"], "the following arguments are required: FILE"),
        (["status", "--jsn"], "unrecognized arguments: --jsn"),
    ],
)
def test_wrong_usage_ends_with_two_and_one_message(
    two: Report, bifolio: Bifolio, arguments: list[str], message: str
) -> None:
    ended = bifolio(*arguments)
    assert (ended.status, ended.out) == (USED_WRONG, "")
    assert ended.err.startswith(message)
    assert "Traceback" not in ended.err


def test_help_and_version_are_fine(bifolio: Bifolio) -> None:
    assert bifolio("--version").out == f"bifolio {__version__}\n"
    assert bifolio("--help").status == bifolio("run", "--help").status == FINE


@pytest.mark.parametrize("verb", [["run"], ["run", "--dry-run"], ["reproduce"], ["unpack", "x.zip"]])
def test_what_is_wrong_with_an_experiment_is_one_message(two: Report, bifolio: Bifolio, verb: list[str]) -> None:
    bifolio("run")
    bifolio("pack", "x.zip")
    two.edit("experiments/up.py", "frozen=True", "frozen=False")
    ended = bifolio(*verb)
    assert ended.status == FOUND_WRONG
    said = "\n".join(line.strip() for line in ended.err.replace("   found:", "\n  found:").splitlines())
    assert said.count("experiments/up.py:7: a config is a frozen dataclass without a base\nfound:") >= 1
    assert "Traceback" not in ended.err


def test_a_syntax_error_has_its_place(two: Report, bifolio: Bifolio) -> None:
    two.write("experiments/broken.py", "x = 1\ny = (\n")
    ended = bifolio("status")
    assert ended.status == FOUND_WRONG
    place = "experiments/broken.py:2: this is no valid Python: '(' was never closed"
    assert re.search(rf"^broken +cpu +broken +{re.escape(place)}", ended.out, re.MULTILINE)


def test_debug_shows_the_traceback(two: Report) -> None:
    for arguments, shown in ((["run", "dwon"], False), (["--debug", "run", "dwon"], True)):
        process = two.start(*arguments)
        _, err = process.communicate(timeout=20)
        assert ("Traceback" in err) is shown
        assert "there is no such experiment" in err


def test_outside_a_report_is_said(bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for verb in ("status", "run"):
        ended = bifolio(verb)
        assert ended.status == FOUND_WRONG
        assert ended.err == (
            f"this folder is not part of a report\n  found:    {tmp_path}\n"
            "  expected: a pyproject.toml with a [tool.bifolio] table, here or in a folder above\n"
        )


@pytest.mark.parametrize("file", ["none.zip", "."])
def test_a_packed_file_that_cannot_be_read_is_one_message(bifolio: Bifolio, file: str) -> None:
    ended = bifolio("unpack", file)
    assert ended.status == FOUND_WRONG
    assert ended.err.startswith(f"{file}: this is no packed file: ")
    assert ended.err.endswith("  expected: a file of `bifolio pack`\n")


def test_a_folder_that_cannot_be_written_is_one_message(
    two: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    bifolio("run")

    def refuse(*arguments: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("os.replace", refuse)
    ended = bifolio("pack", "x.zip")
    assert (ended.status, ended.err) == (FOUND_WRONG, "x.zip: the file cannot be written: Read-only file system\n")
    assert bifolio("status").status == FINE  # the memos are a convenience


def test_another_environment_is_refused(two: Report, bifolio: Bifolio) -> None:
    two.edit("experiments/up.py", "from bifolio import *", "from bifolio import *\nimport pytest")
    with open(two.root / "pyproject.toml", "a") as stream:
        stream.write('profiles.cpu.environment = { pytest = "1.0" }\n')
    ended = bifolio("run")
    assert ended.status == FOUND_WRONG
    assert ended.err.startswith("pyproject.toml: numbers of the profile cpu cannot be measured here")
    assert two.results() == {}
    assert bifolio("run", "--dry-run").status == FINE


def test_every_verb_works_in_a_copy_without_history_and_cache(two: Report, tmp_path: Path) -> None:
    two.measure()
    shutil.copytree(two.root, tmp_path / "copy", ignore=shutil.ignore_patterns(".cache", ".git"))
    for arguments in (["status"], ["run"], ["pack", "x.zip"], ["unpack", "x.zip"], ["status", "--json"]):
        shutil.rmtree(tmp_path / "copy" / ".cache", ignore_errors=True)
        ended = subprocess.run(
            [sys.executable, "-m", "bifolio", *arguments], cwd=tmp_path / "copy", capture_output=True, text=True
        )
        assert (ended.returncode, ended.stderr) == (FINE, ""), arguments


def test_a_verb_finds_the_report_from_a_folder_inside(
    two: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(two.root / "experiments")
    assert bifolio("run").status == FINE
    assert "fresh" in bifolio("status").out
    assert {path.name for path in Path.cwd().iterdir()} - {"__pycache__"} == {"down.py", "results", "up.py"}


def test_a_reader_that_leaves_early_is_no_error(report: Report) -> None:
    report.experiment("dice")
    command = f"{sys.executable} -m bifolio status | true"
    done = subprocess.run(["bash", "-c", command], cwd=report.root, capture_output=True, text=True, check=True)
    assert "roken pipe" not in done.stderr


CHAPTER = "# Title {#home}\n\nAbout 4.5 of them, {{ constant(7.5, source='a book') }}, {{ dice.answer }}.\n"


def test_check_prints_warnings_that_fail_only_when_strict(report: Report, bifolio: Bifolio) -> None:
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    report.experiment("dice", 'run.no_data()\nrun.value("answer", 42, tolerance=0)', declared="seeds=2")
    report.write("templates/pages/index/en.md", CHAPTER)
    bifolio("run")
    assert bifolio("check", "--json").status == FOUND_WRONG  # docs/ is not there
    from bifolio.chapters import render

    render(report.project)
    ended = bifolio("check")
    assert ended.status == FINE and ended.err == ""
    assert ended.out.startswith("templates/pages/index/en.md:3: typed-number (en)\n  found:    About 4.5 of them, …")
    assert ended.out.endswith("  (a warning)\n1 finding, 1 of them a warning\n")
    assert bifolio("check", "--strict").status == FOUND_WRONG
    (finding,) = json.loads(bifolio("check", "--json").out)
    assert list(finding) == ["rule", "file", "line", "edition", "found", "expected"]
    assert bifolio("check", "--constants").out == "templates/pages/index/en.md:3: 7.5 (a book)\n1 constant\n"
    assert json.loads(bifolio("check", "--constants", "--json").out) == [
        {"file": "templates/pages/index/en.md", "line": 3, "edition": "en", "number": "7.5", "source": "a book"}
    ]
    report.edit("templates/pages/index/en.md", "About 4.5 of them, ", "")
    render(report.project)
    assert (bifolio("check").out, bifolio("check", "--json").out) == ("nothing found\n", "[]\n")
    assert bifolio("check", "--strict").status == FINE


def test_reviewed_takes_the_template_of_a_page(
    report: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en", "zh"]\npages = ["index"]\n')
    for language in ("en", "zh"):
        report.write(f"templates/pages/index/{language}.md", "# Title {#home}\n\nText.\n")
    monkeypatch.chdir(report.root / "templates/pages/index")
    assert bifolio("check", "--reviewed", "zh.md").out == "2 pairs of paragraphs are taken as agreeing\n"
    ended = bifolio("check", "--reviewed", "fr.md")
    assert ended.status == USED_WRONG
    assert ended.err.startswith("no page is made from this file\n  found:    templates/pages/index/fr.md\n")


def test_without_the_build_side_one_message_says_so(
    report: Report, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    report.experiment("dice")
    monkeypatch.setattr("bifolio.cli.requirements._BUILD_LIBRARIES", ("json", "no_such_library"))
    ended = bifolio("check")
    assert ended.status == FOUND_WRONG
    assert ended.err == (
        "rendering needs libraries that are not installed\n"
        "  found:    no no_such_library\n"
        "  expected: pip install 'bifolio[build]', or `make site` in a checkout\n"
    )


def test_what_makes_several_runs_fail_is_said_once(report: Report, bifolio: Bifolio) -> None:
    report.experiment("bad", "raise ValueError('no')", declared="seeds=3")
    report.experiment("each", "raise ValueError(f'seed {run.seed}')", declared="seeds=3")
    ended = bifolio("run", "--jobs", "1")
    assert ended.status == FOUND_WRONG
    assert ended.err.splitlines() == [
        "[1/6] failed   bad seed 0 (cpu)",
        "experiments/bad.py:12: ValueError: no",
        "  at experiments/bad.py:12, in bad: raise ValueError('no')",
        "[2/6] failed   bad seed 1 (cpu): as above",
        "[3/6] failed   bad seed 2 (cpu): as above",
        "[4/6] failed   each seed 0 (cpu)",
        "experiments/each.py:12: ValueError: seed 0",
        "  at experiments/each.py:12, in each: raise ValueError(f'seed {run.seed}')",
        "[5/6] failed   each seed 1 (cpu): experiments/each.py:12: ValueError: seed 1",
        "[6/6] failed   each seed 2 (cpu): experiments/each.py:12: ValueError: seed 2",
    ]


def test_adopting_and_new_seeds_are_not_asked_for_at_once(two: Report, bifolio: Bifolio) -> None:
    ended = bifolio("reproduce", "--adopt", "--new-seeds")
    assert ended.status == USED_WRONG and "not allowed with argument --adopt" in ended.err
