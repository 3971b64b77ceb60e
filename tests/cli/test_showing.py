"""What was measured is seen without a chapter: the verb `show`, and what `run` says when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from bifolio.cli.showing import curve

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]
BODY = """
    run.split(100, train=60, test=30)
    print("told to the log")
    run.value("score", 50 + run.seed + config.step, unit="%")
    run.value("size", 7, tolerance=0)
    run.choice("rate", 0.1 if run.seed else 0.3)
    table = run.table("losses", columns=("epoch", "loss"))
    for epoch in range(3):
        table.add(epoch, 4.0 - epoch)
    run.sample("texts", [{"prompt": "a", "answer": "b\\nc"}])
    """


@pytest.fixture
def scores(report: Report) -> Report:
    report.experiment("scores", BODY, config="step: int = 0", declared="seeds=3")
    return report


def test_values_choices_curves_samples_and_the_log_are_shown(scores: Report, bifolio: Bifolio) -> None:
    scores.measure()
    lines = bifolio("show", "scores").out.splitlines()
    assert lines[0] == "scores default: 3 seeds"
    assert "  score  51 %  47.07 to 54.93  n 3" in lines  # 4.303 √(1/3 + 30/60)
    assert "  size   7  exact" in lines and "  rate   chosen: 0.1 2×, 0.3 1×" in lines
    assert "    loss   █▅▁  4 to 2" in lines and "    answer: b⏎c · prompt: a" in lines
    assert lines[-1].startswith("what the runs printed: .cache/logs/scores-*")


def test_one_seed_is_shown_with_its_rows(scores: Report, bifolio: Bifolio) -> None:
    scores.measure()
    lines = bifolio("show", "scores", "--seed", "2").out.splitlines()
    assert lines[:2] == ["scores default: 1 seed", "  score  52 %  n 1"]
    at = lines.index("  table losses: 3 rows")
    assert lines[at + 1 : at + 5] == ["    epoch  loss", "    0  4", "    1  3", "    2  2"]


def test_tools_get_everything(scores: Report, bifolio: Bifolio) -> None:
    scores.measure()
    (told,) = json.loads(bifolio("show", "scores", "--json").out)
    assert told["values"]["score"] == pytest.approx(
        {"mean": 51, "n": 3} | {key: told["values"]["score"][key] for key in ("low", "high", "unit", "exact")}
    )
    assert told["values"]["score"]["unit"] == "%" and told["seeds"]["1"]["tables"]["losses"]["rows"][2] == [2, 2.0]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("scors",), 2, "there is no such experiment\n  found:    scors\n  expected: scores\n  nearest:  scores"),
        (("scores",), 1, "scores has no results at profile cpu\n  found:    none\n  expected: bifolio run scores"),
        (("scores", "--seed", "-1"), 2, "found -1, expected a whole number from 0"),
    ],
)
def test_what_is_not_there_is_said(
    scores: Report, bifolio: Bifolio, arguments: tuple[str, ...], status: int, message: str
) -> None:
    ended = bifolio("show", *arguments)
    assert message in ended.err and ended.status == status


def test_a_seed_that_was_not_run_is_unknown(scores: Report, bifolio: Bifolio) -> None:
    scores.measure()
    assert (
        "scores was not run with this seed\n  found:    9\n  expected: 0, 1, 2"
        in bifolio("show", "scores", "--seed", "9").err
    )


def test_a_run_ends_with_what_it_measured_and_what_that_was_before(scores: Report, bifolio: Bifolio) -> None:
    first = bifolio("run", "--jobs", "1").out
    assert "scores.default.score  51 %  47.07 to 54.93  n 3\n" in first and "was" not in first
    scores.experiment("scores", BODY.replace("50 +", "60 +"), config="step: int = 0", declared="seeds=3")
    again = bifolio("run", "--jobs", "1").out
    assert "scores.default.score  61 %  57.07 to 64.93  n 3  was 51 %  47.07 to 54.93  n 3\n" in again
    assert "scores.default.size   7  exact\n" in again


def test_a_variant_without_the_seed_is_left_out(report: Report, bifolio: Bifolio) -> None:
    declared = 'variants={"few": Variant(Config(), seeds=2), "more": Variant(Config(), seeds=3)}'
    report.experiment("scores", BODY, config="step: int = 0", declared=declared)
    report.measure()
    assert bifolio("show", "scores", "--seed", "2").out.splitlines()[0] == "scores more: 1 seed"
    assert "expected: 0, 1, 2" in bifolio("show", "scores", "--seed", "9").err


def test_a_run_tells_of_the_variants_that_it_measured(report: Report, bifolio: Bifolio) -> None:
    declared = 'seeds=2, variants={"one": Config(), "two": Config(step=%d)}'
    report.experiment("scores", BODY, config="step: int = 0", declared=declared % 1)
    bifolio("run", "--jobs", "1")
    report.experiment("scores", BODY, config="step: int = 0", declared=declared % 5)
    lines = bifolio("run", "--jobs", "1").out
    assert "scores.two.score" in lines and "scores.one.score" not in lines


def test_curves_are_short_and_flat_ones_flat() -> None:
    assert curve([1.0, 1.0]) == "▁▁" and curve([0.0, 1.0]) == "▁█"
    assert len(curve([float(number) for number in range(1000)])) == 40
