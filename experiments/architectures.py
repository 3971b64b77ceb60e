"""Which architecture reads digits best at equal size, and which of them use where the pixels lie?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from bifolio import Quantity, Run, experiment
from torch import nn

from experiments.measures.classification import evaluate, majority_accuracy
from experiments.models.equal_sized import Images, build
from experiments.models.parameters import count_parameters
from experiments.models.perceptrons import logistic_regression
from experiments.splits.digits import CLASSES
from experiments.splits.most_digits import split_most_digits
from experiments.splits.parts import Part, Parts
from experiments.training.clipped import train_with_clipping
from experiments.training.history import ACCURACY, Trained
from experiments.training.search import best, search, train_to_best

PERMUTATION_SEED = 64  # every seed and every architecture sees the pixels in the same wrong order


@dataclass(frozen=True)
class Config:
    architecture: str = "mlp"
    parameters: int = 5100
    learning_rates: tuple[float, ...] = (0.003, 0.01, 0.03)
    epochs: int = 30
    batch: int = 64


@experiment(
    seeds=12,
    variants={
        "mlp": Config(architecture="mlp"),
        "cnn": Config(architecture="cnn"),
        "rnn": Config(architecture="rnn"),
        "lstm": Config(architecture="lstm"),
        "transformer": Config(architecture="transformer"),
    },
    smoke=Config(learning_rates=(0.01,), epochs=2),
    quantities={
        "*accuracy": Quantity(range=(0, 100), matters=1.0, reason="one image in a hundred"),
        "shuffling_cost": Quantity(range=(-100, 100), matters=1.0, reason="one image in a hundred"),
        "lead": Quantity(range=(-100, 100), matters=1.0, reason="one image in a hundred"),
        "*_curve.validation_accuracy": Quantity(range=(0, 100)),
        "*_curve.validation_loss": Quantity(range=(0, None)),
        "parameters": Quantity(exact=True),
        "rates_tried": Quantity(exact=True),
    },
)
def architectures(config: Config, run: Run) -> None:
    parts = split_most_digits(run)
    order = torch.randperm(parts.pixels, generator=torch.Generator().manual_seed(PERMUTATION_SEED))
    shuffled = permute(parts, order.to(run.device))

    def network() -> nn.Module:
        return build(config.architecture, Images(parts.height, CLASSES), config.parameters)

    def chosen(new_model: Callable[[], nn.Module], data: Parts) -> Trained:
        return best(search(config.learning_rates, lambda rate: train(new_model(), rate, data, config), run.seed))

    ordered, permuted = chosen(network, parts), chosen(network, shuffled)
    baseline = chosen(lambda: logistic_regression(parts.pixels, CLASSES), parts)
    run.value("parameters", count_parameters(ordered.model))
    run.value("rates_tried", len(config.learning_rates))
    record_training("ordered", ordered, run)
    record_training("permuted", permuted, run)

    # From here on, and only here, the test part.
    accuracy, permuted_accuracy, baseline_accuracy = (
        evaluate(one.model, data.test)[1] for one, data in ((ordered, parts), (permuted, shuffled), (baseline, parts))
    )
    run.value("accuracy", accuracy, unit="%", tolerance=0.5)
    run.value("permuted_accuracy", permuted_accuracy, unit="%", tolerance=0.5)
    run.value("baseline_accuracy", baseline_accuracy, unit="%", tolerance=0.5)
    run.value("shuffling_cost", accuracy - permuted_accuracy, unit="%", tolerance=1.0)
    run.value("lead", accuracy - baseline_accuracy, unit="%", tolerance=1.0)
    run.value("majority_accuracy", majority_accuracy(parts.train, parts.test), unit="%", tolerance=0.5)


def permute(parts: Parts, order: torch.Tensor) -> Parts:
    train, validation, test = (
        Part(part.inputs[:, order], part.labels) for part in (parts.train, parts.validation, parts.test)
    )
    return Parts(train, validation, test, height=parts.height, width=parts.width)


def train(model: nn.Module, learning_rate: float, parts: Parts, config: Config) -> Trained:
    """Keep the epoch with the lowest validation loss."""
    training = train_with_clipping(model, learning_rate, parts, epochs=config.epochs, batch=config.batch)
    return train_to_best(learning_rate, model, training)


def record_training(name: str, chosen: Trained, run: Run) -> None:
    run.choice(f"{name}_learning_rate", chosen.learning_rate)
    run.choice(f"{name}_epoch", chosen.point.after)
    curve = run.table(f"{name}_curve", columns=("epoch", "validation_loss", ACCURACY))
    for point in chosen.history:
        curve.add(point.after, point.validation_loss, point.validation_accuracy)
