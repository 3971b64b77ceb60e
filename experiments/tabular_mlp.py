"""What becomes of a network for a table when its test data are standardised in another way than its training data?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from math import inf, isfinite

import torch
from bifolio import Run, experiment
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.classifiers import count_parameters, percent
from experiments.datasets.breast_cancer import MALIGNANT
from experiments.datasets.breast_cancer import load as load_breast_cancer

CLASSES = 2


@dataclass(frozen=True)
class Config:
    preparation: str = "standardised"
    hidden: tuple[int, int] = (128, 64)
    epochs: int = 30
    batch: int = 64
    learning_rates: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1)


@dataclass(frozen=True)
class Part:
    """Rows of the table (count × measurements) and their classes (count)."""

    rows: torch.Tensor
    labels: torch.Tensor


@dataclass(frozen=True)
class Trained:
    """A model as it stood after its best epoch; the loss in nats per tumour, the accuracy in percent."""

    model: nn.Module
    learning_rate: float
    best_epoch: int
    validation_loss: float
    validation_accuracy: float


@experiment(
    seeds=5,
    variants={
        "standardised": Config(preparation="standardised"),
        "twice": Config(preparation="twice"),
        "test_statistics": Config(preparation="test_statistics"),
        "raw": Config(preparation="raw"),
    },
    smoke=Config(epochs=4, learning_rates=(0.003, 0.01)),
)
def tabular_mlp(config: Config, run: Run) -> None:
    data = load_breast_cancer()
    split = run.split(len(data.labels), train=0.6, validation=0.2, test=0.2)
    raw_train, raw_validation, raw_test = (
        Part(data.measurements[list(rows)].to(run.device), data.labels[list(rows)].to(run.device))
        for rows in (split.train, split.validation, split.test)
    )
    unprepared = config.preparation == "raw"
    train, validation = (
        part if unprepared else Part(standardise(part.rows, raw_train.rows), part.labels)
        for part in (raw_train, raw_validation)
    )
    inputs = train.rows.shape[1]
    rates = run.progress(config.learning_rates)
    trained = search(lambda: perceptron(inputs, config.hidden), train, validation, config, run.seed, rates)
    baseline = search(lambda: logistic_regression(inputs), train, validation, config, run.seed, config.learning_rates)
    record_training(trained, config, run)

    # From here on, and only here, the test part.
    rows = prepare_test(config.preparation, raw_test.rows, raw_train.rows)
    record_test(trained.model, Part(rows, raw_test.labels), run)
    majority = raw_train.labels.mode().values
    run.value("majority_accuracy", percent(raw_test.labels == majority), unit="%", tolerance=0.5)
    _, baseline_accuracy, baseline_recall = judge(baseline.model, Part(rows, raw_test.labels))
    run.value("baseline_accuracy", baseline_accuracy, unit="%", tolerance=1.0)
    run.value("baseline_malignant_recall", baseline_recall, unit="%", tolerance=2.5)

    malignant = raw_test.rows[raw_test.labels == MALIGNANT]
    alone = prepare_test(config.preparation, malignant, raw_train.rows)
    found = trained.model(alone).argmax(dim=1) == MALIGNANT
    run.value("malignant_recall_alone", percent(found), unit="%", tolerance=2.5)


def standardise(rows: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    """Subtract each column's mean in the reference and divide by its deviation there, as NumPy's `std` computes it."""
    return (rows - reference.mean(dim=0)) / reference.std(dim=0, correction=0)


def prepare_test(preparation: str, rows: torch.Tensor, raw_train: torch.Tensor) -> torch.Tensor:
    """Prepare rows of the test part in one of four ways, of which two go with how the training part was prepared."""
    if preparation == "standardised":
        return standardise(rows, raw_train)
    if preparation == "twice":  # as printed: X_train was overwritten before its mean and deviation are taken again
        return standardise(rows, standardise(raw_train, raw_train))
    if preparation == "test_statistics":
        return standardise(rows, rows)
    if preparation == "raw":
        return rows
    raise ValueError(f"unknown preparation {preparation!r}; expected standardised, twice, test_statistics or raw")


def perceptron(inputs: int, hidden: tuple[int, int]) -> nn.Module:
    first, second = hidden
    return nn.Sequential(
        nn.Linear(inputs, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, CLASSES)
    )


def logistic_regression(inputs: int) -> nn.Module:
    """The baseline: the perceptron without its hidden layers."""
    return nn.Linear(inputs, CLASSES)


def search(
    build: Callable[[], nn.Module],
    train: Part,
    validation: Part,
    config: Config,
    seed: int,
    learning_rates: Iterable[float],
) -> Trained:
    """Train at each rate, from the same weights on the same batches; keep the rate with the lowest validation loss."""
    candidates = []
    for learning_rate in learning_rates:
        torch.manual_seed(seed)  # so that rates and preparations differ in nothing else
        candidates.append(fit(build().to(train.rows.device), learning_rate, train, validation, config))
    return min(candidates, key=lambda one: one.validation_loss if isfinite(one.validation_loss) else inf)


def fit(model: nn.Module, learning_rate: float, train: Part, validation: Part, config: Config) -> Trained:
    """Train with Adam; return the weights of the epoch with the lowest validation loss."""
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    best = Trained(model, learning_rate, 0, inf, 0.0)
    for epoch in range(1, config.epochs + 1):
        for rows in torch.randperm(len(train.labels)).split(config.batch):
            loss = cross_entropy(model(train.rows[rows]), train.labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        validation_loss, accuracy, _ = judge(model, validation)
        if validation_loss < best.validation_loss:
            best = Trained(deepcopy(model), learning_rate, epoch, validation_loss, accuracy)
    return best


@torch.no_grad()
def judge(model: nn.Module, part: Part) -> tuple[float, float, float]:
    """Return the mean loss (nats per tumour), the accuracy and the recall of malignant tumours (both in percent)."""
    scores = model(part.rows)
    right = scores.argmax(dim=1) == part.labels
    return cross_entropy(scores, part.labels).item(), percent(right), percent(right[part.labels == MALIGNANT])


def record_training(trained: Trained, config: Config, run: Run) -> None:
    run.value("parameters", count_parameters(trained.model))
    run.value("rates_tried", len(config.learning_rates))
    run.value("learning_rate", trained.learning_rate)
    run.value("best_epoch", trained.best_epoch)
    run.value("validation_loss", trained.validation_loss, tolerance=0.02)
    run.value("validation_accuracy", trained.validation_accuracy, unit="%", tolerance=1.0)


def record_test(model: nn.Module, test: Part, run: Run) -> None:
    """Record how the model does on the prepared test part, and how far from zero what it was given lies."""
    test_loss, accuracy, recall = judge(model, test)
    run.value("test_loss", test_loss, tolerance=0.02)
    run.value("accuracy", accuracy, unit="%", tolerance=1.0)
    run.value("malignant_recall", recall, unit="%", tolerance=2.5)
    predicted = model(test.rows).argmax(dim=1)
    run.value("called_malignant", percent(predicted == MALIGNANT), unit="%", tolerance=1.0)
    run.value("malignant_share", percent(test.labels == MALIGNANT), unit="%")
    run.value("largest_input", test.rows.abs().max().item(), tolerance=0.01)
    counts = run.table("confusion", columns=("true", "predicted", "count"))
    for true in range(CLASSES):
        for guess in range(CLASSES):
            counts.add(true, guess, int(((test.labels == true) & (predicted == guess)).sum()))
