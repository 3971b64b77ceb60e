"""Can a multilayer perceptron read handwritten digits?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass

import torch
from bifolio import Column, Run, Variant, experiment
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.classifiers import (
    CLASSES,
    Parts,
    count_parameters,
    evaluate,
    logistic_regression,
    majority_accuracy,
    perceptron,
)
from experiments.datasets.mnist import TRAINING
from experiments.datasets.mnist import load as load_mnist
from experiments.splits.digits import split_digits, take

MISTAKES_SHOWN = 12
PIXELS_HIGH = 64  # digits of eight pixels are enlarged, without smoothing, until they can be looked at


@dataclass(frozen=True)
class Config:
    data: str = "digits"
    hidden: int = 128
    epochs: int = 40
    batch: int = 32
    learning_rates: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1)


@dataclass(frozen=True)
class Epoch:
    """Losses in nats per image after one pass over the training part; accuracy in percent."""

    number: int
    training_loss: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class Trained:
    """A model as it stood after its best epoch, and the history that this epoch was chosen from."""

    model: nn.Module
    learning_rate: float
    epochs: tuple[Epoch, ...]
    best: Epoch


@experiment(
    seeds=5,
    variants={"mnist": Variant(Config(data="mnist", hidden=256, epochs=10, batch=128), optional=True)},
    smoke=Config(epochs=2, learning_rates=(0.003, 0.01)),
    gpu=Config(hidden=2048),
)
def digits_mlp(config: Config, run: Run) -> None:
    parts = load_parts(config, run)
    rates = config.learning_rates
    trained = search(lambda: perceptron(parts.pixels, config.hidden), parts, config, run.progress(rates))
    baseline = search(lambda: logistic_regression(parts.pixels), parts, config, rates)
    record_training(trained, run)
    run.value("baseline_parameters", count_parameters(baseline.model))
    run.value("baseline_learning_rate", baseline.learning_rate)

    # From here on, and only here, the test part.
    run.value("majority_accuracy", majority_accuracy(parts), unit="%", tolerance=0.5)
    _, baseline_accuracy = evaluate(baseline.model, parts.test)
    run.value("baseline_accuracy", baseline_accuracy, unit="%", tolerance=0.5)
    test_loss, accuracy = evaluate(trained.model, parts.test)
    run.value("test_loss", test_loss, tolerance=0.02)
    run.value("accuracy", accuracy, unit="%", tolerance=0.5)
    record_confusion(trained.model, parts, run)


def load_parts(config: Config, run: Run) -> Parts:
    """Split by the seed; MNIST fixes its own test images, so there the seed only parts training from validation."""
    if config.data != "mnist":
        return split_digits(run)
    data = load_mnist()
    total = len(data.labels)
    order = torch.randperm(TRAINING, generator=torch.Generator().manual_seed(run.seed)).tolist()
    run.fixed_split(train=50_000, validation=10_000, test=total - TRAINING)
    return take(data, (order[:50_000], order[50_000:], range(TRAINING, total)), run)


def search(build: Callable[[], nn.Module], parts: Parts, config: Config, learning_rates: Iterable[float]) -> Trained:
    """Train one model at each learning rate; keep the rate and the epoch with the lowest validation loss."""
    candidates = [train(build(), rate, parts, config) for rate in learning_rates]
    return min(candidates, key=lambda candidate: candidate.best.validation_loss)


def train(model: nn.Module, learning_rate: float, parts: Parts, config: Config) -> Trained:
    model.to(parts.train.images.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    epochs: list[Epoch] = []
    for number in range(1, config.epochs + 1):
        total = 0.0
        for rows in torch.randperm(len(parts.train.labels)).split(config.batch):
            loss = cross_entropy(model(parts.train.images[rows]), parts.train.labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        epochs.append(Epoch(number, total / len(parts.train.labels), *evaluate(model, parts.validation)))
        best = min(epochs, key=lambda epoch: epoch.validation_loss)
        if best.number == number:
            best_weights = deepcopy(model.state_dict())
    model.load_state_dict(best_weights)
    return Trained(model, learning_rate, tuple(epochs), best)


def record_training(trained: Trained, run: Run) -> None:
    run.value("parameters", count_parameters(trained.model))
    run.value("learning_rate", trained.learning_rate)
    run.value("best_epoch", trained.best.number)
    accuracy = Column("validation_accuracy", unit="%", tolerance=1.0)
    curve = run.table("learning_curve", columns=("epoch", "training_loss", "validation_loss", accuracy))
    for epoch in trained.epochs:
        curve.add(epoch.number, epoch.training_loss, epoch.validation_loss, epoch.validation_accuracy)


@torch.no_grad()
def record_confusion(model: nn.Module, parts: Parts, run: Run) -> None:
    """Record how often each digit was read as each other one, and the surest misreadings with their images."""
    confidence, predicted = model(parts.test.images).softmax(dim=1).max(dim=1)
    counts = torch.bincount(CLASSES * parts.test.labels + predicted, minlength=CLASSES * CLASSES)
    confusion = run.table("confusion", columns=("true", "predicted", "count"))
    for pair, count in enumerate(counts.tolist()):
        confusion.add(pair // CLASSES, pair % CLASSES, count)

    wrong = (predicted != parts.test.labels).nonzero().flatten()
    surest = wrong[confidence[wrong].argsort(descending=True, stable=True)][:MISTAKES_SHOWN]
    if len(surest) == 0:
        return
    run.sample(
        "mistakes",
        [{"true": parts.test.labels[i], "predicted": predicted[i], "confidence": confidence[i]} for i in surest],
    )
    ink = parts.test.images[surest].view(-1, parts.height, parts.width)
    strip = torch.cat(list(1.0 - ink), dim=1)  # dark on white, side by side
    scale = max(1, PIXELS_HIGH // parts.height)
    run.image("misread_digits", strip.repeat_interleave(scale, dim=0).repeat_interleave(scale, dim=1))
