"""Gradients of a network of two layers in three ways: written out by hand, by autograd, by finite differences.

Parameters are one flat vector θ = (W1, b1, W2, b2), so that the three can be laid side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, one_hot

Loss = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Network:
    """The widths of a network with tanh between its layers, and softmax with cross-entropy at its end."""

    inputs: int
    hidden: int
    classes: int

    @property
    def parameters(self) -> int:
        return (self.inputs + 1) * self.hidden + (self.hidden + 1) * self.classes

    def unpack(self, theta: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return W1 (hidden × inputs), b1, W2 (classes × hidden), b2."""
        w1, b1, w2, b2 = theta.split([self.hidden * self.inputs, self.hidden, self.classes * self.hidden, self.classes])
        return w1.view(self.hidden, self.inputs), b1, w2.view(self.classes, self.hidden), b2

    def loss(self, theta: Tensor, x: Tensor, labels: Tensor) -> Tensor:
        """Return the mean loss in nats of a batch (examples × inputs)."""
        w1, b1, w2, b2 = self.unpack(theta)
        return cross_entropy(torch.tanh(x @ w1.T + b1) @ w2.T + b2, labels)


def by_hand(network: Network, theta: Tensor, x: Tensor, labels: Tensor, *, derivative: bool = True) -> Tensor:
    """Return the gradient by the chain rule (Rumelhart et al., 1986); one that forgets tanh' = 1 - h² if so asked."""
    w1, b1, w2, b2 = network.unpack(theta)
    h = torch.tanh(x @ w1.T + b1)
    z = h @ w2.T + b2
    p = z.exp() / z.exp().sum(dim=1, keepdim=True)

    delta_2 = (p - one_hot(labels, network.classes)) / len(x)  # the loss is a mean
    delta_1 = delta_2 @ w2
    if derivative:
        delta_1 = delta_1 * (1 - h**2)
    parts = (delta_1.T @ x, delta_1.sum(dim=0), delta_2.T @ h, delta_2.sum(dim=0))
    return torch.cat([part.flatten() for part in parts])


def by_hand_too_early(network: Network, theta: Tensor, x: Tensor, labels: Tensor, rate: float) -> Tensor:
    """Return the gradient of code that updates the second layer before it goes back through it."""
    right = by_hand(network, theta, x, labels)
    second = (network.inputs + 1) * network.hidden
    moved = theta.clone()
    moved[second:] -= rate * right[second:]
    w1, b1, w2, b2 = network.unpack(theta)
    h = torch.tanh(x @ w1.T + b1)
    delta_2 = (torch.softmax(h @ w2.T + b2, dim=1) - one_hot(labels, network.classes)) / len(x)
    delta_1 = delta_2 @ network.unpack(moved)[2] * (1 - h**2)
    return torch.cat([(delta_1.T @ x).flatten(), delta_1.sum(dim=0), right[second:]])


def one_output_loss(network: Network, theta: Tensor, x: Tensor, answers: Tensor) -> Tensor:
    """Return the mean loss in nats of a network that ends in one sigmoid, for answers of 0 and 1."""
    w1, b1, w2, b2 = network.unpack(theta)
    return binary_cross_entropy_with_logits((torch.tanh(x @ w1.T + b1) @ w2.T + b2).flatten(), answers)


def one_output_by_hand(network: Network, theta: Tensor, x: Tensor, answers: Tensor, *, weight: bool = True) -> Tensor:
    """Return the gradient of `one_output_loss`; one that forgets the factor W2 if so asked.

    With one output such code runs: each hidden unit is handed the error of the output as it is.
    """
    w1, b1, w2, b2 = network.unpack(theta)
    h = torch.tanh(x @ w1.T + b1)
    delta_2 = (torch.sigmoid(h @ w2.T + b2) - answers[:, None]) / len(x)
    delta_1 = (delta_2 @ w2 if weight else delta_2) * (1 - h**2)
    parts = (delta_1.T @ x, delta_1.sum(dim=0), delta_2.T @ h, delta_2.sum(dim=0))
    return torch.cat([part.flatten() for part in parts])


def by_autograd(loss: Loss, theta: Tensor) -> Tensor:
    point = theta.clone().requires_grad_()
    return torch.autograd.grad(loss(point), point)[0]


@torch.no_grad()
def by_differences(loss: Loss, theta: Tensor, step: float, *, central: bool = True) -> Tensor:
    """Return difference quotients, one parameter at a time: two losses for each, or one more than there are."""
    here = None if central else loss(theta)
    quotients = torch.empty_like(theta)
    for i in range(len(theta)):
        moved = theta.clone()
        moved[i] = theta[i] + step
        above = loss(moved)
        if here is not None:
            quotients[i] = (above - here) / step
            continue
        moved[i] = theta[i] - step
        quotients[i] = (above - loss(moved)) / (2 * step)
    return quotients


def difference(one: Tensor, other: Tensor) -> float:
    """Return the largest difference of two gradients as a share of the largest component of the other."""
    return float((one.double() - other.double()).abs().max() / other.double().abs().max())
