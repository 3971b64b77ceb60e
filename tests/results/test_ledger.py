"""The ledger: it remembers which seeds were ever run and when what matters was declared, and only grows."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from bifolio.errors import ResultError
from bifolio.project import Project
from bifolio.provenance.sources import read_sources
from bifolio.results.ledger import (
    Declared,
    Ledger,
    declared_afterwards,
    extended,
    keep_ledgers,
    last_declared,
    ledger_path,
    read_ledger,
    seeds_since,
)
from bifolio.results.store import encode_data, results_digest, stored_runs

if TYPE_CHECKING:
    from tests.conftest import Report

MATTERS = 'quantities={{"answer": Quantity(matters={}, reason="it is an answer")}}'


@pytest.fixture
def some(report: Report) -> Report:
    report.experiment("some", declared="seeds=2, " + MATTERS.format(1))
    return report


def kept(report: Report) -> Ledger:
    keep_ledgers(report.project)
    return read_ledger(report.project, "some")


def history(ledger: Ledger, pattern: str = "answer") -> list[tuple[object, object]]:
    return [(declared.matters, declared.seeds) for declared in ledger.quantities[pattern]]


RUN = {"cpu": {"default": (0, 1)}}


def test_what_is_declared_before_the_first_run_is_kept_so(some: Report) -> None:
    before = kept(some)
    assert history(before) == [(1, {})] and before.seeds == {}
    assert before.quantities["answer"][0].date.endswith("+00:00")
    some.measure()
    after = kept(some)
    assert (history(after), after.seeds) == ([(1, {})], RUN)
    assert declared_afterwards(after, "answer") == {}


def test_what_is_declared_or_changed_afterwards_is_known(some: Report) -> None:
    some.measure()
    assert history(kept(some)) == [(1, RUN)]
    some.edit("experiments/some.py", "matters=1", "matters=2.5")
    assert history(kept(some)) == [(1, RUN), (2.5, RUN)]
    assert declared_afterwards(kept(some), "answer") == RUN


def test_neither_deleting_results_nor_other_code_resets_it(some: Report) -> None:
    some.measure()
    keep_ledgers(some.project)
    shutil.rmtree(some.root / "experiments/results/some/cpu")
    some.edit("experiments/some.py", "seeds=2", "seeds=1")
    some.edit("experiments/some.py", "matters=1", "matters=2")
    assert history(kept(some)) == [(1, RUN), (2, RUN)]
    some.measure()
    assert kept(some).seeds == RUN


def test_what_is_taken_back_and_declared_again_was_declared_again(some: Report) -> None:
    keep_ledgers(some.project)
    some.measure()
    some.edit("experiments/some.py", MATTERS.format(1), "")
    taken_back = kept(some)
    assert history(taken_back) == [(1, {}), (None, RUN)]
    assert (last_declared(taken_back, "answer"), declared_afterwards(taken_back, "answer")) == (None, {})
    some.edit("experiments/some.py", "seeds=2, ", "seeds=2, " + MATTERS.format(1))
    assert declared_afterwards(kept(some), "answer") == RUN


def test_a_range_or_a_reason_can_be_mended_without_a_trace(some: Report) -> None:
    before = kept(some)
    some.edit("experiments/some.py", "it is an answer", "it is the answer")
    some.edit("experiments/some.py", "Quantity(", "Quantity(range=(0, 50), ")
    assert kept(some) == before


def test_smoke_runs_are_none_and_new_seeds_are_some(some: Report) -> None:
    some.measure(profile="smoke")
    assert kept(some).seeds == {}
    some.measure()
    result = some.result_file("some")
    unseen = some.root / "experiments/reproductions/new-seeds/some/cpu/default/seed-7.json"
    unseen.parent.mkdir(parents=True)
    shutil.copy(result, unseen)
    assert kept(some).seeds == {"cpu": {"default": (0, 1, 7)}}


def test_an_experiment_of_which_there_is_nothing_to_say_has_none(report: Report) -> None:
    report.experiment("some", declared='quantities={"answer": Quantity(range=(0, None))}')
    keep_ledgers(report.project)
    assert not ledger_path(report.project, "some").exists()
    assert read_ledger(report.project, "some") == Ledger("some", {}, {})


def test_it_is_written_only_when_something_is_new(some: Report) -> None:
    some.measure()
    keep_ledgers(some.project)
    path = ledger_path(some.project, "some")
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    keep_ledgers(some.project)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def damage(project: Project, damaged: str) -> None:
    path = ledger_path(project, "some")
    data = json.loads(path.read_bytes())
    if damaged == "edited":
        path.write_text(path.read_text().replace('"matters": 1', '"matters": 2'))
    elif damaged == "cut":
        path.write_text(path.read_text()[:-20])
    elif damaged == "empty":
        path.write_text("")
    elif damaged == "moved":
        path.write_bytes(encode_data({**data, "experiment": "other"}))
    else:
        path.write_bytes(encode_data({**data, "seeds": {"cpu": {"default": ["0"]}}}))


@pytest.mark.parametrize("damaged", ["edited", "cut", "empty", "moved", "wrong"])
def test_a_damaged_one_is_an_error_and_stays_as_it_is(some: Report, damaged: str) -> None:
    keep_ledgers(some.project)
    damage(some.project, damaged)
    path = ledger_path(some.project, "some")
    before = path.read_bytes()
    with pytest.raises(ResultError) as caught:
        keep_ledgers(some.project)
    assert caught.value.file == "experiments/results/some/ledger.json"
    assert path.read_bytes() == before


def test_it_is_no_result_and_makes_no_page_stale(some: Report) -> None:
    some.measure()
    digest, states = results_digest(some.project, "some"), some.states()
    keep_ledgers(some.project)
    assert results_digest(some.project, "some") == digest
    assert (some.states(), states) == ({"some": "fresh"}, {"some": "fresh"})
    assert len(stored_runs(some.project, "some", "cpu")) == 2
    (some.root / "experiments/results/some/cpu/default/seed-1.json").unlink()
    assert results_digest(some.project, "some") != digest


def test_later_seeds_answer_each_variant_by_itself(some: Report) -> None:
    by_then = {"cpu": {"a": (0, 1), "b": (0,)}, "gpu": {"a": (0,)}}
    seeds = {"cpu": {"a": (0, 1, 5), "b": (0,), "c": (0,)}, "gpu": {"a": (0,)}}
    ledger = Ledger("some", seeds, {"answer": (Declared(1, "2030-01-02T03:04:05+00:00", by_then),)})
    declared = last_declared(ledger, "answer")
    assert declared
    assert seeds_since(ledger, declared) == {"cpu": {"a": (5,), "c": (0,)}}
    assert declared_afterwards(ledger, "answer") == {"cpu": {"b": (0,)}, "gpu": {"a": (0,)}}
    assert declared_afterwards(ledger, "another") == {}


def test_seeds_grow_by_profile_and_variant(some: Report) -> None:
    declaration = read_sources(some.project).declarations["some"]
    first = extended(Ledger("some", {}, {}), declaration, {"gpu": {"b": (3, 1)}}, "then")
    second = extended(first, declaration, {"cpu": {"a": (0,)}, "gpu": {"a": (2,), "b": (2,)}}, "now")
    assert second.seeds == {"cpu": {"a": (0,)}, "gpu": {"a": (2,), "b": (1, 2, 3)}}
    assert second.quantities == {"answer": (Declared(1, "then", {"gpu": {"b": (1, 3)}}),)}
