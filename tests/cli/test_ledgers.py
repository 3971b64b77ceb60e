"""Which verbs write the ledger: what is declared is noted before anything is run, and what was run after it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.results.ledger import ledger_path, read_ledger

if TYPE_CHECKING:
    from tests.conftest import Ended, Report

    Bifolio = Callable[..., Ended]

DECLARED = 'seeds=2, quantities={"answer": Quantity(range=(0, 50), matters=1, reason="it is an answer")}'


@pytest.fixture
def some(report: Report) -> Report:
    report.experiment("some", declared=DECLARED)
    return report


def ledger(report: Report) -> tuple[list[tuple[object, object]], object]:
    found = read_ledger(report.project, "some")
    return [(one.matters, one.seeds) for one in found.quantities.get("answer", ())], found.seeds


RUN = {"cpu": {"default": (0, 1)}}


def test_run_notes_declarations_before_and_seeds_after(some: Report, bifolio: Bifolio) -> None:
    assert bifolio("run").status == 0
    assert ledger(some) == ([(1, {})], RUN)


def test_run_that_fails_has_noted_what_was_declared(some: Report, bifolio: Bifolio) -> None:
    some.edit("experiments/some.py", 'run.value("answer", 42)', "raise SystemExit(3)")
    assert bifolio("run").status == 1
    assert ledger(some) == ([(1, {})], {})


def test_a_dry_run_writes_nothing(some: Report, bifolio: Bifolio) -> None:
    assert bifolio("run", "--dry-run").status == 0
    assert not ledger_path(some.project, "some").exists()


def test_a_change_is_noted_with_nothing_to_run(some: Report, bifolio: Bifolio) -> None:
    bifolio("run")
    some.edit("experiments/some.py", "matters=1", "matters=2")
    assert "nothing to run" in bifolio("run").out
    assert ledger(some) == ([(1, {}), (2, RUN)], RUN)


def test_new_seeds_are_noted_and_answer_a_late_declaration(some: Report, bifolio: Bifolio) -> None:
    some.measure()
    assert bifolio("reproduce", "--new-seeds").status == 0
    assert ledger(some) == ([(1, RUN)], {"cpu": {"default": (0, 1, 2, 3)}})


def test_unpacked_seeds_are_noted_and_pack_carries_no_ledger(some: Report, bifolio: Bifolio, tmp_path: Path) -> None:
    bifolio("run")
    packed = tmp_path / "results.zip"
    assert "packed 2 results" in bifolio("pack", str(packed)).out
    assert b"ledger.json" not in packed.read_bytes()
    for path in (ledger_path(some.project, "some"), some.result_file("some"), some.result_file("some", seed=1)):
        path.unlink()
    assert bifolio("unpack", str(packed)).status == 0
    assert ledger(some) == ([(1, RUN)], RUN)


def test_a_damaged_ledger_stops_a_run_before_it_begins(some: Report, bifolio: Bifolio) -> None:
    path = ledger_path(some.project, "some")
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    ended = bifolio("run")
    assert (ended.status, path.read_text()) == (1, "{}")
    assert "experiments/results/some/ledger.json" in ended.err and not some.result_file("some").exists()


def test_a_number_out_of_its_range_fails_at_its_line(some: Report, bifolio: Bifolio) -> None:
    some.edit("experiments/some.py", 'run.value("answer", 42)', 'run.value("answer", 51)')
    assert (
        "experiments/some.py:12: answer lies outside its declared range\n  found:    51\n  expected: 0 to 50"
        in bifolio("run").err
    )
