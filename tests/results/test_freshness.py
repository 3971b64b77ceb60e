"""Fresh, stale or missing, with the reason in words, and a memo that never says what was true before."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio import programs
from bifolio.errors import UsageError
from bifolio.results import status
from bifolio.results.freshness import survey
from bifolio.results.status import status_rows
from bifolio.results.store import LEDGER

if TYPE_CHECKING:
    from tests.conftest import Report


@pytest.fixture
def measured(report: Report) -> Report:
    report.write("experiments/sizes.py", "SIZE = 1\n")
    report.write("questions.txt", "why?\n")
    report.experiment(
        "up", 'run.value("loss", 0.5)', declared='seeds=2, inputs=("questions.txt",)', imports="import json"
    )
    report.experiment(
        "down",
        'run.value("cost", run.need("up").value("loss") * 2)',
        declared='seeds=2, needs=("up",)',
        imports="from experiments.sizes import SIZE",
    )
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    return report


def test_asking_what_is_fresh_reads_no_record_in_full(measured: Report) -> None:
    script = """
        import sys
        from pathlib import Path
        from bifolio.project import find_project
        from bifolio.results.freshness import survey
        from bifolio.results.status import status_rows
        assert {state.state for state in survey(find_project(Path()))} == {"fresh"}
        assert {row["state"] for row in status_rows(".", (), None)} == {"fresh"}
        print("cattrs" in sys.modules)
        """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    assert subprocess.run(command, cwd=measured.root, check=True, capture_output=True, text=True).stdout == "False\n"


def test_what_was_just_measured_is_fresh(measured: Report) -> None:
    assert measured.states() == {"down": "fresh", "up": "fresh"}
    assert measured.reason("up") == "2 runs"


@pytest.mark.parametrize(
    ("file", "old", "new", "reasons"),
    [
        ("experiments/sizes.py", "1", "2", {"down": "code of experiments.sizes changed"}),
        (
            "experiments/up.py",
            "0.5",
            "0.6",
            {"up": "code of experiments.up changed", "down": "need up.default changed"},
        ),
        ("questions.txt", "why", "how", {"up": "input questions.txt changed", "down": "need up.default changed"}),
        (
            "experiments/up.py",
            "seeds=2",
            "seeds=2, threads=3",
            {"up": "run settings changed: threads 1 -> 3", "down": "need up.default changed"},
        ),
        (
            "pyproject.toml",
            'languages = ["en"]',
            'languages = ["en"]\nprofiles.cpu.environment = { json = "1.0" }',
            {
                "up": "environment changed: json none -> 1.0",
                "down": "need up.default changed",
            },
        ),
    ],
)
def test_the_reason_names_what_changed(
    measured: Report, file: str, old: str, new: str, reasons: dict[str, str]
) -> None:
    measured.edit(file, old, new)
    found = {state.experiment: state.reason for state in survey(measured.project) if state.state == "stale"}
    assert found == reasons


def test_a_variant_that_was_added_is_missing_and_the_others_stay_fresh(measured: Report) -> None:
    measured.edit("experiments/down.py", "seeds=2", 'variants={"default": Config(), "big": Config(size=9)}, seeds=2')
    assert measured.states()["down"] == "missing"
    assert measured.reason("down") == "never measured (2 of 4 runs)"
    assert {name: run.state for name, run in measured.runs("down").items()} == {
        "default-0": "fresh",
        "default-1": "fresh",
        "big-0": "missing",
        "big-1": "missing",
    }


def test_a_profile_size_is_a_change_of_config(measured: Report) -> None:
    measured.edit("experiments/up.py", "seeds=2", "seeds=2, gpu=Config(size=5)")
    assert measured.states()["up"] == "fresh"
    assert [state.profile for state in survey(measured.project, ["up"])] == ["cpu", "gpu"]


def test_a_number_that_was_used_and_measured_again_stales_its_user(measured: Report) -> None:
    measured.edit("experiments/up.py", '"loss", 0.5', '"loss", __import__("os").getpid()')
    measured.measure()
    assert measured.states() == {"down": "fresh", "up": "fresh"}
    measured.measure("up", force=True)
    assert measured.states() == {"down": "stale", "up": "fresh"}
    assert measured.reason("down") == "it used up.loss, which was measured again"
    measured.measure()
    assert measured.states() == {"down": "fresh", "up": "fresh"}


def test_an_optional_variant_without_a_result_is_neither_stale_nor_missing(report: Report) -> None:
    report.experiment("one", declared='seeds=1, variants={"hub": Variant(Config(size=2), optional=True)}')
    report.measure()
    report.result_file("one", "hub").unlink()
    assert report.states() == {"one": "fresh"}
    assert report.runs("one")["hub-0"].state == "missing"
    report.measure()
    report.edit("experiments/one.py", "size=2", "size=3")
    assert report.states() == {"one": "stale"}


def test_an_unknown_name_is_wrong_usage(measured: Report) -> None:
    with pytest.raises(UsageError) as caught:
        survey(measured.project, ["dwon"])
    assert str(caught.value) == "there is no such experiment\n  found:    dwon\n  expected: down, up\n  nearest:  down"
    with pytest.raises(UsageError, match="no such profile"):
        survey(measured.project, (), ["cpus"])


def states(report: Report) -> dict[str, str]:
    return {row["experiment"]: row["state"] for row in status_rows(str(report.root), (), None)}


def test_status_remembers_its_answer(measured: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    first = status_rows(str(measured.root), (), None)
    monkeypatch.setattr("bifolio.results.freshness.survey", None)  # it would fail if it were asked again
    assert status_rows(str(measured.root), (), None) == first
    assert status_rows(str(measured.root / "experiments"), (), None) == first
    ledger = measured.root / "experiments" / "results" / "down" / LEDGER
    ledger.write_text("what a ledger says makes nothing stale")
    assert status_rows(str(measured.root), (), None) == first


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("experiments/sizes.py", "1", "2"),
        ("questions.txt", "why?", "how?"),
        ("pyproject.toml", '"en"', '"en"]\nprofiles.cpu.threads = 2\npages = ["x"'),
        ("experiments/results/down/cpu/default/seed-0.json", '"cost"', '"sum"'),
    ],
)
def test_status_notices_every_change(measured: Report, file: str, old: str, new: str) -> None:
    assert states(measured)["down"] == "fresh"
    stat = (measured.root / file).stat()
    measured.edit(file, old, new)
    os.utime(measured.root / file, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # a clock that tells nothing
    assert states(measured)["down"] == "stale"


def test_status_notices_that_what_made_the_answer_changed(
    measured: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "bifolio"
    shutil.copytree(programs.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "assets"))
    monkeypatch.setattr(status, "__file__", str(copy / "results" / "status.py"))
    states(measured)
    asked: list[object] = []
    monkeypatch.setattr("bifolio.results.freshness.survey", lambda *given: asked.append(given) or survey(*given))
    (copy / "locales").mkdir(exist_ok=True)
    (copy / "locales" / "fr.toml").write_text("[words]")
    states(measured)
    assert not asked
    os.utime(copy / "provenance" / "syntax.py")
    states(measured)
    assert len(asked) == 1


def test_status_notices_what_is_gone_and_what_is_new(measured: Report) -> None:
    assert states(measured) == {"down": "fresh", "up": "fresh"}
    content = measured.result_file("down").read_bytes()
    measured.result_file("down").unlink()
    assert states(measured) == {"down": "missing", "up": "fresh"}
    measured.result_file("down").write_bytes(content)
    assert states(measured) == {"down": "fresh", "up": "fresh"}
    measured.experiment("new")
    assert states(measured) == {"down": "fresh", "new": "missing", "up": "fresh"}


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"question": 1}'])
def test_a_memo_that_is_damaged_is_made_again(measured: Report, damaged: str) -> None:
    expected = states(measured)
    (measured.root / ".cache" / "status.json").write_text(damaged)
    assert states(measured) == expected


def test_status_answers_each_question_for_itself(measured: Report) -> None:
    assert len(status_rows(str(measured.root), (), None)) == 2
    assert len(status_rows(str(measured.root), ("up",), None)) == 1
    assert status_rows(str(measured.root), ("up",), "gpu")[0]["state"] == "missing"
    with pytest.raises(UsageError):
        status_rows(str(measured.root), ("upp",), None)
