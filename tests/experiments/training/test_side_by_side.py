"""Networks side by side are what they would be alone."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.splits.parts import Part
from experiments.training.side_by_side import Momentum, SideBySide, evaluate_all, losses


def build(count: int) -> SideBySide:
    torch.manual_seed(0)
    return SideBySide(count, inputs=5, hidden=4, classes=3)


def train(networks: SideBySide, rates: list[float], images: torch.Tensor, labels: torch.Tensor) -> None:
    optimizer = Momentum(networks, torch.tensor(rates), 0.9)
    for _ in range(10):
        shown = images.expand(len(rates), -1, -1)
        optimizer.step(losses(networks(shown), labels.expand(len(rates), -1)).sum(), 1.0)


def test_one_network_takes_the_steps_of_torch_s_momentum() -> None:
    images, labels = torch.rand(8, 5), torch.randint(3, (8,))
    ours = build(1)
    theirs = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3))
    with torch.no_grad():
        for layer, weight, bias in zip((theirs[0], theirs[2]), ours.weights, ours.biases, strict=True):
            layer.weight.copy_(weight[0].T)
            layer.bias.copy_(bias[0, 0])
    train(ours, [0.1], images, labels)
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=0.9)
    for _ in range(10):
        optimizer.zero_grad()
        cross_entropy(theirs(images), labels).backward()
        optimizer.step()
    torch.testing.assert_close(ours(images[None])[0], theirs(images))


def test_a_network_that_diverges_leaves_its_neighbours_alone() -> None:
    images, labels = torch.rand(8, 5), torch.randint(3, (8,))
    alone, beside = build(1), build(2)
    train(alone, [0.1], images, labels)
    train(beside, [0.1, 1e30], images, labels)
    assert not beside.weights[1][1].isfinite().all()
    torch.testing.assert_close(beside.weights[1][0], alone.weights[1][0])


def test_evaluation_judges_each_network_on_all_images() -> None:
    networks = build(2)
    with torch.no_grad():
        networks.biases[-1][0, 0, 1] = 1e6  # the first network always answers 1, the second always 2
        networks.biases[-1][1, 0, 2] = 1e6
    _, accuracies = evaluate_all(networks, Part(torch.rand(4, 5), torch.tensor([1, 1, 1, 2])))
    assert accuracies == [75.0, 25.0]
