"""What training left is recorded in tables, an empty cell where it diverged."""

from __future__ import annotations

from math import nan
from unittest import mock

from torch import nn

from experiments.training.history import Measured, record_curve, record_search
from experiments.training.search import Candidate


def ended(rate: float, loss: float, accuracy: float) -> Candidate[nn.Module, Measured]:
    point = Measured(1, loss, loss, accuracy)
    return Candidate(rate, nn.Identity(), (point,), point)


def test_a_search_is_a_row_a_rate() -> None:
    run = mock.Mock()
    record_search([ended(0.1, 0.5, 90.0), ended(1.0, nan, 10.0)], run)
    run.value.assert_called_once_with("rates_tried", 2)
    assert run.table.return_value.add.call_args_list == [mock.call(0.1, 0.5, 90.0), mock.call(1.0, None, 10.0)]


def test_a_curve_says_what_it_counts() -> None:
    run = mock.Mock()
    record_curve("learning_curve", [Measured(5, 0.4, 0.5, 90.0)], run, counted="step")
    assert run.table.call_args.kwargs["columns"][0] == "step"
    assert run.table.return_value.add.call_args_list == [mock.call(5, 0.4, 0.5, 90.0)]
