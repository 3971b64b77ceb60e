"""Which optimizer trains a small network best when each may search the same learning rates?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import inf, isfinite

import torch
from bifolio import Column, Run, experiment
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.classifiers import Parts, evaluate, logistic_regression, majority_accuracy, perceptron
from experiments.splits.digits import split_digits
from experiments.training.misprinted_adam import MisprintedAdam


@dataclass(frozen=True)
class Config:
    optimizer: str = "sgd"
    hidden: int = 64
    epochs: int = 20
    batch: int = 32
    weight_decay: float = 0.01
    learning_rates: tuple[float, ...] = (1e-5, 3e-5, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    target_accuracy: float = 95.0


@dataclass(frozen=True)
class Measured:
    """Losses in nats per image after so many steps; accuracy in percent."""

    step: int
    training_loss: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class Candidate:
    model: nn.Module
    learning_rate: float
    history: tuple[Measured, ...]

    @property
    def validation_loss(self) -> float:
        return self.history[-1].validation_loss


@experiment(
    seeds=5,
    variants={
        "sgd": Config(optimizer="sgd"),
        "momentum": Config(optimizer="momentum"),
        "adam": Config(optimizer="adam"),
        "adamw": Config(optimizer="adamw"),
        "adam_without_root": Config(optimizer="adam_without_root"),
    },
    smoke=Config(epochs=2, learning_rates=(0.00001, 0.003, 0.1)),
    gpu=Config(hidden=1024),
)
def optimizers(config: Config, run: Run) -> None:
    parts = split_digits(run)
    rates = run.progress(config.learning_rates)
    candidates = search(lambda: perceptron(parts.pixels, config.hidden), parts, config, run.seed, rates)
    chosen = best(candidates)
    fewer = config.learning_rates[::2]  # a convex loss has a wide valley: every second rate finds its floor
    baselines = search(lambda: logistic_regression(parts.pixels), parts, config, run.seed, fewer)
    record_search(candidates, config, run)
    record_training(chosen, config, run)

    # From here on, and only here, the test part.
    test_loss, accuracy = evaluate(chosen.model, parts.test)
    run.value("test_loss", test_loss, tolerance=0.02)
    run.value("accuracy", accuracy, unit="%", tolerance=0.5)
    _, baseline_accuracy = evaluate(best(baselines).model, parts.test)
    run.value("baseline_accuracy", baseline_accuracy, unit="%", tolerance=0.5)
    run.value("majority_accuracy", majority_accuracy(parts), unit="%", tolerance=0.5)


def build_optimizer(config: Config, model: nn.Module, learning_rate: float) -> torch.optim.Optimizer:
    parameters = model.parameters()
    if config.optimizer == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate, fused=True)
    if config.optimizer == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9, fused=True)
    if config.optimizer == "adam":
        return torch.optim.Adam(parameters, lr=learning_rate, fused=True)
    if config.optimizer == "adamw":
        return torch.optim.AdamW(parameters, lr=learning_rate, weight_decay=config.weight_decay, fused=True)
    if config.optimizer == "adam_without_root":
        return MisprintedAdam(parameters, lr=learning_rate)
    raise ValueError(f"unknown optimizer {config.optimizer!r}")


def search(
    build: Callable[[], nn.Module], parts: Parts, config: Config, seed: int, learning_rates: Iterable[float]
) -> list[Candidate]:
    """Train once at each learning rate, every time from the same weights on the same order of batches."""
    candidates = []
    for learning_rate in learning_rates:
        torch.manual_seed(seed)  # so that rates and optimizers differ in nothing else
        model = build().to(parts.train.images.device)
        optimizer = build_optimizer(config, model, learning_rate)
        history = tuple(fit(model, optimizer, parts, config))
        candidates.append(Candidate(model, learning_rate, history))
    return candidates


def fit(model: nn.Module, optimizer: torch.optim.Optimizer, parts: Parts, config: Config) -> Iterator[Measured]:
    """Train for the whole budget; yield a measurement about four times an epoch, the last one at the end."""
    train = parts.train
    batches = -(-len(train.labels) // config.batch)
    budget, every = config.epochs * batches, max(1, batches // 4)
    step, losses = 0, list[float]()
    for _ in range(config.epochs):
        for rows in torch.randperm(len(train.labels)).split(config.batch):
            loss = cross_entropy(model(train.images[rows]), train.labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            step += 1
            if step % every == 0 or step == budget:
                yield Measured(step, sum(losses) / len(losses), *evaluate(model, parts.validation))
                losses = []


def best(candidates: list[Candidate]) -> Candidate:
    """Return the candidate with the lowest validation loss after the whole budget; one that diverged never wins."""
    return min(candidates, key=lambda one: one.validation_loss if isfinite(one.validation_loss) else inf)


def record_search(candidates: list[Candidate], config: Config, run: Run) -> None:
    """Record the valley, and its width: how many rates end at the target."""
    accuracy = Column("validation_accuracy", unit="%", tolerance=1.0)
    table = run.table("search", columns=("learning_rate", "validation_loss", accuracy))
    for one in candidates:
        loss = one.validation_loss if isfinite(one.validation_loss) else None  # an empty cell: it diverged
        table.add(one.learning_rate, loss, one.history[-1].validation_accuracy)
    ends = [one.history[-1].validation_accuracy for one in candidates]
    run.value("rates_tried", len(candidates))
    run.value("rates_within_reach", sum(accuracy >= config.target_accuracy for accuracy in ends))


def record_training(chosen: Candidate, config: Config, run: Run) -> None:
    """Record the chosen training and when it first reached the target (the whole budget if it never did)."""
    budget = chosen.history[-1].step
    arrivals = [point.step for point in chosen.history if point.validation_accuracy >= config.target_accuracy]
    run.value("learning_rate", chosen.learning_rate)
    run.value("validation_loss", chosen.validation_loss, tolerance=0.02)
    run.value("steps", budget)
    run.value("reached", 1 if arrivals else 0)
    run.value("steps_to_target", arrivals[0] if arrivals else budget)
    accuracy = Column("validation_accuracy", unit="%", tolerance=1.0)
    curve = run.table("learning_curve", columns=("step", "training_loss", "validation_loss", accuracy))
    for point in chosen.history:
        curve.add(point.step, point.training_loss, point.validation_loss, point.validation_accuracy)
