"""What `make` installs: the build side alone while every result is fresh, the run side when something is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report

REPOSITORY = Path(__file__).parents[1]
BUILD = "pip --editable .[build]"
RUN = "pip --editable .[run] --requirement experiments/requirements.txt"
TEST = "pip --editable .[build,run,test] --requirement experiments/requirements.txt"
SETTINGS = ("pyproject.toml", "constraints.txt", "experiments/requirements.txt")
FRESH = "no result is stale or missing: only what builds the site is needed"


class Checkout:
    """A report with this repository's Makefile, in which pip, bifolio and the checks only say that they were called."""

    def __init__(self, report: Report) -> None:
        self.report = report
        for file in ("Makefile", "scripts/side.py"):
            (report.root / file).parent.mkdir(exist_ok=True)
            shutil.copy(REPOSITORY / file, report.root / file)
        report.write("constraints.txt", "")
        report.write("experiments/requirements.txt", "")
        report.write("generator/empty.py", "")
        self._program("tools/python", f'exec "{sys.executable}" "$@"')
        self._program("tools/bifolio", 'echo "bifolio $*"')
        self._program("scripts/check", "echo checked")

    def _program(self, file: str, body: str) -> None:
        self.report.write(file, f"#!/bin/sh\n{body}\n").chmod(0o755)

    def change(self, file: str) -> None:
        """Make a file newer than the stamps, which keep their order; clocks of files may count in whole seconds."""
        root, now = self.report.root, time.time()
        for age, other in enumerate(("venv/.test", "venv/.run", "venv/.build", *SETTINGS), start=1):
            os.utime(root / other, (now - 10 * age,) * 2)
        os.utime(root / file)

    def make(self, target: str) -> list[str]:
        """Return what a target calls and says, in order, without what make itself prints of its recipes."""
        folder = self.report.root / "venv"
        folder.mkdir(exist_ok=True)
        command = ["make", "--silent", target, "BIN=tools", "VENV=venv", "PIP=echo pip", "COMPILE=:"]
        ended = subprocess.run(
            command, cwd=self.report.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert ended.returncode == 0, ended.stdout
        return ended.stdout.splitlines()


@pytest.fixture
def checkout(report: Report) -> Checkout:
    report.experiment(
        "dice", declared='seeds=1, gpu=Config(size=2), variants={"hub": Variant(Config(), optional=True)}'
    )
    report.experiment("cards")
    return Checkout(report)


def test_fresh_results_need_the_build_side_alone(checkout: Checkout) -> None:
    checkout.report.measure()
    # Neither a variant whose source may be absent nor another profile counts: a build would run neither.
    shutil.rmtree(checkout.report.root / "experiments" / "results" / "dice" / "cpu" / "hub")
    assert checkout.make("site") == [BUILD, FRESH, "bifolio build"]
    assert checkout.make("site") == [FRESH, "bifolio build"]


def test_what_is_missing_needs_the_run_side_and_is_named(checkout: Checkout) -> None:
    needed = "what measures is needed too, for 2 of 2 experiments: cards is missing: never measured"
    assert checkout.make("site") == [BUILD, needed, RUN, "bifolio build"]
    assert checkout.make("site") == [needed, "bifolio build"]


def test_what_is_stale_needs_the_run_side_and_is_named(checkout: Checkout) -> None:
    checkout.report.measure()
    checkout.report.edit("experiments/cards.py", "42", "43")
    needed = "what measures is needed too, for 1 of 2 experiments: cards is stale: code of experiments.cards changed"
    assert checkout.make("report") == [
        *(BUILD, needed, RUN, "bifolio build"),
        *("bifolio export html", "bifolio export pdf --volume report", "bifolio export pdf --volume evidence"),
        "bifolio build",
    ]


def test_measuring_needs_the_run_side_and_the_tests_need_all(checkout: Checkout) -> None:
    checkout.report.measure()
    assert checkout.make("measure") == [BUILD, RUN, "bifolio run"]
    assert checkout.make("test") == [TEST, "checked"]
    assert checkout.make("test") == ["checked"]


def test_the_tests_take_all_at_once_and_the_others_find_it_there(checkout: Checkout) -> None:
    checkout.report.measure()
    assert checkout.make("test") == [TEST, "checked"]
    assert checkout.make("measure") == ["bifolio run"]
    assert checkout.make("site") == [FRESH, "bifolio build"]


def test_settings_and_lists_that_change_are_installed_again(checkout: Checkout) -> None:
    checkout.report.measure()
    checkout.make("test")
    checkout.change("experiments/requirements.txt")
    assert checkout.make("site") == [FRESH, "bifolio build"]
    assert checkout.make("test") == [TEST, "checked"]
    checkout.change("constraints.txt")
    assert checkout.make("test") == [TEST, "checked"]
    checkout.change("constraints.txt")
    assert checkout.make("measure") == [BUILD, RUN, "bifolio run"]


def test_a_broken_experiment_is_told_and_installs_nothing_more(checkout: Checkout) -> None:
    checkout.report.measure()
    checkout.report.write("experiments/cards.py", "(")
    said = checkout.make("site")
    assert said[1].startswith("cards is broken: experiments/cards.py:1: this is no valid Python")
    assert said[2:] == [FRESH, "bifolio build"]


def test_a_report_that_cannot_be_read_installs_nothing_more(checkout: Checkout) -> None:
    checkout.report.write("pyproject.toml", "[")
    with pytest.raises(AssertionError, match=r"pyproject.toml:1: this is no valid TOML") as caught:
        checkout.make("site")
    assert "[run]" not in str(caught.value) and "Traceback" not in str(caught.value)
