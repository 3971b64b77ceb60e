"""`variants=grid(...)`: every combination is a variant, read from the syntax, and the same as one written by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from bifolio.project import NAME
from bifolio.provenance.declaration import VariantDeclaration
from bifolio.provenance.grid import name_of
from bifolio.provenance.sources import read_sources

if TYPE_CHECKING:
    from tests.conftest import Ended, Report

CONFIG = "lr: float = 0.1; width: int = 8; epochs: int = 1; kind: str = 'plain'; sizes: tuple[int, ...] = ()"
BODY = 'run.value("answer", config.width * config.lr)'


def variants(report: Report, declared: str) -> dict[str, VariantDeclaration]:
    report.experiment("fits", BODY, declared=f"seeds=2, variants={declared}", config=CONFIG)
    return dict(read_sources(report.project).declarations["fits"].variants)


def test_every_combination_is_a_variant_named_after_what_it_sets(report: Report) -> None:
    found = variants(report, "grid(lr=(0.1, 0.01), width=[32, 64])")
    assert {name: dict(one.fields) for name, one in found.items()} == {
        "lr_0_1_width_32": {"lr": 0.1, "width": 32},
        "lr_0_1_width_64": {"lr": 0.1, "width": 64},
        "lr_0_01_width_32": {"lr": 0.01, "width": 32},
        "lr_0_01_width_64": {"lr": 0.01, "width": 64},
    }
    assert list(found)[:2] == ["lr_0_1_width_32", "lr_0_1_width_64"], "the last field varies fastest"
    assert variants(report, "grid(lr=(0.1,))") == {"lr_0_1": VariantDeclaration({"lr": 0.1}, seeds=2)}


def test_a_base_says_what_else_is_set(report: Report) -> None:
    found = variants(report, "grid(Config(epochs=3, lr=5), lr=(0.1,), width=(1, 2))")
    assert [dict(one.fields) for one in found.values()] == [
        {"epochs": 3, "lr": 0.1, "width": 1},
        {"epochs": 3, "lr": 0.1, "width": 2},
    ]
    (one,) = variants(report, "grid(Variant(Config(epochs=3), seeds=7, needs=()), width=(1,))").values()
    assert one == VariantDeclaration({"epochs": 3, "width": 1}, needs=(), seeds=7)


def test_it_may_stand_among_variants_written_out(report: Report) -> None:
    found = variants(report, '{"plain": Config(), **grid(width=(1, 2)), "big": Config(width=9)}')
    assert list(found) == ["plain", "width_1", "width_2", "big"]


@pytest.mark.parametrize("imported", ["from bifolio import grid", ""])
def test_a_run_has_the_fingerprint_of_the_same_variant_written_by_hand(report: Report, imported: str) -> None:
    by_hand = '{"lr_0_1_width_32": Config(epochs=3, width=32, lr=0.1)}'
    report.experiment("fits", BODY, f"seeds=1, variants={by_hand}", config=CONFIG)
    report.measure()
    digest = report.fingerprint("fits", "lr_0_1_width_32").digest
    grid = "grid(Config(epochs=3), lr=(0.1, 0.2), width=(32,))"
    report.experiment("fits", BODY, f"seeds=1, variants={grid}", config=CONFIG, imports=imported)
    assert report.fingerprint("fits", "lr_0_1_width_32").digest == digest
    states = {name: run.state for name, run in report.runs("fits").items()}
    assert states == {"lr_0_1_width_32-0": "fresh", "lr_0_2_width_32-0": "missing"}


def test_its_variants_are_run_as_any_other(report: Report, bifolio: Callable[..., Ended]) -> None:
    report.experiment("fits", BODY, "seeds=1, variants=grid(lr=(0.5, 0.25), width=(4,))", config=CONFIG)
    ended = bifolio("run", "--jobs", "1")
    assert "fits.lr_0_5_width_4.answer   2  n 1\n" in ended.out and ended.status == 0
    assert "fits.lr_0_25_width_4.answer  1  n 1\n" in ended.out
    assert report.result("fits", "lr_0_25_width_4").config["lr"] == 0.25


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.1, "0_1"), (10.0, "10_0"), (3, "3"), (-3, "minus_3"), (-0.5, "minus_0_5"), (1e-05, "1e_minus_5"),
        (2.5e-07, "2_5e_minus_7"), (1e16, "1e16"), (True, "true"), (False, "false"), (None, "none"),
        ("Adam-W", "adam_w"), ((32, 64), "32_64"), ((), "empty"),
    ],
)  # fmt: skip
def test_a_value_is_said_in_letters_digits_and_underscores(value: float, said: str) -> None:
    assert name_of({"x": value}) == f"x_{said}" and NAME.fullmatch(name_of({"x": value}))


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("grid()", "a grid\n  found:    grid()\n  expected: grid(field=(value, value), ...)"),
        ("grid(Config(), Config(), lr=(1,))", "a grid\n  found:    grid(Config(), Config(), lr=(1,))"),
        ("grid(**{'lr': (1,)})", "a grid\n  found:    grid(**{'lr': (1,)})"),
        ("grid(lr=0.1)", "the values of lr in a grid\n  found:    0.1\n  expected: lr=(value, value)"),
        ("grid(lr=())", "the values of lr in a grid\n  found:    ()\n"),
        ("grid(lr=range(3))", "the values of lr in a grid\n  found:    range(3)\n"),
        ("grid(lr=(0.1, rate()))", "the config's field lr must be a literal"),
        ("grid(width=(1, 0.5))", "the config's field width\n  found:    0.5\n  expected: int"),
        ("grid(widht=(1,))", "found:    widht\n  expected: lr, width, epochs, kind, sizes\n  nearest:  width"),
        ("grid(lr=(0.1, 0.1))", "two variants have one name\n  found:    lr_0_1\n  expected: values that differ"),
        ("grid(kind=('a-b', 'a b'))", "two variants have one name\n  found:    kind_a_b\n"),
        ("{'width_1': Config(), **grid(width=(1,))}", "two variants have one name\n  found:    width_1\n"),
        ("{**grid(width=(1,)), 'width_1': Config()}", "two variants have one name\n  found:    width_1\n"),
        ("grid(kind=('x' * 2,))", "the config's field kind must be a literal"),
        (f"grid(kind=('{'x' * 200}',))", "a variant of a grid has no name\n"),
        (f"grid(width={tuple(range(40))}, epochs={tuple(range(40))})", "a grid is too large\n"),
        ("combinations(lr=(1,))", "or variants=grid(field=(value, value))"),
        ("{**others}", "a variant's name\n"),
    ],
)  # fmt: skip
def test_what_is_no_grid_is_refused_with_its_line(report: Report, declared: str, message: str) -> None:
    report.experiment("fits", BODY, declared=f"seeds=2, variants={declared}", config=CONFIG)
    told = str(read_sources(report.project).broken_experiments["fits"])
    assert message in told and told.startswith("experiments/fits.py:1")
