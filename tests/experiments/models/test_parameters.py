"""Parameters are counted, and widths found that have as many as are asked for."""

from __future__ import annotations

import torch

from experiments.models.parameters import closest_width, count_parameters


def test_weights_and_biases_are_counted() -> None:
    assert count_parameters(torch.nn.Linear(64, 10)) == 650


def test_the_closest_width_may_lie_above_or_below() -> None:
    def line(width: int) -> torch.nn.Module:
        return torch.nn.Linear(width, 9, bias=False)

    assert [closest_width(line, parameters) for parameters in (1, 89, 90, 94, 95)] == [1, 10, 10, 10, 11]


def test_looking_for_a_width_draws_no_random_numbers() -> None:
    torch.manual_seed(0)
    closest_width(lambda width: torch.nn.Linear(width, 9), 90)
    drawn = torch.rand(1)
    torch.manual_seed(0)
    assert torch.equal(drawn, torch.rand(1))
