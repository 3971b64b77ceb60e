"""What an experiment records through its run: plain data, every name once, errors at the line that caused them."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import numpy
import pytest
from bifolio.authoring import Column, Run
from bifolio.authoring.needs import Need
from bifolio.errors import RecordError, RunError
from bifolio.provenance.declaration import QuantityDeclaration, RunName
from bifolio.results.record import Image, Split, Table, Value
from hypothesis import example, given
from hypothesis import strategies as st


def make_run(seed: int = 0, *, exclusive: bool = False, reports: list[float] | None = None) -> Run:
    return Run(
        RunName("name", "cpu", "default", seed),
        device="cpu",
        exclusive=exclusive,
        reserved=("sgd",),
        needs={"model.default": lambda: None},  # type: ignore[dict-item, return-value]
        weights=lambda: nullcontext(Path()),
        report=[].append if reports is None else reports.append,
    )


def test_values_keep_their_full_precision() -> None:
    run = make_run()
    run.value("accuracy", 0.1 + 0.2, unit="%", tolerance=0.5)
    run.value("count", numpy.int64(3))
    run.value("loss", numpy.array(0.5, dtype=numpy.float32))
    assert run.recorded.values == {
        "accuracy": Value(0.30000000000000004, "%", 0.5),
        "count": Value(3),
        "loss": Value(0.5),
    }
    assert type(run.recorded.values["count"].number) is int


@pytest.mark.parametrize("number", [True, None, "1", float("nan"), float("inf"), numpy.zeros(2), numpy.nan, [1]])
def test_what_is_no_finite_number_is_refused(number: object) -> None:
    with pytest.raises(RecordError, match=r"^loss is (no number|not finite)"):
        make_run().value("loss", number)


def test_timings_are_marked_and_need_an_exclusive_run() -> None:
    run = make_run(exclusive=True)
    run.timing("seconds", 1.5)
    assert run.recorded.values["seconds"] == Value(1.5, "s", timing=True)
    with pytest.raises(RecordError, match="other runs may run beside this one"):
        make_run().timing("seconds", 1.5)


@pytest.mark.parametrize("name", ["", "A", "1a", "a-b", "a.b", "变量", "../a", None, 3])
def test_names_are_small_letters_digits_and_underscores(name: str) -> None:
    with pytest.raises(RecordError, match="a recorded name"):
        make_run().value(name, 1)


@pytest.mark.parametrize("name", ["config", "cpu", "sgd", "default", "diverged"])
def test_names_that_mean_something_else_in_chapters_are_refused(name: str) -> None:
    with pytest.raises(RecordError, match="means something else in chapters"):
        make_run().value(name, 1)


@pytest.mark.parametrize("second", ["value", "choice", "table", "sample", "image"])
def test_a_name_is_recorded_once_whatever_it_names(second: str) -> None:
    run = make_run()
    run.value("thing", 1)
    arguments: dict[str, Sequence[object]] = {
        "value": [1],
        "choice": [1],
        "table": [["a"]],
        "sample": [[]],
        "image": [[[1]]],
    }
    with pytest.raises(RecordError, match="recorded already"):
        getattr(run, second)("thing", *arguments[second])


def test_tables_take_rows_one_at_a_time() -> None:
    run = make_run()
    table = run.table("curve", columns=("epoch", Column("loss", "nats", 0.1)))
    table.add(1, numpy.float64(0.5))
    table.add("end", None)
    assert run.recorded.tables["curve"].table == Table(
        (Column("epoch"), Column("loss", "nats", 0.1)), ((1, 0.5), ("end", None))
    )
    with pytest.raises(RecordError) as caught:
        table.add(1)
    assert str(caught.value) == "a row of curve\n  found:    1 cells\n  expected: 2: epoch, loss"


@pytest.mark.parametrize("columns", [(), ("a", "a"), ("A",)])
def test_columns_have_one_good_name_each(columns: tuple[str, ...]) -> None:
    with pytest.raises(RecordError):
        make_run().table("curve", columns)


def test_samples_are_text_and_numbers() -> None:
    run = make_run()
    run.sample("texts", [{"text": "你好\n{{ x }}", "score": numpy.float32(0.5), "end": None}])
    assert run.recorded.samples["texts"].rows == ({"text": "你好\n{{ x }}", "score": 0.5, "end": None},)
    with pytest.raises(RecordError, match=r"more\.text is no number"):
        run.sample("more", [{"text": ["a"]}])
    with pytest.raises(RecordError, match="a field of others"):
        run.sample("others", [{"a b": 1}])


def test_an_image_is_named_by_its_content() -> None:
    run = make_run()
    run.image("one", numpy.full((2, 3), 0.5))
    run.image("two", [[128, 128, 128], [128, 128, 128]])
    one, two = run.recorded.images["one"], run.recorded.images["two"]
    assert one == two == Image(one.file, 3, 2)
    assert list(run.recorded.files) == [one.file]


@example(5, 0, 0.7, 0.0, 0.3)  # 3.5 and 1.5 rows
@example(1798, 0, 0.5, 0.25, 0.25)
@given(st.integers(3, 200), st.integers(0, 50), st.floats(0.1, 0.5), st.floats(0.0, 0.2), st.floats(0.1, 0.3))
def test_a_split_draws_every_row_at_most_once(
    total: int, seed: int, train: float, validation: float, test: float
) -> None:
    run = make_run(seed)
    try:
        rows = run.split(total, train=train, validation=validation, test=test)
    except RecordError:
        assert int(train * total + 1e-9) < 1 or int(test * total + 1e-9) < 1
        return
    drawn = [*rows.train, *rows.validation, *rows.test]
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(range(total))
    sizes = {"train": len(rows.train), "validation": len(rows.validation), "test": len(rows.test)}
    assert run.recorded.split == Split(sizes, "drawn")


def test_a_split_is_drawn_by_the_seed_and_nothing_else() -> None:
    random.seed(1)
    first = make_run(7).split(50, train=30, validation=10, test=10)
    random.seed(2)
    assert make_run(7).split(50, train=30, validation=10, test=10) == first
    assert make_run(8).split(50, train=30, validation=10, test=10) != first
    # A golden draw: if it changes, so do all numbers, and RUN_PROTOCOL has to be raised.
    assert make_run(7).split(6, train=3, validation=1, test=2).train == (4, 0, 5)


@pytest.mark.parametrize("sizes", [(30, 10, 11), (0, 10, 10), (30, 10, 0), (30, -1, 10), (0.9, 0.2, 0.2)])
def test_a_split_that_does_not_fit_is_refused(sizes: tuple[float, float, float]) -> None:
    with pytest.raises(RecordError, match="a train and a test part within 50 rows"):
        make_run().split(50, train=sizes[0], validation=sizes[1], test=sizes[2])


def test_data_are_split_once() -> None:
    run = make_run()
    run.fixed_split(train=50_000, test=10_000)
    assert run.recorded.split == Split({"train": 50_000, "validation": 0, "test": 10_000}, "fixed")
    with pytest.raises(RecordError, match="says once where its data come from"):
        run.split(10, train=5, test=5)


@pytest.mark.parametrize("sizes", [{"train": -1, "test": 1}, {"train": 1, "test": 0.5}, {"train": True, "test": 1}])
def test_parts_are_whole_numbers_of_examples(sizes: dict[str, int]) -> None:
    with pytest.raises(RecordError, match=r"the (parts of the data|train part is no number)"):
        make_run().fixed_split(**sizes)


def test_data_may_be_new_for_every_seed_or_none() -> None:
    run = make_run()
    run.fresh_data(train=60, test=20)
    assert run.recorded.split == Split({"train": 60, "test": 20}, "fresh")
    assert run.recorded.split.test_to_train == 0  # no two seeds share anything
    with pytest.raises(RecordError, match="says once where its data come from"):
        run.no_data()
    run = make_run()
    run.no_data()
    assert run.recorded.split == Split({}, "none")


def test_a_count_says_out_of_how_many() -> None:
    run = make_run()
    run.value("errors", numpy.int64(4), of=numpy.int64(360))
    run.value("misses", 0, of=1)
    assert run.recorded.values == {"errors": Value(4, of=360), "misses": Value(0, of=1)}
    assert type(run.recorded.values["errors"].of) is int


@pytest.mark.parametrize(("number", "of"), [(5, 4), (-1, 4), (0.5, 4), (3.0, 4), (3, 4.0), (0, 0), (1, True)])
def test_a_count_is_a_whole_number_of_a_whole_number(number: float, of: float) -> None:
    with pytest.raises(RecordError, match=r"^errors(, out of which it is,)? is no (count|number)"):
        make_run().value("errors", number, of=of)


def test_choices_are_settings() -> None:
    run = make_run()
    settings = {"rate": 0.1, "name": "adam", "warm": True, "decay": None, "sizes": (8, ("a", False))}
    for name, setting in settings.items():
        run.choice(name, setting)
    run.choice("width", numpy.int64(64))
    assert run.recorded.choices == {**settings, "width": 64}
    assert type(run.recorded.choices["width"]) is int


@pytest.mark.parametrize("setting", [[1], {"a": 1}, object(), float("nan"), (1, [2]), "\ud800"])
def test_what_is_no_setting_is_refused(setting: object) -> None:
    with pytest.raises(RecordError, match=r"^rate is (no setting|not finite|no valid text)"):
        make_run().choice("rate", setting)


def test_a_run_says_once_why_it_diverged() -> None:
    run = make_run()
    with pytest.raises(RecordError, match="why a run diverged"):
        run.diverged(" ")
    run.diverged("the loss became infinite")
    assert run.recorded.diverged == "the loss became infinite"
    with pytest.raises(RecordError, match="a run diverges once"):
        run.diverged("again")


def test_rows_take_the_same_time_however_many_there_are() -> None:
    def seconds(rows: int) -> float:
        table = make_run().table("curve", columns=("step", "loss"))
        began = time.process_time()
        for step in range(rows):
            table.add(step, 0.5)
        return time.process_time() - began

    few, many = (min(seconds(rows) for _ in range(3)) for rows in (4_000, 32_000))
    assert many < 8 * few * 3  # growing with the square of the rows, it would be 64 times as long


def test_progress_says_how_far_a_loop_is() -> None:
    reports: list[float] = []
    assert list(make_run(reports=reports).progress("abcd")) == ["a", "b", "c", "d"]
    assert reports == [0.0, 0.25, 0.5, 0.75]


def test_a_need_that_was_not_declared_is_refused_with_the_nearest() -> None:
    with pytest.raises(RunError) as caught:
        make_run().need("modle")
    assert str(caught.value) == (
        "this need is not declared\n  found:    modle.default\n  expected: model.default\n  nearest:  model.default"
    )


def test_a_need_tells_which_numbers_were_used(tmp_path: Path) -> None:
    recorded = SimpleNamespace(values={"loss": Value(0.5), "accuracy": Value(3)})
    used: list[tuple[str, float]] = []
    need = Need(RunName("up", "cpu", "default", 1), recorded, tmp_path / "none", lambda *use: used.append(use))  # type: ignore[arg-type]
    assert need.value("loss") == 0.5
    assert used == [("up/cpu/default/seed-1.json#loss", 0.5)]
    with pytest.raises(
        RunError, match="recorded no such value\n  found:    los\n  expected: loss, accuracy\n  nearest:  loss"
    ):
        need.value("los")
    with pytest.raises(RunError, match="keeps no weights"):
        _ = need.weights


def test_a_number_outside_its_declared_range_is_refused_wherever_it_is_recorded() -> None:
    ranges = {"share": (0, 100), "curve.loss": (0, None), "seconds": (None, 5)}
    run = Run(
        RunName("name", "cpu", "default", 0),
        device="cpu",
        exclusive=True,
        reserved=(),
        needs={},
        weights=lambda: nullcontext(Path()),
        report=lambda fraction: None,
        quantities=lambda name: QuantityDeclaration(ranges[name]) if name in ranges else None,
    )
    curve = run.table("curve", ["epoch", "loss"])
    for record, found, expected in (
        (lambda: run.value("share", 100.5), 100.5, "0 to 100"),
        (lambda: run.timing("seconds", 5.5), 5.5, "at most 5"),
        (lambda: curve.add(-1, -0.5), -0.5, "at least 0"),
    ):
        with pytest.raises(RecordError, match="lies outside its declared range") as caught:
            record()
        assert (caught.value.found, caught.value.expected) == (found, expected)
    run.value("share", 100)
    run.value("other", -1)
    curve.add(-1, None)
    curve.add(-1, "diverged")
    curve.add(-1, 0)
    assert set(run.recorded.values) == {"share", "other"}


@pytest.mark.parametrize("number", [10**400, -(10**400), 10**5000], ids=["400", "minus", "5000"])
def test_a_whole_number_beyond_all_floats_is_refused_when_it_is_recorded(number: int) -> None:
    run = make_run()
    table = run.table("curve", ("loss",))
    for record in (
        lambda: run.value("loss", number),
        lambda: run.value("loss", 1, of=number),
        lambda: run.value("loss", 1.0, tolerance=number),
        lambda: run.choice("rate", (number,)),
        lambda: table.add(number),
        lambda: run.sample("rows", [{"loss": number}]),
        lambda: run.fixed_split(train=number, test=1),
    ):
        with pytest.raises(RecordError, match=r"too large\n  found:    a whole number of about \d+ digits"):
            record()
    with pytest.raises(RecordError, match="is no number"):
        run.value("loss", [number])
    run.value("large", 10**300)
    assert run.recorded.values["large"].number == 10**300


@pytest.mark.parametrize("number", [float("nan"), float("inf"), numpy.float32("-inf")])
def test_what_is_not_finite_leads_to_saying_that_the_run_diverged(number: float) -> None:
    run = make_run()
    table = run.table("curve", ("loss",))
    for record in (lambda: run.value("loss", number), lambda: table.add(number)):
        with pytest.raises(RecordError, match="is not finite") as caught:
            record()
        assert "run.diverged(reason)" in str(caught.value.expected)


@pytest.mark.parametrize("tolerance", [float("nan"), -1, "1"])
def test_a_tolerance_is_a_number_from_zero(tolerance: float) -> None:
    with pytest.raises(RecordError, match="the tolerance of loss"):
        make_run().value("loss", 1.0, tolerance=tolerance)
    with pytest.raises(RecordError, match=r"the tolerance of curve\.loss"):
        make_run().table("curve", (Column("loss", tolerance=tolerance),))


def test_names_take_the_same_time_however_many_there_are() -> None:
    def seconds(values: int) -> float:
        run = make_run()
        began = time.process_time()
        for place in range(values):
            run.value(f"value_{place}", 0.5)
        return time.process_time() - began

    few, many = (min(seconds(values) for _ in range(3)) for values in (2_000, 20_000))
    assert many < 10 * few * 3


def test_a_long_loop_reports_a_thousand_times_at_most() -> None:
    reports: list[float] = []
    assert sum(1 for _ in make_run(reports=reports).progress(range(100_001))) == 100_001
    assert len(reports) <= 1000 and reports[0] == 0.0 and reports[-1] > 0.99
