"""A draft is run and looked at like any experiment, and its results are what is published later."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from bifolio.runner.plan import make_plan

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]


@pytest.fixture
def two(report: Report) -> Report:
    report.experiment("sketch", declared="seeds=2, draft=True")
    report.experiment("whole", declared="seeds=2")
    return report


def test_it_is_run_and_marked_where_it_is_shown(two: Report, bifolio: Bifolio) -> None:
    assert "sketch  cpu    missing  draft: never measured\n" in bifolio("status").out
    assert bifolio("run", "sketch").status == 0
    assert "sketch  cpu    fresh    draft: 2 runs\n" in bifolio("status").out
    assert "whole   cpu    missing  never measured\n" in bifolio("status").out
    assert bifolio("show", "sketch").out.startswith("sketch default: 2 seeds, a draft\n  answer  42")
    assert json.loads(bifolio("show", "sketch", "--json").out)[0]["draft"] is True


@pytest.mark.parametrize(("before", "after"), [("seeds=2, draft=True", "seeds=2"), ("seeds=2", "seeds=2, draft=True")])
def test_publishing_it_and_taking_it_back_makes_nothing_stale(report: Report, before: str, after: str) -> None:
    report.experiment("sketch", declared=before)
    report.measure()
    digest, results = report.fingerprint("sketch"), report.results()
    report.experiment("sketch", declared=after)
    assert report.fingerprint("sketch") == digest and report.states() == {"sketch": "fresh"}
    assert report.results() == results


def test_draft_false_is_no_draft(report: Report, bifolio: Bifolio) -> None:
    report.experiment("whole", declared="seeds=2, draft=False")
    assert "draft" not in bifolio("status").out
    report.experiment("whole", declared="seeds=2, draft=1")
    assert "experiments/whole.py:10: draft" in bifolio("run", "whole").err


def test_a_build_measures_none(two: Report) -> None:
    planned = make_plan(two.project, profile="cpu", drafts=False).tasks
    assert {task.name.experiment for task in planned} == {"whole"}
    assert {task.name.experiment for task in make_plan(two.project, profile="cpu").tasks} == {"whole", "sketch"}


def test_its_ledger_begins_with_its_first_run(two: Report, bifolio: Bifolio) -> None:
    bifolio("run", "sketch")
    ledger = json.loads((two.root / "experiments/results/sketch/ledger.json").read_text(encoding="utf-8"))
    assert ledger["seeds"] == {"cpu": {"default": [0, 1]}}, "no one looks first and declares afterwards what matters"


@pytest.mark.parametrize("option", [(), ("--new-seeds",)])
def test_only_what_is_published_is_reproduced(two: Report, bifolio: Bifolio, option: tuple[str, ...]) -> None:
    two.measure()
    planned = bifolio("reproduce", "--dry-run", *option).out
    assert "whole" in planned and "sketch" not in planned
    refused = bifolio("reproduce", "sketch", *option)
    assert refused.status == 2 and "a draft is not published\n  found:    sketch" in refused.err


def test_an_experiment_that_is_published_needs_no_draft(two: Report, bifolio: Bifolio) -> None:
    need = 'run.value("x", run.need("sketch").value("answer"))'
    two.experiment("down", need, declared='seeds=2, needs=("sketch",)')
    assert (
        "experiments/down.py:11: an experiment that is published needs one that is a draft\n"
        "  found:    sketch\n  expected: draft=True here too, or experiments/sketch.py without it"
    ) in bifolio("run", "down").err
    two.experiment("down", need, declared='seeds=2, draft=True, needs=("sketch",)')
    assert {outcome.kind for outcome in two.measure("down").values()} == {"measured"}
    two.experiment("sketch", declared="seeds=2")
    two.experiment("down", need, declared='seeds=2, needs=("sketch",)')
    assert two.states()["down"] == "fresh"
