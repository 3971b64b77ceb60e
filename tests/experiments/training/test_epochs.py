"""An epoch sees every example once, and what is measured after it is measured as it will be used."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from experiments.measures.classification import evaluate
from experiments.splits.parts import Part
from experiments.training.epochs import descend, train_epochs

PART = Part(torch.randn(10, 3, generator=torch.Generator().manual_seed(0)), torch.arange(10) % 2)


class Seen(nn.Module):
    """Two scores, and a note of all inputs and of the mode in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self.scores = nn.Linear(3, 2)
        self.batches: list[tuple[bool, torch.Tensor]] = []

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.batches.append((self.training, inputs))
        scores: torch.Tensor = self.scores(inputs)
        return scores


def test_a_pass_takes_every_example_once_in_a_new_order() -> None:
    torch.manual_seed(0)
    model = Seen()
    steps = list(descend(model, torch.optim.SGD(model.parameters(), lr=0.1), PART, batch=4))
    assert [count for _, count in steps] == [4, 4, 2]
    seen = torch.cat([inputs for _, inputs in model.batches])
    assert not torch.equal(seen, PART.inputs)
    assert sorted(seen.tolist()) == sorted(PART.inputs.tolist())


def test_gradients_of_one_batch_are_forgotten_before_the_next() -> None:
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    copy = nn.Linear(3, 2)
    copy.load_state_dict(model.state_dict())
    drawn = torch.get_rng_state()
    for _ in descend(model, torch.optim.SGD(model.parameters(), lr=0.1), PART, batch=5):
        pass
    torch.set_rng_state(drawn)
    for rows in torch.randperm(10).split(5):
        loss = nn.functional.cross_entropy(copy(PART.inputs[rows]), PART.labels[rows])
        gradients = torch.autograd.grad(loss, list(copy.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(copy.parameters(), gradients, strict=True):
                parameter -= 0.1 * gradient
    torch.testing.assert_close(model.weight, copy.weight)


def test_epochs_train_in_training_mode_and_measure_in_the_other() -> None:
    model = Seen()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    history = list(train_epochs(model, optimizer, PART, PART, epochs=2, batch=5))
    assert [training for training, _ in model.batches] == [True, True, False] * 2
    assert [point.after for point in history] == [1, 2]
    assert (history[-1].validation_loss, history[-1].validation_accuracy) == evaluate(model, PART)


def test_the_training_loss_is_that_of_the_mean_example_and_not_of_the_mean_batch() -> None:
    model = nn.Linear(3, 2)
    frozen = torch.optim.SGD(model.parameters(), lr=0.0)
    (point,) = train_epochs(model, frozen, PART, PART, epochs=1, batch=4)
    assert point.training_loss == pytest.approx(point.validation_loss, rel=1e-5)
