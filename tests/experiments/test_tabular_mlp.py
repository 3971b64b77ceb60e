"""The four ways to prepare the test part of a table."""

from __future__ import annotations

import pytest
import torch

from experiments.tabular_mlp import prepare_test, standardise

TRAIN = torch.tensor([[100.0, 1.0], [200.0, 3.0], [300.0, 8.0]])
TEST = torch.tensor([[150.0, 2.0], [400.0, 4.0]])


def test_standardising_by_itself_gives_mean_0_and_deviation_1_as_numpy_computes_it() -> None:
    rows = standardise(TRAIN, TRAIN)
    torch.testing.assert_close(rows.mean(dim=0), torch.zeros(2))
    torch.testing.assert_close(rows.square().mean(dim=0), torch.ones(2))


def test_the_printed_way_leaves_the_test_part_nearly_as_it_was() -> None:
    torch.testing.assert_close(prepare_test("twice", TEST, TRAIN), prepare_test("raw", TEST, TRAIN))


def test_its_own_statistics_hide_that_the_test_part_differs() -> None:
    moved = prepare_test("test_statistics", TEST + 1000.0, TRAIN)
    torch.testing.assert_close(moved, prepare_test("test_statistics", TEST, TRAIN))
    assert (prepare_test("standardised", TEST + 1000.0, TRAIN) > prepare_test("standardised", TEST, TRAIN)).all()


def test_an_unknown_preparation_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown preparation 'scaled'"):
        prepare_test("scaled", TEST, TRAIN)
