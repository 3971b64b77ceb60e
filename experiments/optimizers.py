"""Which optimizer trains a small network best when each may search the same learning rates?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from bifolio import Run, experiment
from torch import nn

from experiments.measures.classification import evaluate, majority_accuracy
from experiments.models.perceptrons import logistic_regression, perceptron
from experiments.splits.digits import CLASSES, split_digits
from experiments.splits.parts import Parts
from experiments.training.epochs import descend
from experiments.training.history import Measured, Trained, record_curve, record_search
from experiments.training.misprinted_adam import MisprintedAdam
from experiments.training.search import best, search, train_to_end


@dataclass(frozen=True)
class Config:
    optimizer: str = "sgd"
    hidden: int = 64
    epochs: int = 20
    batch: int = 32
    weight_decay: float = 0.01
    learning_rates: tuple[float, ...] = (1e-5, 3e-5, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    target_accuracy: float = 95.0


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

    def trained(rate: float) -> Trained:
        return train(perceptron(parts.pixels, config.hidden, CLASSES), rate, parts, config)

    def trained_baseline(rate: float) -> Trained:
        return train(logistic_regression(parts.pixels, CLASSES), rate, parts, config)

    candidates = search(run.progress(config.learning_rates), trained, run.seed)
    chosen = best(candidates)
    fewer = config.learning_rates[::2]  # a convex loss has a wide valley: every second rate finds its floor
    baseline = best(search(fewer, trained_baseline, run.seed))
    record_search(candidates, run)
    record_reach(candidates, config, run)
    record_training(chosen, config, run)

    # From here on, and only here, the test part.
    test_loss, accuracy = evaluate(chosen.model, parts.test)
    run.value("test_loss", test_loss, tolerance=0.02)
    run.value("accuracy", accuracy, unit="%", tolerance=0.5)
    _, baseline_accuracy = evaluate(baseline.model, parts.test)
    run.value("baseline_accuracy", baseline_accuracy, unit="%", tolerance=0.5)
    run.value("majority_accuracy", majority_accuracy(parts.train, parts.test), unit="%", tolerance=0.5)


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


def train(model: nn.Module, learning_rate: float, parts: Parts, config: Config) -> Trained:
    model.to(parts.train.inputs.device)
    optimizer = build_optimizer(config, model, learning_rate)
    return train_to_end(learning_rate, model, fit(model, optimizer, parts, config))


def fit(model: nn.Module, optimizer: torch.optim.Optimizer, parts: Parts, config: Config) -> Iterator[Measured]:
    """Train for the whole budget; yield a measurement about four times an epoch, the last one at the end."""
    train = parts.train
    batches = -(-len(train.labels) // config.batch)
    budget, every = config.epochs * batches, max(1, batches // 4)
    step, total, taken = 0, 0.0, 0
    for _ in range(config.epochs):
        for loss, _ in descend(model, optimizer, train, config.batch):
            step, total, taken = step + 1, total + loss, taken + 1
            if step % every == 0 or step == budget:
                yield Measured(step, total / taken, *evaluate(model, parts.validation))
                total, taken = 0.0, 0


def record_reach(candidates: list[Trained], config: Config, run: Run) -> None:
    """Record the width of the valley: how many rates end at the target."""
    ends = [one.point.validation_accuracy for one in candidates]
    run.value("rates_within_reach", sum(accuracy >= config.target_accuracy for accuracy in ends))


def record_training(chosen: Trained, config: Config, run: Run) -> None:
    """Record the chosen training and when it first reached the target (the whole budget if it never did)."""
    budget = chosen.point.after
    arrivals = [point.after for point in chosen.history if point.validation_accuracy >= config.target_accuracy]
    run.value("learning_rate", chosen.learning_rate)
    run.value("validation_loss", chosen.validation_loss, tolerance=0.02)
    run.value("steps", budget)
    run.value("reached", 1 if arrivals else 0)
    run.value("steps_to_target", arrivals[0] if arrivals else budget)
    record_curve("learning_curve", chosen.history, run, counted="step")
