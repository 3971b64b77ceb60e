"""The arithmetic of conditions: exact, and the same as that of fractions."""

from __future__ import annotations

import re
from fractions import Fraction
from math import prod
from types import SimpleNamespace

import pytest
from bifolio.claims.arithmetic import compute, factors, fraction, terms
from bifolio.claims.condition import Binary, Expression, Name, Negative, Number
from hypothesis import given
from hypothesis import strategies as st

NAMES = {letter: Name(("x", letter)) for letter in "abc"}
worth = st.fixed_dictionaries({letter: st.floats(-1e6, 1e6).map(fraction) for letter in NAMES})
expressions: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(st.sampled_from(list(NAMES.values())), st.integers(0, 99).map(lambda number: Number(str(number)))),
    lambda inner: st.one_of(inner.map(Negative), st.builds(Binary, inner, st.sampled_from("+-*/"), inner)),
    max_leaves=10,
)


def by_python(expression: Expression, numbers: dict[str, Fraction]) -> Fraction:
    """Return what Python's own grammar makes of an expression as it is printed."""
    code = re.sub(r"[0-9]+", r"F(\g<0>)", str(expression))
    return Fraction(eval(code, {"F": Fraction, "x": SimpleNamespace(**numbers)}))


@given(expressions, worth)
def test_an_expression_is_worth_what_its_text_says(expression: Expression, numbers: dict[str, Fraction]) -> None:
    by_name = {NAMES[letter]: number for letter, number in numbers.items()}
    try:
        expected = by_python(expression, numbers)
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            compute(expression, by_name)
    else:
        assert compute(expression, by_name) == expected


@given(expressions, worth)
def test_terms_add_up_and_factors_multiply_to_the_whole(expression: Expression, numbers: dict[str, Fraction]) -> None:
    by_name = {NAMES[letter]: number for letter, number in numbers.items()}
    try:
        whole = compute(expression, by_name)
        assert sum(sign * compute(term, by_name) for sign, term in terms(expression)) == whole
        assert (
            prod((compute(factor, by_name) ** power for power, factor in factors(expression)), start=Fraction(1))
            == whole
        )
    except ZeroDivisionError:
        return


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_fraction_is_the_number_that_is_printed(number: float) -> None:
    assert float(fraction(number)) == number
    assert fraction(0.1) + fraction(0.2) == fraction(0.3)
