"""Over how wide a range of learning rates does a deep perceptron train, with and without batch normalisation?"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import torch
from bifolio import Quantity, Run, experiment
from torch import nn

from experiments.measures.classification import evaluate, majority_accuracy
from experiments.models.perceptrons import logistic_regression
from experiments.splits.digits import CLASSES
from experiments.splits.most_digits import split_most_digits
from experiments.splits.parts import Parts
from experiments.training.epochs import train_epochs
from experiments.training.history import ACCURACY, Trained, record_search
from experiments.training.search import best, search, train_to_end


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


@experiment(
    seeds=20,
    variants={
        "with_norm": Config(norm=True),
        "without_norm": Config(norm=False),
        "he_weights": Config(norm=False, he_weights=True),
        "he_1": Config(norm=False, he_weights=True, layers=1),
        "he_2": Config(norm=False, he_weights=True, layers=2),
        "he_3": Config(norm=False, he_weights=True, layers=3),
    },
    smoke=Config(epochs=2, learning_rates=(0.1, 1.0)),
    quantities={
        "*accuracy": Quantity(range=(0, 100), matters=1.0, reason="one image in a hundred"),
        "*_loss": Quantity(range=(0, None)),
        "stable_rates": Quantity(range=(0, 9)),
        "stable_decades": Quantity(
            range=(0, 4), matters=0.5, reason="one rate of the search, of which two lie in a decade"
        ),
        "search.validation_accuracy": Quantity(range=(0, 100)),
        "search.validation_loss": Quantity(range=(0, None)),
        "learning_curve.validation_accuracy": Quantity(range=(0, 100)),
        "learning_curve.validation_loss": Quantity(range=(0, None)),
        "rates_tried": Quantity(exact=True),
    },
)
def batch_norm(config: Config, run: Run) -> None:
    parts = split_most_digits(run)

    def trained(rate: float) -> Trained:
        return train(deep_perceptron(parts.pixels, config), rate, parts, config)

    def trained_baseline(rate: float) -> Trained:
        return train(logistic_regression(parts.pixels, CLASSES), rate, parts, config)

    candidates = search(run.progress(config.learning_rates), trained, run.seed)
    chosen = best(candidates)
    baseline = best(search(config.learning_rates, trained_baseline, run.seed))
    record_search(candidates, run)
    record_stability(candidates, config, run)
    record_training(chosen, run)

    # From here on, and only here, the test part.
    test_loss, accuracy = evaluate(chosen.model, parts.test)
    run.value("test_loss", test_loss, tolerance=0.02)
    run.value("accuracy", accuracy, unit="%", tolerance=0.5)
    run.value("baseline_accuracy", evaluate(baseline.model, parts.test)[1], unit="%", tolerance=0.5)
    run.value("majority_accuracy", majority_accuracy(parts.train, parts.test), unit="%", tolerance=0.5)


def deep_perceptron(pixels: int, config: Config) -> nn.Module:
    """Hidden layers with or without normalisation before the ReLU (Ioffe and Szegedy, 2015).

    PyTorch draws weights of variance 1 / (3 n) for n inputs; He et al. (2015) of 2 / n, which keeps the scale of the
    signal through ReLUs.
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


def train(model: nn.Module, learning_rate: float, parts: Parts, config: Config) -> Trained:
    """Descend without momentum, so that the step is the rate times the gradient; measure after every epoch."""
    model.to(parts.train.inputs.device)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    epochs = train_epochs(model, optimizer, parts.train, parts.validation, epochs=config.epochs, batch=config.batch)
    return train_to_end(learning_rate, model, epochs)


def record_stability(candidates: list[Trained], config: Config, run: Run) -> None:
    """Record how many orders of magnitude apart the ends of the stable range lie."""
    stable = [one.learning_rate for one in candidates if one.point.validation_accuracy >= config.stable_accuracy]
    run.value("stable_rates", len(stable), tolerance=1)
    run.value("stable_decades", log10(max(stable) / min(stable)) if stable else 0.0, tolerance=0.5)


def record_training(chosen: Trained, run: Run) -> None:
    run.choice("learning_rate", chosen.learning_rate)
    run.value("first_epoch_accuracy", chosen.history[0].validation_accuracy, unit="%", tolerance=1.0)
    run.value("validation_loss", chosen.validation_loss, tolerance=0.02)
    curve = run.table("learning_curve", columns=("epoch", "validation_loss", ACCURACY))
    for point in chosen.history:
        curve.add(point.after, point.validation_loss, point.validation_accuracy)
