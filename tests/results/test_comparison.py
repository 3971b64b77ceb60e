"""Two results of one run, compared: what is the same in every bit, what is not, and by how much."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from bifolio.provenance.declaration import Literal
from bifolio.provenance.witness import Witness, commits_of, same_machine, surroundings_of
from bifolio.results.comparison import Comparison, Difference, compare
from bifolio.results.record import Cell, Column, Image, Result, Sample, Split, Table, Value
from bifolio.results.verdict import verdict_of_run
from hypothesis import given
from hypothesis import strategies as st

from tests.results.test_reading import RESULT, results

HERE = Witness(
    "01" * 20,
    False,
    "2026-11-01T00:00:00+00:00",
    1.5,
    1000,
    "cpu (AVX512)",
    {"cores": "2", "processor": "EPYC", "python": "3.11.7", "system": "Linux"},
    {"torch": "2.13.0"},
)
ELSEWHERE = replace(HERE, device="cpu (AVX2)")


def result(number: float = 1.5, *, tolerance: float | None = None, timing: bool = False, unit: str = "") -> Result:
    """Return a result of one value."""
    nothing = replace(RESULT, choices={}, diverged=None, tables={}, samples={}, images={}, witness=HERE)
    return replace(nothing, values={"loss": Value(number, unit, tolerance, timing)})


def with_table(
    *rows: tuple[Cell, ...], columns: tuple[Column, ...] = (Column("epoch"), Column("loss", "", 0.5))
) -> Result:
    return replace(result(), values={}, tables={"curve": Table(columns, rows)})


def one_difference(comparison: Comparison) -> Difference:
    (found,) = comparison.differences
    return found


@given(results)
def test_a_result_is_identical_to_itself(found: Result) -> None:
    comparison = compare(found, found)
    assert comparison.differences == ()
    assert verdict_of_run(comparison) == "identical"
    timings = {name for name, value in found.values.items() if value.timing}
    assert set(comparison.exempt) == timings
    assert {name.partition(".")[0] for name in comparison.identical} <= {
        *found.values,
        *found.tables,
        *found.samples,
        *found.choices,
    } | {*found.images}


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_identical_if_and_only_if_their_bits_are(one: float, other: float) -> None:
    same = one == other and math.copysign(1, one) == math.copysign(1, other)
    assert (compare(result(one), result(other)).differences == ()) == same


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e3))
def test_within_tolerance_is_what_it_says_and_the_same_from_both_sides(one: float, other: float, margin: float) -> None:
    there = compare(result(one, tolerance=margin), result(other, tolerance=margin))
    back = compare(result(other, tolerance=margin), result(one, tolerance=margin))
    assert verdict_of_run(there) == verdict_of_run(back)
    if there.differences:
        difference = one_difference(there)
        assert difference.amount == other - one
        assert difference.within == (abs(other - one) <= margin)


def test_a_whole_number_is_not_the_same_as_a_fraction_that_equals_it() -> None:
    assert compare(result(1), result(1.0)).differences != ()


def test_what_overflows_cannot_be_counted_and_lies_in_no_tolerance() -> None:
    difference = one_difference(compare(result(1.7e308, tolerance=1.0), result(-1.7e308, tolerance=1.0)))
    assert difference.amount is None and not difference.within


def test_the_tolerance_that_was_published_counts() -> None:
    assert not one_difference(compare(result(1.0, tolerance=0.1), result(2.0, tolerance=9.0))).within


def test_another_unit_is_no_difference_of_numbers() -> None:
    difference = one_difference(compare(result(1.0, tolerance=1.0, unit="s"), result(1.0, tolerance=1.0, unit="ms")))
    assert difference.amount is None and not difference.within


def test_timings_are_exempt() -> None:
    comparison = compare(result(1.0, timing=True), result(9.0, timing=True))
    assert (comparison.exempt, comparison.differences) == (("loss",), ())
    columns = (Column("epoch"), Column("took", timing=True))
    comparison = compare(with_table((1, 0.5), columns=columns), with_table((1, 0.7), columns=columns))
    assert (comparison.identical, comparison.exempt) == (("curve.epoch",), ("curve.took",))


@pytest.mark.parametrize("published", [True, False])
def test_a_value_that_only_one_run_has_is_a_difference(published: bool) -> None:
    empty = replace(result(), values={})
    difference = one_difference(compare(result(), empty) if published else compare(empty, result()))
    assert difference.amount is None
    assert {difference.published, difference.reproduced} == {1.5, None}


def test_a_column_says_its_worst_row() -> None:
    comparison = compare(with_table((1, 0.5), (2, 0.5), (3, 0.5)), with_table((1, 0.75), (2, 0.25), (3, 1.5)))
    assert comparison.identical == ("curve.epoch",)
    assert one_difference(comparison) == Difference("curve.loss", "column", 0.5, 1.5, 1.0, 0.5, row=3)


def test_a_cell_that_is_no_number_lies_in_no_tolerance() -> None:
    difference = one_difference(compare(with_table((1, 0.5), (2, None)), with_table((1, 0.6), (2, 0.5))))
    assert (difference.row, difference.amount, difference.within) == (2, None, False)


def test_a_table_of_another_shape_is_one_difference() -> None:
    difference = one_difference(compare(with_table((1, 0.5)), with_table((1, 0.5), (2, 0.5))))
    assert (difference.kind, difference.published, difference.reproduced) == (
        "table",
        "1 rows of epoch, loss",
        "2 rows of epoch, loss",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"samples": {"texts": Sample(({"length": 2},))}},
        {"images": {"strip": Image("1" * 64 + ".png", 32, 8)}},
        {"samples": {}},
    ],
)
def test_texts_and_pictures_count_on_the_same_machine_only(change: dict[str, object]) -> None:
    first = replace(RESULT, witness=HERE, samples={"texts": Sample(({"length": 2.0},))})
    second = replace(first, **change)  # type: ignore[arg-type]
    assert len(compare(first, second).differences) == 1
    elsewhere = compare(first, replace(second, witness=ELSEWHERE))
    assert elsewhere.differences == ()
    assert set(elsewhere.exempt) == {"seconds", "texts", "strip"}


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        (0.1, 0.03, (0.1, 0.03)),
        (1, True, (1, "true")),
        (1, 1.0, (1, 1.0)),
        ((8, (16, None)), (8, (16, 32)), ("[8, [16, null]]", "[8, [16, 32]]")),
        (None, "cosine", ("null", "cosine")),
    ],
)
def test_another_choice_is_a_difference_that_no_tolerance_covers(
    one: Literal, other: Literal, shown: tuple[Cell, Cell]
) -> None:
    first, second = (replace(result(), choices={"rate": setting}) for setting in (one, other))
    assert "rate" in compare(first, first).identical
    assert one_difference(compare(first, second)) == Difference("rate", "choice", *shown)
    assert verdict_of_run(compare(first, second)) == "different"


def test_a_choice_that_only_one_run_made_is_a_difference() -> None:
    chosen = replace(result(), choices={"rate": 0.1})
    assert one_difference(compare(chosen, result())) == Difference("rate", "choice", 0.1, None)
    assert one_difference(compare(result(), chosen)) == Difference("rate", "choice", None, 0.1)


def test_a_count_out_of_another_number_is_a_difference_in_no_tolerance() -> None:
    first, second = (replace(result(), values={"errors": Value(3, tolerance=1, of=of)}) for of in (10, 20))
    assert compare(first, first).differences == ()
    assert not one_difference(compare(first, second)).within


def test_a_run_that_diverges_once_and_not_again_is_different() -> None:
    diverged = replace(result(), diverged="the loss became infinite")
    assert compare(diverged, diverged).differences == ()
    assert one_difference(compare(diverged, result())) == Difference(
        "diverged", "diverged", "the loss became infinite", None
    )


def test_another_split_is_a_difference() -> None:
    assert one_difference(compare(result(), replace(result(), split=Split({"train": 1}, kind="fixed")))).kind == "split"


@pytest.mark.parametrize(
    ("again", "on"),
    [
        (replace(HERE, date="2027", machine={**HERE.machine, "cores": "64"}), "same kind"),
        (replace(HERE, versions={"torch": "2.13.1"}), "other software"),
        (replace(HERE, machine={**HERE.machine, "system": "Darwin"}), "other software"),
        (ELSEWHERE, "another processor"),
        (replace(HERE, machine={**HERE.machine, "processor": "Xeon"}), "another processor"),
        (replace(HERE, machine={"cores": "2"}), "not recorded"),
        (replace(HERE, machine={**HERE.machine, "processor": "unknown"}), "not recorded"),
        (replace(HERE, device=""), "not recorded"),
    ],
)
def test_on_what_something_was_run_again(again: Witness, on: str) -> None:
    assert surroundings_of(HERE, again) == surroundings_of(again, HERE) == on


def test_another_model_of_one_name_is_another_processor() -> None:
    one, other = (replace(HERE, machine={**HERE.machine, "model": model}) for model in ("25 1 1", "25 17 1"))
    assert surroundings_of(one, other) == "another processor"
    assert surroundings_of(HERE, one) == "same kind", "noted by one alone"


def test_the_commits_come_from_the_latest_to_the_earliest() -> None:
    days = (("aa", 1), ("", 9), ("bb", 4), ("aa", 5), ("cc", 2))
    found = commits_of(replace(HERE, commit=name, date=f"2026-11-0{day}T00:00:00+00:00") for name, day in days)
    assert found == ("aa", "bb", "cc", "")
    assert commits_of([]) == ()


def test_what_makes_a_machine_another_one() -> None:
    assert same_machine(HERE, replace(HERE, date="2027", duration=9.0, memory=1, commit="ab", dirty=True))
    assert same_machine(HERE, replace(HERE, machine={**HERE.machine, "cores": "64"}))
    assert same_machine(HERE, replace(HERE, machine={**HERE.machine, "model": "25 1 1"}))  # noted since later
    assert same_machine(HERE, replace(HERE, versions={"torch": "2.13.0", "pillow": "12.1"}))  # noted by one alone
    assert not same_machine(HERE, replace(HERE, versions={"torch": "2.13.1", "pillow": "12.1"}))
    models = [replace(HERE, machine={**HERE.machine, "model": model}) for model in ("25 1 1", "25 17 1")]
    assert not same_machine(*models)
    assert not same_machine(HERE, ELSEWHERE)
    assert not same_machine(HERE, replace(HERE, machine={**HERE.machine, "python": "3.12.0"}))
    assert not same_machine(HERE, replace(HERE, versions={"torch": "2.13.1"}))
