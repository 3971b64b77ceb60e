"""Which optimizer trains a small network best when each may search the same learning rates?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

import torch
from bifolio import Quantity, Run, experiment
from torch import nn

from experiments.measures.classification import evaluate, majority_accuracy
from experiments.models.perceptrons import logistic_regression, perceptron
from experiments.splits.digits import CLASSES, split_digits
from experiments.splits.parts import Parts
from experiments.training.epochs import descend
from experiments.training.history import ACCURACY, Measured, Trained, record_curve
from experiments.training.misprinted_adam import MisprintedAdam
from experiments.training.search import best, search, train_to_end

Setting = tuple[float, float]
"""A learning rate and a weight decay."""


@dataclass(frozen=True)
class Config:
    optimizer: str = "sgd"
    hidden: int = 64
    epochs: int = 20
    batch: int = 32
    learning_rates: tuple[float, ...] = (1e-5, 3e-5, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    weight_decays: tuple[float, ...] = (0.0,)
    target_accuracy: float = 95.0


@experiment(
    seeds=20,
    variants={
        "sgd": Config(optimizer="sgd"),
        "momentum": Config(optimizer="momentum"),
        "rmsprop": Config(optimizer="rmsprop"),
        "adam": Config(optimizer="adam"),
        "adamw": Config(optimizer="adamw", weight_decays=(0.01,)),
        "adam_without_root": Config(optimizer="adam_without_root"),
        "adam_decay": Config(
            optimizer="adam",
            learning_rates=(0.001, 0.003, 0.01, 0.03),
            weight_decays=(0.0001, 0.001, 0.01, 0.1, 1.0),
        ),
        "adamw_decay": Config(
            optimizer="adamw",
            learning_rates=(0.001, 0.003, 0.01, 0.03),
            weight_decays=(0.0001, 0.001, 0.01, 0.1, 1.0),
        ),
    },
    smoke=Config(epochs=2, learning_rates=(0.00001, 0.003, 0.1)),
    gpu=Config(hidden=1024),
    quantities={
        "accuracy": Quantity(range=(0, 100), matters=1.0, reason="one image in a hundred"),
        "*_accuracy": Quantity(range=(0, 100), matters=1.0, reason="one image in a hundred"),
        "test_loss": Quantity(
            range=(0, None), matters=0.02, reason="the right answer gets two per cent more probability"
        ),
        "validation_loss": Quantity(range=(0, None)),
        "learning_rate": Quantity(range=(0, None)),
        "settings_tried": Quantity(exact=True),
        "rates_within_reach": Quantity(range=(0, None), matters=1.0, reason="one rate of the grid, a factor of three"),
        "steps": Quantity(exact=True),
        "steps_to_target": Quantity(range=(0, None), matters=68.0, reason="a tenth of the training"),
        "reached": Quantity(range=(0, 1)),
        "*.*_accuracy": Quantity(range=(0, 100)),
        "*.*_loss": Quantity(range=(0, None)),
    },
)
def optimizers(config: Config, run: Run) -> None:
    parts = split_digits(run)
    settings = [(rate, decay) for rate in config.learning_rates for decay in config.weight_decays]

    def trained(setting: Setting) -> Trained:
        return train(perceptron(parts.pixels, config.hidden, CLASSES), setting, parts, config)

    def trained_baseline(rate: float) -> Trained:
        return train(logistic_regression(parts.pixels, CLASSES), (rate, config.weight_decays[0]), parts, config)

    candidates = search(run.progress(settings), trained, run.seed)
    chosen = best(candidates)
    baseline = best(search(config.learning_rates, trained_baseline, run.seed))
    record_settings(settings, candidates, run)
    run.choice("chosen_decay", settings[candidates.index(chosen)][1])
    record_reach(candidates, config, run)
    record_training(chosen, config, run)

    # From here on, and only here, the test part.
    test_loss, accuracy = evaluate(chosen.model, parts.test)
    run.value("test_loss", test_loss, tolerance=0.02)
    run.value("accuracy", accuracy, unit="%", tolerance=0.5)
    _, baseline_accuracy = evaluate(baseline.model, parts.test)
    run.value("baseline_accuracy", baseline_accuracy, unit="%", tolerance=0.5)
    run.value("majority_accuracy", majority_accuracy(parts.train, parts.test), unit="%", tolerance=0.5)


def build_optimizer(name: str, model: nn.Module, setting: Setting) -> torch.optim.Optimizer:
    parameters, (rate, decay) = model.parameters(), setting
    match name:
        case "sgd":
            return torch.optim.SGD(parameters, lr=rate, fused=True)
        case "momentum":
            return torch.optim.SGD(parameters, lr=rate, momentum=0.9, fused=True)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, lr=rate)
        case "adam":  # its decay goes through the gradient
            return torch.optim.Adam(parameters, lr=rate, weight_decay=decay, fused=True)
        case "adamw":
            return torch.optim.AdamW(parameters, lr=rate, weight_decay=decay, fused=True)
        case "adam_without_root":
            return MisprintedAdam(parameters, lr=rate)
    raise ValueError(f"unknown optimizer {name!r}")


def train(model: nn.Module, setting: Setting, parts: Parts, config: Config) -> Trained:
    model.to(parts.train.inputs.device)
    optimizer = build_optimizer(config.optimizer, model, setting)
    return train_to_end(setting[0], model, fit(model, optimizer, parts, config))


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


def record_settings(settings: Sequence[Setting], candidates: Sequence[Trained], run: Run) -> None:
    """Record where every setting ended; an empty cell is a loss that diverged."""
    run.value("settings_tried", len(settings))
    table = run.table("search", columns=("learning_rate", "weight_decay", "validation_loss", ACCURACY))
    for setting, one in zip(settings, candidates, strict=True):
        loss = one.validation_loss if isfinite(one.validation_loss) else None
        table.add(*setting, loss, one.point.validation_accuracy)


def record_reach(candidates: list[Trained], config: Config, run: Run) -> None:
    """Record the width of the valley: how many settings end at the target."""
    ends = [one.point.validation_accuracy for one in candidates]
    run.value("rates_within_reach", sum(accuracy >= config.target_accuracy for accuracy in ends))


def record_training(chosen: Trained, config: Config, run: Run) -> None:
    """Record the chosen training and when it first reached the target (the whole budget if it never did)."""
    budget = chosen.point.after
    arrivals = [point.after for point in chosen.history if point.validation_accuracy >= config.target_accuracy]
    run.value("learning_rate", chosen.learning_rate)
    run.choice("chosen_rate", chosen.learning_rate)
    run.value("validation_loss", chosen.validation_loss, tolerance=0.02)
    run.value("steps", budget)
    run.value("reached", 1 if arrivals else 0)
    run.value("steps_to_target", arrivals[0] if arrivals else budget)
    record_curve("learning_curve", chosen.history, run, counted="step")
