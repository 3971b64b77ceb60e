"""How many seeds a variant has: its own number, its experiment's, or the smallest of what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bifolio.errors import DeclarationError
from bifolio.provenance.declaration import Declaration, RunName
from bifolio.provenance.fingerprint import Fingerprints
from bifolio.provenance.sources import read_sources

if TYPE_CHECKING:
    from tests.conftest import Report


def counts(report: Report) -> dict[str, int]:
    return {
        f"{name}.{variant}": declared.seeds_of(variant)
        for name, declared in read_sources(report.project).declarations.items()
        for variant in declared.variants
    }


def test_what_says_nothing_and_needs_nothing_has_five(report: Report) -> None:
    report.experiment("alone", declared="")
    assert counts(report) == {"alone.default": 5}


def test_a_variants_own_number_wins_over_its_experiments(report: Report) -> None:
    report.experiment("some", declared='seeds=4, variants={"a": Config(), "b": Variant(Config(), seeds=9)}')
    assert counts(report) == {"some.a": 4, "some.b": 9}
    declared = read_sources(report.project).declarations["some"]
    assert [run.path for run in declared.runs("cpu") if run.variant == "b"] == [
        f"some/cpu/b/seed-{seed}.json" for seed in range(9)
    ]
    assert len(declared.runs("cpu")) == 13 and len(declared.runs("smoke")) == 2
    assert declared.most_seeds == 9


def test_what_needs_an_experiment_takes_the_smallest_number_along_a_chain(report: Report) -> None:
    report.experiment("up", declared='seeds=8, variants={"a": Config(), "b": Variant(Config(), seeds=3)}')
    report.experiment("middle", declared='needs=("up.a",)')
    report.experiment("both", declared='needs=("up.a", "up.b")')
    report.experiment("down", declared='needs=("middle",)')
    report.experiment(
        "own",
        declared='needs=("up.a",), variants={"plain": Config(), "few": Variant(Config(), seeds=2),'
        ' "other": Variant(Config(), needs=("up.b",)), "free": Variant(Config(), needs=())}',
    )
    found = counts(report)
    assert {name: found[f"{name}.default"] for name in ("middle", "both", "down")} == {
        "middle": 8,
        "both": 3,
        "down": 8,
    }
    assert {name: found[f"own.{name}"] for name in ("plain", "few", "other", "free")} == {
        "plain": 8,
        "few": 2,
        "other": 3,
        "free": 5,
    }
    assert set(report.digests()) >= {f"down/cpu/default/seed-{seed}.json" for seed in range(8)}


@pytest.mark.parametrize(
    "declared", ['seeds=9, needs=("up",)', 'needs=("up",), variants={"a": Variant(Config(), seeds=9)}']
)
def test_a_declared_number_above_that_of_a_need_is_an_error(report: Report, declared: str) -> None:
    report.experiment("up", declared="seeds=8")
    report.experiment("down", declared=declared)
    with pytest.raises(DeclarationError) as caught:
        report.digests()
    assert caught.value.problem == "a declared need does not exist"
    assert (caught.value.found, caught.value.expected) == ("seed 8 of up", "8 seeds")


def test_a_needed_variants_own_number_is_what_counts(report: Report) -> None:
    report.experiment("up", declared='seeds=8, variants={"a": Variant(Config(), seeds=2)}')
    report.experiment("down", declared='seeds=3, needs=("up.a",)')
    with pytest.raises(DeclarationError) as caught:
        report.digests()
    assert (caught.value.found, caught.value.expected) == ("seed 2 of up.a", "2 seeds")


@pytest.mark.parametrize(
    ("needs", "problem"),
    [("other", "experiments need each other in a circle"), ("nothing", "a declared need does not exist")],
)
def test_circles_and_unknown_needs_are_told_as_before(report: Report, needs: str, problem: str) -> None:
    report.experiment("other", declared='needs=("one",)')
    report.experiment("one", declared=f'needs=("{needs}",)')
    assert counts(report)["one.default"] == 5
    with pytest.raises(DeclarationError) as caught:
        report.digests()
    assert caught.value.problem == problem


def test_new_seeds_are_as_many_as_each_variant_has(report: Report) -> None:
    from bifolio.runner.new_seeds import plan_new_seeds

    report.experiment("some", declared='seeds=2, variants={"a": Config(), "b": Variant(Config(), seeds=3)}')
    report.measure()
    (batch,) = plan_new_seeds(report.project, profile="cpu").batches
    assert [(run.variant, run.seed) for run in batch.runs] == [("a", 3), ("a", 4), ("b", 3), ("b", 4), ("b", 5)]


def test_what_a_run_needs_is_found_without_listing_runs(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """With thousands of seeds, listing all of them for each would take minutes to plan."""
    report.experiment("up", declared="seeds=3")
    report.experiment("down", declared='seeds=3, needs=("up",)')
    fingerprints = Fingerprints(report.project, read_sources(report.project))
    monkeypatch.delattr(Declaration, "runs")
    assert fingerprints.needs(RunName("down", "cpu", "default", 2)) == (RunName("up", "cpu", "default", 2),)
