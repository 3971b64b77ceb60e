"""A run that fails is named with its place, the others go on, and nothing that was good is lost."""

from __future__ import annotations

import re
import resource
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('raise ValueError("too bad")', "experiments/bad.py:12: ValueError: too bad"),
        (
            "pass",
            """
            experiments/bad.py:11: the run recorded nothing
              expected: run.value(...)
            """,
        ),
        (
            'run.value("loss", 1)\nrun.value("loss", 2)',
            """
            experiments/bad.py:13: this name was recorded already
              found:    loss
              expected: every name once
            """,
        ),
        (
            'run.value("loss", float("nan"))',
            """
            experiments/bad.py:12: loss is not finite
              found:    nan
              expected: a finite number; of a training that diverged, run.diverged(reason), and None in a table
            """,
        ),
        (
            'table = run.table("curve", ["epoch"])\n\ntable.add(float("inf"))',
            """
            experiments/bad.py:14: curve.epoch is not finite
              found:    inf
              expected: a finite number; of a training that diverged, run.diverged(reason), and None in a table
            """,
        ),
        (
            'run.value("loss", "0.5")',
            """
            experiments/bad.py:12: loss is no number
              found:    str '0.5'
              expected: a float, an int, or a tensor of one
            """,
        ),
        (
            'run.value("Loss", 1)',
            """
            experiments/bad.py:12: a recorded name
              found:    'Loss'
              expected: small letters, digits and underscores, a letter first
            """,
        ),
        (
            'run.value("config", 1)',
            """
            experiments/bad.py:12: this name means something else in chapters
              found:    config
              expected: another name
            """,
        ),
        (
            'run.timing("seconds", 1)',
            """
            experiments/bad.py:12: seconds is a timing, but other runs may run beside this one
              expected: @experiment(exclusive=True, ...)
            """,
        ),
        (
            'run.need("other")',
            """
            experiments/bad.py:12: this need is not declared
              found:    other.default
              expected: @experiment(needs=("other",), ...)
            """,
        ),
        (
            'run.sample("texts", [{"text": "\\ud800"}])',
            """
            experiments/bad.py:12: texts.text is no valid text
              found:    str '\\ud800'
              expected: text that UTF-8 can hold
            """,
        ),
    ],
)
def test_a_bad_run_has_one_clear_message(report: Report, body: str, message: str) -> None:
    report.experiment("bad", body)
    assert report.failure("bad").message == textwrap.dedent(message).strip()
    assert report.results() == {}


def test_the_place_is_the_innermost_line_of_the_report(report: Report) -> None:
    report.write("experiments/inner.py", "import json\n\ndef load():\n    return json.loads('{')\n")
    report.experiment("bad", 'run.value("x", load())', imports="from experiments.inner import load")
    outcome = report.failure("bad")
    assert outcome.message.startswith("experiments/inner.py:4: JSONDecodeError: ")
    assert outcome.trace == (
        '  at experiments/bad.py:12, in bad: run.value("x", load())\n'
        "  at experiments/inner.py:4, in load: return json.loads('{')"
    )
    assert outcome.whole.startswith("Traceback (most recent call last)") and "json/decoder.py" in outcome.whole


FAILURES: Mapping[str, tuple[str, str]] = {
    "an exit with a number": (
        "import sys; sys.exit(3)",
        """
        experiments/bad.py:12: the experiment ended its process
          found:    sys.exit(3)
          expected: an exception where it fails, `return` where it is done
        """,
    ),
    "an exit with a text": (
        "raise SystemExit('I give up')",
        """
        experiments/bad.py:12: the experiment ended its process
          found:    sys.exit('I give up')
          expected: an exception where it fails, `return` where it is done
        """,
    ),
    "an argument that a method lacks": (
        'run.value("x", 1, unt="%")',
        """
        experiments/bad.py:12: TypeError: Run.value() got an unexpected keyword argument 'unt'
          found:    unt
          expected: value(name, number, [unit=…, tolerance=…, of=…])
          nearest:  unit
        """,
    ),
    "a call without its arguments": (
        "def inner(x, y=2):\n    pass\ninner()",
        """
        experiments/bad.py:14: TypeError: bad.<locals>.inner() missing 1 required positional argument: 'x'
        """,
    ),
    "a method that a run lacks": (
        'run.valu("x", 1)',
        """
        experiments/bad.py:12: AttributeError: 'Run' object has no attribute 'valu'
          found:    valu
          nearest:  value
        """,
    ),
    "a field that the config lacks": (
        'run.value("x", config.sise)',
        """
        experiments/bad.py:12: AttributeError: 'Config' object has no attribute 'sise'
          found:    sise
          expected: size
          nearest:  size
        """,
    ),
    "a name that nothing has": (
        "print(confg)",
        """
        experiments/bad.py:12: NameError: name 'confg' is not defined
          found:    confg
          nearest:  config
        """,
    ),
    "an interrupt that no keyboard sent": ("raise KeyboardInterrupt", "experiments/bad.py:12: KeyboardInterrupt"),
    "nothing said": ("assert config.size == 2", "experiments/bad.py:12: AssertionError"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_an_author_reads_one_error_and_own_lines(report: Report, case: str) -> None:
    body, message = FAILURES[case]
    report.experiment("bad", body)
    outcome = report.failure("bad")
    assert outcome.message == textwrap.dedent(message).strip()
    assert re.fullmatch(r"(  at experiments/bad\.py:\d+, in bad: .+\n?)+", outcome.trace)


def test_what_an_error_came_from_is_told_by_own_lines_too(report: Report) -> None:
    body = "try:\n    json.loads('{')\nexcept ValueError as error:\n    raise RuntimeError('no') from error"
    report.experiment("bad", body, imports="import json")
    assert report.failure("bad").trace == (
        "  at experiments/bad.py:15, in bad: raise RuntimeError('no') from error\n"
        "  after JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)\n"
        "  at experiments/bad.py:13, in bad: json.loads('{')"
    )


def test_a_line_that_calls_itself_is_told_once(report: Report) -> None:
    report.experiment("bad", "deeper()", imports="def deeper(): return deeper()")
    first, second = report.failure("bad").trace.splitlines()
    assert first == "  at experiments/bad.py:12, in bad: deeper()"
    assert re.fullmatch(
        r"  at experiments/bad\.py:4, in deeper: def deeper\(\): return deeper\(\) \(and \d+ times more\)", second
    )


def test_a_module_of_data_that_fails_is_the_place(report: Report) -> None:
    report.write("experiments/datasets/cards.py", "def load():\n    return [][0]\n")
    report.experiment("bad", 'run.value("x", load())', imports="from experiments.datasets.cards import load")
    outcome = report.failure("bad")
    assert outcome.message == "experiments/datasets/cards.py:2: IndexError: list index out of range"
    assert outcome.trace.count("\n") == 1


def test_a_child_of_a_run_may_end_as_it_wants(report: Report) -> None:
    body = 'child = os.fork()\nif not child:\n    sys.exit(4)\nrun.value("x", os.waitpid(child, 0)[1] >> 8)'
    report.experiment("one", body, imports="import os, sys", declared='seeds=1, uses=("subprocess",)')
    report.measure()
    assert report.result("one").values["x"].number == 4


def test_an_error_while_importing_is_placed_too(report: Report) -> None:
    report.experiment("bad", imports="from json import no_such_name")
    outcome = report.failure("bad")
    assert outcome.message.startswith("experiments/bad.py:4: ImportError: cannot import name 'no_such_name'")


def test_a_library_that_is_not_installed_is_named_with_its_cure(report: Report) -> None:
    report.experiment("bad", imports="import no_such_library.part")
    outcome = report.failure("bad")
    assert outcome.message == (
        "experiments/bad.py:4: the experiment imports a library that is not installed\n"
        "  found:    no_such_library\n"
        "  expected: pip install what brings no_such_library"
    )
    assert outcome.trace == ""
    report.write("experiments/requirements.txt", "no-such-library\n")
    assert report.failure("bad").message.endswith("expected: pip install -r experiments/requirements.txt")


def test_the_others_go_on(report: Report) -> None:
    report.experiment(
        "bad", 'run.value("x", 1 / run.seed)', declared='seeds=3, variants={"a": Config(), "b": Config()}'
    )
    report.experiment("good")
    outcomes = report.measure()
    assert {name for name, outcome in outcomes.items() if outcome.kind == "failed"} == {
        "bad a seed 0 (cpu)",
        "bad b seed 0 (cpu)",
    }
    assert len(outcomes) == 7
    assert report.states() == {"bad": "missing", "good": "fresh"}


def test_what_needs_a_run_that_failed_is_failed_too_and_so_on(report: Report) -> None:
    report.experiment("a", 'run.value("x", 1 / run.seed)', declared="seeds=2")
    report.experiment("b", declared='seeds=2, needs=("a",)')
    report.experiment("c", declared='seeds=2, needs=("b",)')
    outcomes = report.measure()
    assert outcomes["b seed 0 (cpu)"].message == "it needs a seed 0 (cpu), which was not measured"
    assert outcomes["c seed 0 (cpu)"].message == "it needs b seed 0 (cpu), which was not measured"
    assert outcomes["c seed 1 (cpu)"].kind == "measured"


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("import os; os._exit(7)", "ended with status 7"),
        ("import os; os._exit(0)", "ended with status 0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "was killed by signal 11 (SIGSEGV)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed by signal 9 (SIGKILL)"),
    ],
)
def test_a_process_that_dies_takes_nothing_with_it(report: Report, body: str, how: str) -> None:
    report.experiment("bad", f'print("the last words", flush=True)\n{body}')
    report.experiment("good", declared="seeds=2")
    outcomes = report.measure()
    bad = outcomes["bad seed 0 (cpu)"]
    assert (bad.kind, bad.message) == ("failed", f"experiments/bad.py:11: the process of the run {how}")
    assert bad.trace == "  it printed:\nthe last words\n"
    assert report.states() == {"bad": "missing", "good": "fresh"}


def test_a_failed_run_keeps_the_result_that_was_good(report: Report) -> None:
    report.experiment("one")
    report.measure()
    before = report.results()
    report.edit("experiments/one.py", 'run.value("answer", 42)', 'raise ValueError("no")')
    assert report.failure("one")
    assert report.results() == before


def test_a_disk_that_refuses_fails_the_run_and_keeps_what_was_good(report: Report) -> None:
    report.experiment("one", 'run.sample("long", [{"text": "x" * config.size}])', config="size: int = 10")
    report.measure()
    before = report.results()
    report.edit("experiments/one.py", "size: int = 10", "size: int = 100_000")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # This process, which keeps what runs measured, may write no more than this to a file: what a full disk does.
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        message = report.failure("one").message
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert message == f"{report.result_file('one')}: the file cannot be written: File too large"
    assert report.results() == before
    assert list(report.root.rglob(".*.part")) == []


def test_a_results_folder_that_cannot_be_made_fails_the_run(report: Report) -> None:
    report.experiment("one")
    (report.root / "experiments" / "results").write_text("a file where the folder should be")
    assert report.failure("one").message.endswith("the file cannot be written: Not a directory")


def test_what_an_experiment_prints_goes_to_its_log(report: Report, capfd: pytest.CaptureFixture[str]) -> None:
    report.experiment("one", 'print("a line of the experiment")\nrun.value("x", 1)')
    report.measure()
    assert "a line" not in capfd.readouterr().out
    assert Path(report.root / ".cache/logs/one-cpu-default-seed-0.log").read_text() == "a line of the experiment\n"
