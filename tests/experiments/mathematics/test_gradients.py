"""Gradients in three ways, on a network small enough to check."""

from __future__ import annotations

import torch

from experiments.mathematics.gradients import (
    Network,
    by_autograd,
    by_differences,
    by_hand,
    by_hand_too_early,
    difference,
    one_output_by_hand,
    one_output_loss,
)

NETWORK = Network(inputs=3, hidden=4, classes=2)


def problem() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    theta = torch.randn(NETWORK.parameters, generator=generator, dtype=torch.float64)
    return theta, torch.randn(5, 3, generator=generator, dtype=torch.float64), torch.tensor([0, 1, 1, 0, 1])


def test_three_ways_agree_and_two_mistakes_do_not() -> None:
    theta, x, labels = problem()
    right = by_autograd(lambda point: NETWORK.loss(point, x, labels), theta)
    assert difference(by_hand(NETWORK, theta, x, labels), right) < 1e-12
    assert difference(by_differences(lambda point: NETWORK.loss(point, x, labels), theta, 1e-5), right) < 1e-8
    assert difference(by_hand(NETWORK, theta, x, labels, derivative=False), right) > 0.01
    assert difference(by_hand_too_early(NETWORK, theta, x, labels, rate=0.5), right) > 0.001


def test_a_forgotten_weight_turns_the_gradients_of_units_whose_weight_is_negative() -> None:
    network = Network(inputs=3, hidden=4, classes=1)
    generator = torch.Generator().manual_seed(0)
    theta = torch.randn(network.parameters, generator=generator, dtype=torch.float64)
    x, answers = torch.randn(5, 3, generator=generator, dtype=torch.float64), torch.tensor([0.0, 1, 1, 0, 1]).double()
    right = by_autograd(lambda point: one_output_loss(network, point, x, answers), theta)
    assert difference(one_output_by_hand(network, theta, x, answers), right) < 1e-12
    wrong = one_output_by_hand(network, theta, x, answers, weight=False)
    w2 = network.unpack(theta)[2].flatten()
    assert torch.allclose(network.unpack(wrong)[1] * w2, network.unpack(right)[1])


def test_differences_take_one_pass_more_than_there_are_parameters_or_two_for_each() -> None:
    calls = []

    def loss(theta: torch.Tensor) -> torch.Tensor:
        calls.append(theta)
        return (theta**2).sum()

    by_differences(loss, torch.zeros(7), 0.1, central=False)
    assert len(calls) == 8
    by_differences(loss, torch.zeros(7), 0.1)
    assert len(calls) == 8 + 14
