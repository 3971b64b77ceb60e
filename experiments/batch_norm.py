"""Over how wide a range of learning rates does a deep perceptron train, with and without batch normalisation?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf, isfinite, log10

import torch
from bifolio import Column, Run, experiment
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.classifiers import CLASSES, Parts, evaluate, logistic_regression, majority_accuracy
from experiments.splits.digits import split_digits


@dataclass(frozen=True)
class Config:
    norm: bool = True
    he_weights: bool = False
    layers: int = 4
    hidden: int = 64
    epochs: int = 12
    batch: int = 64
    learning_rates: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
    stable_accuracy: float = 90.0


@dataclass(frozen=True)
class Candidate:
    """A model after the whole budget; loss in nats per image (infinite if it diverged), accuracy in percent."""

    model: nn.Module
    learning_rate: float
    history: tuple[tuple[float, float], ...]

    @property
    def validation_loss(self) -> float:
        loss = self.history[-1][0]
        return loss if isfinite(loss) else inf

    @property
    def validation_accuracy(self) -> float:
        return self.history[-1][1]


@experiment(
    seeds=5,
    variants={
        "with_norm": Config(norm=True),
        "without_norm": Config(norm=False),
        "he_weights": Config(norm=False, he_weights=True),
    },
    smoke=Config(epochs=2, learning_rates=(0.1, 1.0)),
)
def batch_norm(config: Config, run: Run) -> None:
    parts = split_digits(run)
    rates = run.progress(config.learning_rates)
    candidates = search(lambda: deep_perceptron(parts.pixels, config), parts, config, run.seed, rates)
    baselines = search(lambda: logistic_regression(parts.pixels), parts, config, run.seed, config.learning_rates)
    chosen = best(candidates)
    record_search(candidates, config, run)
    record_training(chosen, run)

    # From here on, and only here, the test part.
    test_loss, accuracy = evaluate(chosen.model, parts.test)
    run.value("test_loss", test_loss, tolerance=0.02)
    run.value("accuracy", accuracy, unit="%", tolerance=0.5)
    run.value("baseline_accuracy", evaluate(best(baselines).model, parts.test)[1], unit="%", tolerance=0.5)
    run.value("majority_accuracy", majority_accuracy(parts), unit="%", tolerance=0.5)


def deep_perceptron(pixels: int, config: Config) -> nn.Module:
    """Hidden layers with or without normalisation before the rectifier (Ioffe and Szegedy, 2015).

    PyTorch draws weights of variance 1 / (3 n) for n inputs; He et al. (2015) of 2 / n, which keeps the scale of the
    signal through rectifiers.
    """
    layers: list[nn.Module] = []
    for width in (pixels, *[config.hidden] * (config.layers - 1)):
        linear = nn.Linear(width, config.hidden)
        if config.he_weights:
            nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
            nn.init.zeros_(linear.bias)
        layers.append(linear)
        if config.norm:
            layers.append(nn.BatchNorm1d(config.hidden))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers, nn.Linear(config.hidden, CLASSES))


def search(
    build: Callable[[], nn.Module], parts: Parts, config: Config, seed: int, learning_rates: Iterable[float]
) -> list[Candidate]:
    """Train once at each learning rate, every time from the same weights on the same order of batches."""
    candidates = []
    for learning_rate in learning_rates:
        torch.manual_seed(seed)  # so that the rates differ in nothing else
        model = build().to(parts.train.images.device)
        candidates.append(Candidate(model, learning_rate, fit(model, learning_rate, parts, config)))
    return candidates


def fit(model: nn.Module, learning_rate: float, parts: Parts, config: Config) -> tuple[tuple[float, float], ...]:
    """Descend without momentum, so that the step is the rate times the gradient; measure after every epoch."""
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    train, history = parts.train, []
    for _ in range(config.epochs):
        model.train()
        for rows in torch.randperm(len(train.labels)).split(config.batch):
            loss = cross_entropy(model(train.images[rows]), train.labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()  # the running means and variances stand in for those of the batch
        history.append(evaluate(model, parts.validation))
    return tuple(history)


def best(candidates: list[Candidate]) -> Candidate:
    return min(candidates, key=lambda one: one.validation_loss)


def record_search(candidates: list[Candidate], config: Config, run: Run) -> None:
    """Record where every rate ended, and how many orders of magnitude apart the ends of the stable range lie."""
    accuracy = Column("validation_accuracy", unit="%", tolerance=1.0)
    table = run.table("search", columns=("learning_rate", "validation_loss", accuracy))
    for one in candidates:
        loss = one.validation_loss if isfinite(one.validation_loss) else None  # an empty cell: it diverged
        table.add(one.learning_rate, loss, one.validation_accuracy)
    stable = [one.learning_rate for one in candidates if one.validation_accuracy >= config.stable_accuracy]
    run.value("rates_tried", len(candidates))
    run.value("stable_rates", len(stable), tolerance=1)
    run.value("stable_decades", log10(max(stable) / min(stable)) if stable else 0.0, tolerance=0.5)


def record_training(chosen: Candidate, run: Run) -> None:
    run.value("learning_rate", chosen.learning_rate)
    run.value("first_epoch_accuracy", chosen.history[0][1], unit="%", tolerance=1.0)
    run.value("validation_loss", chosen.validation_loss, tolerance=0.02)
    accuracy = Column("validation_accuracy", unit="%", tolerance=1.0)
    curve = run.table("learning_curve", columns=("epoch", "validation_loss", accuracy))
    for epoch, (loss, percentage) in enumerate(chosen.history, start=1):
        curve.add(epoch, loss, percentage)
