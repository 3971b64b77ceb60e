"""Rules about what is declared of quantities, and about the ledger that remembers it."""

from __future__ import annotations

import dataclasses

import pytest
from bifolio.check import check
from bifolio.project import Project
from bifolio.provenance.declaration import RunName
from bifolio.results.ledger import keep_ledgers, ledger_path
from bifolio.results.record import Table
from bifolio.results.store import read_result, write_result

from tests.check.conftest import edit, only

FILE = "experiments/dice.py"


def declare(project: Project, quantities: str) -> None:
    edit(project.root / FILE, "seeds=5,", f"seeds=5, quantities={{{quantities}}},")


def test_a_report_that_declares_nothing_misses_no_ledger(edited: Project) -> None:
    assert not ledger_path(edited, "dice").exists()
    assert check(edited) == ()


def test_what_is_declared_well_and_noted_is_no_finding(edited: Project) -> None:
    declare(edited, '"mean": Quantity(range=(1, 6), matters=0.1, reason="a bet"), "run*.mean": Quantity(range=(1, 6))')
    keep_ledgers(edited)
    assert {finding.rule for finding in check(edited)} == {"outdated-docs"}


def test_what_matters_has_to_be_in_the_ledger(edited: Project) -> None:
    declare(edited, '"mean": Quantity(matters=0.1, reason="a bet")')
    (finding,) = only(edited, "outdated-ledger")
    assert (finding.file, finding.edition) == ("experiments/results/dice/ledger.json", "")
    assert finding.found == "what matters is declared otherwise now: mean"
    assert finding.expected == "`bifolio run dice`, which writes it"
    keep_ledgers(edited)
    assert only(edited, "outdated-ledger") == []
    edit(edited.root / FILE, "matters=0.1", "matters=0.2")
    assert len(only(edited, "outdated-ledger")) == 1


def test_stored_seeds_have_to_be_in_the_ledger_once_there_is_one(edited: Project) -> None:
    keep_ledgers(edited)
    assert check(edited) == ()
    name = RunName("dice", "cpu", "fair", 0)
    result = read_result(edited, name)
    write_result(edited, dataclasses.replace(result, name=dataclasses.replace(name, seed=9)), {})
    (finding,) = only(edited, "outdated-ledger")
    assert finding.found == "seeds are stored that it does not have"


def test_a_damaged_ledger_is_a_damaged_file(edited: Project) -> None:
    keep_ledgers(edited)
    path = ledger_path(edited, "dice")
    path.write_text(path.read_text().replace("cpu", "gpu"))
    assert [(finding.rule, finding.file) for finding in check(edited)] == [
        ("corrupt-result", "experiments/results/dice/ledger.json")
    ]


def test_a_pattern_that_matches_nothing_names_the_nearest(edited: Project) -> None:
    declare(
        edited, '"means": Quantity(range=(1, 6)), "waits.*": Quantity(range=(1, None)), "mean.*": Quantity(exact=True)'
    )
    one, other = only(edited, "unmatched-quantity")
    assert (one.file, one.found) == (FILE, "nothing recorded matches means")
    assert one.expected == (
        "one of mean, running_mean.mean, running_mean.throws, share_of_sixes, sides, waits.game, waits.throws"
        " (nearest: mean)"
    )
    assert other.found == "nothing recorded matches mean.*"


def test_two_patterns_that_match_one_recorded_name(edited: Project) -> None:
    declare(edited, '"m*": Quantity(range=(1, 6)), "*n": Quantity(range=(2, 3)), "s*": Quantity(exact=True)')
    (finding,) = only(edited, "ambiguous-quantity")
    assert (finding.file, finding.found) == (FILE, "more than one pattern matches mean: m*, *n")
    assert finding.expected == 'one of them, or "mean" by itself'
    assert only(edited, "out-of-range") == []


@pytest.mark.parametrize(("name", "limits"), [("mean", "(5, 6)"), ("waits.throws", "(None, 0)")])
def test_a_stored_number_outside_its_range_is_told_once_a_variant(edited: Project, name: str, limits: str) -> None:
    declare(edited, f'"{name}": Quantity(range={limits})')
    found = [finding.found.partition(" is ")[0] for finding in only(edited, "out-of-range")]
    assert found == [f"dice {variant} seed 0 (cpu): {name}" for variant in ("fair", "loaded")]
    expected = "5 to 6" if name == "mean" else "at most 0"
    assert only(edited, "out-of-range")[0].expected == f"{expected}, as {FILE} declares, or another range there"


def test_every_cell_of_a_column_counts(edited: Project) -> None:
    name = RunName("dice", "cpu", "fair", 3)
    result = read_result(edited, name)
    table = result.tables["waits"]
    rows = (*table.rows[:2], (table.rows[2][0], -7), *table.rows[3:])
    write_result(edited, dataclasses.replace(result, tables={**result.tables, "waits": Table(table.columns, rows)}), {})
    declare(edited, '"waits.throws": Quantity(range=(1, None))')
    (finding,) = only(edited, "out-of-range")
    assert finding.found == "dice fair seed 3 (cpu): waits.throws is -7"
