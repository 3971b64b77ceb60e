"""Networks of one shape, trained side by side: one tensor for all of them costs little more than one network."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.splits.parts import Part


class SideBySide(nn.Module):
    """`count` perceptrons that start from the same weights; with `hidden` 0, logistic regressions."""

    def __init__(self, count: int, inputs: int, hidden: int, classes: int) -> None:
        super().__init__()
        layers = [nn.Linear(inputs, hidden), nn.Linear(hidden, classes)] if hidden else [nn.Linear(inputs, classes)]
        self.weights = nn.ParameterList(layer.weight.detach().T.repeat(count, 1, 1) for layer in layers)
        self.biases = nn.ParameterList(layer.bias.detach().repeat(count, 1, 1) for layer in layers)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Map images (count × batch × inputs) to scores (count × batch × classes); no network sees another's."""
        weights, biases = list(self.weights), list(self.biases)
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            images = torch.baddbmm(bias, images, weight).relu()
        return torch.baddbmm(biases[-1], images, weights[-1])


def losses(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return each network's mean loss in nats per image (count) from its scores and its labels (count × batch)."""
    return cross_entropy(scores.transpose(1, 2), labels, reduction="none").mean(dim=1)


@torch.no_grad()
def evaluate_all(networks: SideBySide, part: Part) -> tuple[list[float], list[float]]:
    """Return the mean losses (nats per image) and the accuracies (percent) of all networks on one part."""
    count = len(networks.weights[0])
    scores = networks(part.inputs.expand(count, -1, -1))
    labels = part.labels.expand(count, -1)
    hits = (scores.argmax(dim=2) == labels).double().mean(dim=1)
    return losses(scores, labels).tolist(), (100.0 * hits).tolist()


class Momentum:
    """Gradient descent with momentum (Polyak, 1964) with a learning rate for each network."""

    def __init__(self, networks: SideBySide, rates: torch.Tensor, momentum: float) -> None:
        self.parameters = list(networks.parameters())
        self.velocities = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.rates = rates.view(-1, 1, 1)
        self.momentum = momentum

    @torch.no_grad()
    def step(self, loss: torch.Tensor, factor: float) -> None:
        """Go one step down the sum of the networks' losses, each with its own rate times the schedule's factor."""
        gradients = torch.autograd.grad(loss, self.parameters)
        for parameter, velocity, gradient in zip(self.parameters, self.velocities, gradients, strict=True):
            velocity.mul_(self.momentum).add_(gradient)
            parameter.sub_(factor * self.rates * velocity)
