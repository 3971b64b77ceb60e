"""What sympy reads of displayed LaTeX, and what is computed of it."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.mathematics.latex import compute, load, read, right_sides


def test_a_display_is_taken_apart_at_equations_and_at_equals_signs() -> None:
    assert right_sides(load("batch_norm"))[0] == r"\frac{1}{m} \sum_{i=1}^{m} x_i"
    assert right_sides(load("tanh")) == (r"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}",)
    assert len(right_sides(load("adam"))) == 5
    assert len(right_sides(load("attention"))) == 2  # the lines of the cases are no equations


def test_a_symbol_with_an_index_is_a_component() -> None:
    tree = read(right_sides(load("softmax"))[0])
    assert tree is not None
    z = np.array([2.0, -1.0, 0.0])
    found = [compute(tree, {"z": z, "V": 3.0}, {"i": place}) for place in (1, 2, 3)]
    assert found == pytest.approx(np.exp(z) / np.exp(z).sum())


def test_what_the_parser_refuses_or_finds_ambiguous_is_not_read() -> None:
    assert read(r"\theta_{t-1} - \eta g_t") is None
    assert read(r"\varphi(W x + b)") is None


def test_a_symbol_without_value_is_an_error() -> None:
    tree = read("e^{L}")
    assert tree is not None
    with pytest.raises(KeyError):
        compute(tree, {})
