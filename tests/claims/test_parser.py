"""Conditions are read as they are written, and what cannot be read is told by its place."""

from __future__ import annotations

import pytest
from bifolio.claims import names_in, parse_condition
from bifolio.claims.condition import (
    Approximately,
    Binary,
    Condition,
    Expression,
    Inequality,
    Name,
    Negative,
    Number,
    Within,
)
from bifolio.errors import ConditionError
from hypothesis import given
from hypothesis import strategies as st

words = st.from_regex(r"[a-z][a-z0-9_]{0,4}", fullmatch=True).filter(lambda word: word not in ("within", "by"))
leaves: st.SearchStrategy[Expression] = st.one_of(
    st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3})?(e-?[0-9])?", fullmatch=True).map(Number),
    st.lists(words, min_size=2, max_size=4).map(lambda parts: Name(tuple(parts))),
)
expressions: st.SearchStrategy[Expression] = st.recursive(
    leaves,
    lambda inner: st.one_of(inner.map(Negative), st.builds(Binary, inner, st.sampled_from("+-*/"), inner)),
    max_leaves=8,
)
conditions: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Inequality, expressions, st.sampled_from(["<", ">", "<=", ">="]), expressions),
    st.builds(Within, expressions, expressions, expressions),
    st.builds(Approximately, expressions, expressions, expressions),
)


@given(conditions)
def test_what_is_written_is_read_again(condition: Condition) -> None:
    if len(str(condition)) <= 400:
        assert parse_condition(str(condition)) == condition


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("a.b<c.d", "a.b < c.d"),
        (" a.b  >=\n 2*(c.d+1) ", "a.b >= 2 * (c.d + 1)"),
        ("a.b within 1.8..2.2", "a.b within 1.8..2.2"),
        ("a.b within -1..-(2-3)", "a.b within -1..-(2 - 3)"),
        ("a.b ~= c.d by 0.5", "a.b ≈ c.d by 0.5"),
        ("(a.b) - (c.d - e.f) < 1", "a.b - (c.d - e.f) < 1"),
        ("a.b / (c.d / e.f) < (1 / 2) / 3", "a.b / (c.d / e.f) < 1 / 2 / 3"),
        ("-(a.b * 2) < --3e-2", "-(a.b * 2) < --3e-2"),
    ],
)
def test_the_normal_form(text: str, normal: str) -> None:
    assert str(parse_condition(text)) == normal


def test_arithmetic_binds_to_the_left() -> None:
    a, b, c = (Name(("x", name)) for name in "abc")
    assert parse_condition("x.a - x.b - x.c < 1") == Inequality(Binary(Binary(a, "-", b), "-", c), "<", Number("1"))
    assert parse_condition("x.a + x.b * x.c < 1") == Inequality(Binary(a, "+", Binary(b, "*", c)), "<", Number("1"))


def test_names_come_in_the_order_of_reading_and_once() -> None:
    condition = parse_condition("b.x * a.x ≈ -b.x by c.config.y")
    assert list(map(str, names_in(condition))) == ["b.x", "a.x", "c.config.y"]


@pytest.mark.parametrize(
    ("text", "found", "expected", "nearest"),
    [
        ("a.b = c.d", "a.b ⟨here⟩ = c.d (character 5)", "<, >, <=, >=, within, ≈", "≈ … by …"),
        ("a.b ≤ 3", "a.b ⟨here⟩ ≤ 3 (character 5)", "<, >, <=, >=, within, ≈", "<="),
        ("a.b witin 1..2", "a.b ⟨here⟩ witin 1..2 (character 5)", "<, >, <=, >=, within, ≈", "within"),
        ("a.b within 1-2", "a.b within 1-2 ⟨here⟩ (character 15)", "..", None),
        (
            "a.b ≈ c.d by",
            "a.b ≈ c.d by ⟨here⟩ (character 13)",
            "a number, a name such as optimizers.adam.loss, - or (",
            None,
        ),
        ("a.b < (3", "a.b < (3 ⟨here⟩ (character 9)", ")", None),
        ("a.b < 3 < 4", "a.b < 3 ⟨here⟩ < 4 (character 9)", "the end of the condition, which says one thing", None),
        ("", "⟨here⟩ (character 1)", "a number, a name such as optimizers.adam.loss, - or (", None),
        ("a.b < by", "a.b < ⟨here⟩ by (character 7)", "a number, a name such as optimizers.adam.loss, - or (", None),
    ],
)
def test_what_cannot_be_read_is_told_by_its_place(text: str, found: str, expected: str, nearest: str | None) -> None:
    with pytest.raises(ConditionError) as error:
        parse_condition(text)
    assert (error.value.found, error.value.expected, error.value.nearest) == (found, expected, nearest)


@pytest.mark.parametrize("text", ["(" * 300 + "1", "-" * 300 + "1 < 2", "1 < " + "1 + " * 200 + "1", "1 < 1e99999999"])
def test_no_condition_exhausts_the_machine(text: str) -> None:
    with pytest.raises(ConditionError):
        parse_condition(text)


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_a_condition_error(text: str) -> None:
    try:
        parse_condition(text)
    except ConditionError as error:
        assert "character" in str(error.found)


def test_a_margin_need_not_be_named() -> None:
    assert str(parse_condition("a.b ~= c.d")) == "a.b ≈ c.d"
    assert str(parse_condition("a.b ≈ c.d by 2")) == "a.b ≈ c.d by 2"


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('a.t.where(model="x y", width=3).mae > 1', (("model", "x y"), ("width", 3))),
        ("a.gpu.v.t.where( rate = -0.5, on=true ).mae > 1", (("rate", -0.5), ("on", True))),
        ("a.t.where(model='(x)').mae > 1", (("model", "(x)"),)),
    ],
)
def test_a_cell_is_named_by_its_row(text: str, row: tuple[tuple[str, object], ...]) -> None:
    condition = parse_condition(text)
    (name,) = names_in(condition)
    assert name.row == row and name.parts[-1] == "mae"
    assert parse_condition(str(condition)) == condition


@pytest.mark.parametrize("row", ["", "model", "model=", "model=x", 'model="x" width=3', "model=(1)"])
def test_a_row_that_cannot_be_read_is_refused(row: str) -> None:
    with pytest.raises(ConditionError):
        parse_condition(f"a.t.where({row}).mae > 1")
