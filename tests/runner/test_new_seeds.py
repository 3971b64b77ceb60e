"""Seeds that the report has not seen: kept apart, never run twice, and the first report on them stays."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from bifolio.chapters.claims.elsewhere import catalogue_on_new_seeds
from bifolio.chapters.context.catalogue import VariantName
from bifolio.errors import ResultError
from bifolio.results.new_seeds import SeedReport, read_seed_reports, seed_report_path
from bifolio.runner.new_seeds import plan_new_seeds, reports_on_new_seeds, run_new_seeds

from tests.runner.test_runs import KEEPING, USING

if TYPE_CHECKING:
    from tests.conftest import Report as Small

DRAWN = """
    import random
    run.split(100, train=0.5, test=0.5)
    run.value("drawn", random.gauss(0, 1))
    run.value("shift", (run.seed >= 5) * 9 + random.random())
    run.value("exact", 7)
    """


def unseen(report: Small, *names: str, later: bool = False) -> tuple[list[str], tuple[SeedReport, ...]]:
    """Run new seeds; return what was run and the reports."""
    new = plan_new_seeds(report.project, names, profile="cpu", later=later)
    with mock.patch.dict(os.environ):
        ended = run_new_seeds(new, 2, lambda outcome, standing: None)
    assert {outcome.kind for outcome in ended.outcomes} <= {"measured"}, ended
    return [str(outcome.name) for outcome in ended.outcomes], reports_on_new_seeds(new)


@pytest.fixture
def drawn(report: Small) -> Small:
    report.experiment("drawn", DRAWN, declared="seeds=5")
    report.measure()
    return report


def test_new_seeds_follow_those_of_the_report_and_are_stored_apart(drawn: Small) -> None:
    before = drawn.results()
    ran, (report,) = unseen(drawn)
    assert sorted(ran) == [f"drawn seed {seed} (cpu)" for seed in range(5, 10)]
    assert (report.first, report.last) == (5, 9)
    assert drawn.results() == before
    assert drawn.states() == {"drawn": "fresh"}
    folder = drawn.root / "experiments/reproductions/new-seeds/drawn/cpu"
    assert {path.name for path in folder.iterdir()} == {"default", "seeds-5-9.json"}


def test_values_are_compared_by_their_means(drawn: Small) -> None:
    _, (report,) = unseen(drawn)
    values = {value.name: value for value in report.values}
    assert set(values) == {"drawn", "shift", "exact"}
    assert values["drawn"].agrees
    assert not values["shift"].agrees and values["shift"].low > 0
    assert (values["exact"].agrees, values["exact"].low, values["exact"].high) == (True, 0.0, 0.0)
    assert values["drawn"].published.count == values["drawn"].new.count == 5


def test_the_interval_is_welchs_with_the_correction_for_splits_that_overlap(drawn: Small) -> None:
    stats = pytest.importorskip("scipy.stats")
    _, (report,) = unseen(drawn)
    value = next(value for value in report.values if value.name == "drawn")
    catalogue = catalogue_on_new_seeds(drawn.project, "cpu")
    after = catalogue.samples(VariantName("drawn", "cpu", "default"), "drawn")
    before = [drawn.result("drawn", seed=seed).values["drawn"].number for seed in range(5)]
    plain = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.99)
    middle = (plain.low + plain.high) / 2
    wider = (1 / 5 + 50 / 50) / (1 / 5)
    assert value.low == pytest.approx(middle - (plain.high - middle) * wider**0.5)
    assert value.high == pytest.approx(middle + (plain.high - middle) * wider**0.5)


def test_what_is_there_is_not_run_again_and_what_is_lost_is(drawn: Small) -> None:
    _, first = unseen(drawn)
    assert unseen(drawn) == ([], first)
    (drawn.root / "experiments/reproductions/new-seeds/drawn/cpu/default/seed-7.json").unlink()
    assert unseen(drawn) == (["drawn seed 7 (cpu)"], first)


def test_later_seeds_follow_those_that_have_a_report(drawn: Small) -> None:
    assert len(unseen(drawn, later=True)[0]) == 5
    new = plan_new_seeds(drawn.project, profile="cpu", later=True)
    assert (new.first, new.count) == ({"drawn": 10}, 5)
    ran, (second,) = unseen(drawn, later=True)
    assert (len(ran), second.first, second.last) == (5, 10, 14)
    assert plan_new_seeds(drawn.project, profile="cpu").count == 0
    seed_report_path(drawn.project, second).unlink()
    again = drawn.root / "experiments/reproductions/new-seeds/drawn/cpu/default/seed-12.json"
    again.unlink()
    ran, _ = unseen(drawn, later=True)
    assert ran == ["drawn seed 12 (cpu)"], "what was interrupted goes on"


def test_no_report_before_all_seeds_are_there(drawn: Small) -> None:
    new = plan_new_seeds(drawn.project, profile="cpu")
    assert reports_on_new_seeds(new) == ()


def test_the_first_report_is_kept_whatever_comes_later(drawn: Small) -> None:
    _, (first,) = unseen(drawn)
    path = seed_report_path(drawn.project, first)
    content = path.read_bytes()
    drawn.result_file("drawn", seed=4).unlink()
    drawn.measure()  # the same numbers, another witness
    _, (again,) = unseen(drawn)
    assert (again, path.read_bytes()) == (first, content)
    assert read_seed_reports(drawn.project, "drawn", "cpu") == (first,)


def test_seeds_that_other_code_has_used_are_seen(drawn: Small) -> None:
    _, (first,) = unseen(drawn)
    drawn.edit("experiments/drawn.py", "gauss(0, 1)", "gauss(0, 2)")
    drawn.measure()
    ran, (second,) = unseen(drawn)
    assert sorted(ran) == [f"drawn seed {seed} (cpu)" for seed in range(10, 15)]
    assert read_seed_reports(drawn.project, "drawn", "cpu") == (first, second)


def test_needs_run_on_the_same_new_seeds(report: Small) -> None:
    report.experiment("up", KEEPING, declared="seeds=2")
    report.experiment("down", USING, declared='seeds=2, needs=("up",)')
    report.measure()
    ran, reports = unseen(report, "down")
    assert sorted(ran) == [f"{name} seed {seed} (cpu)" for name in ("down", "up") for seed in (2, 3)]
    (value,) = reports[0].values
    assert (value.published.mean, value.new.mean) == (2.0, 6.0)
    assert sorted(unseen(report)[0]) == []


def test_needs_run_above_seeds_that_their_code_has_used(report: Small) -> None:
    report.experiment("up", KEEPING, declared="seeds=2")
    report.experiment("down", USING, declared='seeds=2, needs=("up",)')
    report.measure()
    unseen(report)
    report.edit("experiments/down.py", "2 *", "3 *")
    report.measure()
    ran, reports = unseen(report)
    assert sorted(ran) == [f"{name} seed {seed} (cpu)" for name in ("down", "up") for seed in (4, 5)]
    assert [(found.experiment, found.first) for found in reports] == [("up", 2), ("down", 4)]
    catalogue = catalogue_on_new_seeds(report.project, "cpu")
    assert catalogue.samples(VariantName("down", "cpu", "default"), "double") == (13.5, 16.5)
    assert catalogue.samples(VariantName("up", "cpu", "default"), "loss") == (2.5, 3.5)


def test_an_experiment_whose_results_are_stale_is_refused(drawn: Small) -> None:
    drawn.experiment("other")
    drawn.edit("experiments/drawn.py", "gauss(0, 1)", "gauss(0, 2)")
    new = plan_new_seeds(drawn.project, profile="cpu")
    assert {run.name.experiment for run in new.refused} == {"drawn", "other"}
    assert new.batches == ()


def test_a_damaged_report_is_no_report(drawn: Small) -> None:
    _, (report,) = unseen(drawn)
    path: Path = seed_report_path(drawn.project, report)
    path.write_text(path.read_text().replace('"first": 5', '"first": 6'))
    with pytest.raises(ResultError, match="does not match its checksum"):
        read_seed_reports(drawn.project, "drawn", "cpu")
