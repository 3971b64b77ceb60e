"""Can a multilayer perceptron read handwritten digits?"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from bifolio import Quantity, Run, Variant, experiment
from torch import nn

from experiments.datasets.mnist import TRAINING
from experiments.datasets.mnist import load as load_mnist
from experiments.measures.classification import evaluate, majority_accuracy, percent
from experiments.models.parameters import count_parameters
from experiments.models.perceptrons import logistic_regression, perceptron
from experiments.splits.digits import CLASSES, split_digits, take
from experiments.splits.parts import Parts
from experiments.training.epochs import train_epochs
from experiments.training.history import Trained, record_curve
from experiments.training.neighbours import Neighbours, choose_neighbours
from experiments.training.search import best, search, train_to_best

MISTAKES_SHOWN = 12
PIXELS_HIGH = 64  # digits of eight pixels are enlarged, without smoothing, until they can be looked at


@dataclass(frozen=True)
class Config:
    data: str = "digits"
    hidden: int = 128
    epochs: int = 40
    batch: int = 32
    learning_rates: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1)
    neighbours: tuple[int, ...] = (1, 3, 5, 7, 9)


@experiment(
    seeds=25,
    variants={"mnist": Variant(Config(data="mnist", hidden=256, epochs=10, batch=128), optional=True)},
    smoke=Config(epochs=2, learning_rates=(0.003, 0.01)),
    gpu=Config(hidden=2048),
    quantities={
        "*accuracy": Quantity(range=(0, 100), matters=0.5, reason="one image in two hundred"),
        "*loss": Quantity(range=(0, None)),
        "learning_curve.*loss": Quantity(range=(0, None)),
        "learning_curve.validation_accuracy": Quantity(range=(0, 100)),
        "*parameters": Quantity(exact=True),
    },
)
def digits_mlp(config: Config, run: Run) -> None:
    parts = load_parts(config, run)

    def trained(rate: float) -> Trained:
        return train(perceptron(parts.pixels, config.hidden, CLASSES), rate, parts, config)

    def trained_baseline(rate: float) -> Trained:
        return train(logistic_regression(parts.pixels, CLASSES), rate, parts, config)

    chosen = best(search(run.progress(config.learning_rates), trained, run.seed))
    baseline = best(search(config.learning_rates, trained_baseline, run.seed))
    neighbours = choose_neighbours(parts.train, parts.validation, config.neighbours)
    record_training(chosen, run)
    record_baselines(baseline, neighbours, run)

    # From here on, and only here, the test part.
    run.value("majority_accuracy", majority_accuracy(parts.train, parts.test), unit="%", tolerance=0.5)
    _, baseline_accuracy = evaluate(baseline.model, parts.test)
    run.value("baseline_accuracy", baseline_accuracy, unit="%", tolerance=0.5)
    found = neighbours.predict(parts.test.inputs) == parts.test.labels
    run.value("neighbours_accuracy", percent(found), unit="%", tolerance=0.5)
    test_loss, accuracy = evaluate(chosen.model, parts.test)
    run.value("test_loss", test_loss, tolerance=0.02)
    run.value("accuracy", accuracy, unit="%", tolerance=0.5)
    record_confusion(chosen.model, parts, run)


def load_parts(config: Config, run: Run) -> Parts:
    """Split by the seed; MNIST fixes its own test images, so there the seed only parts training from validation."""
    if config.data != "mnist":
        return split_digits(run)
    data = load_mnist()
    total = len(data.labels)
    order = torch.randperm(TRAINING, generator=torch.Generator().manual_seed(run.seed)).tolist()
    run.fixed_split(train=50_000, validation=10_000, test=total - TRAINING)
    return take(data, (order[:50_000], order[50_000:], range(TRAINING, total)), run)


def train(model: nn.Module, learning_rate: float, parts: Parts, config: Config) -> Trained:
    """Train with Adam; keep the epoch with the lowest validation loss."""
    model.to(parts.train.inputs.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    epochs = train_epochs(model, optimizer, parts.train, parts.validation, epochs=config.epochs, batch=config.batch)
    return train_to_best(learning_rate, model, epochs)


def record_training(chosen: Trained, run: Run) -> None:
    run.value("parameters", count_parameters(chosen.model))
    run.choice("learning_rate", chosen.learning_rate)
    run.choice("best_epoch", chosen.point.after)
    run.value("last_training_loss", chosen.history[-1].training_loss, tolerance=0.005)
    run.value("last_validation_loss", chosen.history[-1].validation_loss, tolerance=0.02)
    record_curve("learning_curve", chosen.history, run)


def record_baselines(baseline: Trained, neighbours: Neighbours, run: Run) -> None:
    run.value("baseline_parameters", count_parameters(baseline.model))
    run.choice("baseline_learning_rate", baseline.learning_rate)
    run.choice("neighbours", neighbours.count)


@torch.no_grad()
def record_confusion(model: nn.Module, parts: Parts, run: Run) -> None:
    """Record how often each digit was read as each other one, and the surest misreadings with their images."""
    confidence, predicted = model(parts.test.inputs).softmax(dim=1).max(dim=1)
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
    ink = parts.test.inputs[surest].view(-1, parts.height, parts.width)
    strip = torch.cat(list(1.0 - ink), dim=1)  # dark on white, side by side
    scale = max(1, PIXELS_HIGH // parts.height)
    run.image("misread_digits", strip.repeat_interleave(scale, dim=0).repeat_interleave(scale, dim=1))
