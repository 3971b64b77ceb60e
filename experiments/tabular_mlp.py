"""What becomes of a network for a table when its test data are standardised in another way than its training data?"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from bifolio import Quantity, Run, experiment
from torch import nn

from experiments.datasets.breast_cancer import MALIGNANT
from experiments.datasets.breast_cancer import load as load_breast_cancer
from experiments.measures.classification import evaluate, majority_accuracy, percent
from experiments.models.boosted_trees import Forest, fit_trees
from experiments.models.parameters import count_parameters
from experiments.models.perceptrons import logistic_regression, perceptron
from experiments.splits.parts import Part
from experiments.training.epochs import train_epochs
from experiments.training.history import Trained
from experiments.training.search import best, search, train_to_best

CLASSES = 2


@dataclass(frozen=True)
class Config:
    preparation: str = "standardised"
    hidden: tuple[int, int] = (128, 64)
    epochs: int = 30
    batch: int = 64
    learning_rates: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1)
    trees: int = 100
    tree_rates: tuple[float, ...] = (0.03, 0.06, 0.1, 0.2, 0.4)


@experiment(
    seeds=20,
    variants={
        "standardised": Config(preparation="standardised"),
        "one_scalar": Config(preparation="one_scalar"),
        "printed": Config(preparation="printed"),
        "test_statistics": Config(preparation="test_statistics"),
        "raw": Config(preparation="raw"),
    },
    smoke=Config(epochs=4, learning_rates=(0.003, 0.01), trees=20, tree_rates=(0.1, 0.2)),
    quantities={
        "*accuracy": Quantity(range=(0, 100), matters=2.0, reason="one tumour in fifty gets the other answer"),
        "*recall*": Quantity(range=(0, 100), matters=5.0, reason="one cancer in twenty is missed or found"),
        "*_loss": Quantity(range=(0, None)),
        "called_malignant": Quantity(range=(0, 100)),
        "malignant_share": Quantity(range=(0, 100)),
        "largest_input": Quantity(range=(0, None)),
        "parameters": Quantity(exact=True),
        "rates_tried": Quantity(exact=True),
    },
)
def tabular_mlp(config: Config, run: Run) -> None:
    data = load_breast_cancer()
    split = run.split(len(data.labels), train=0.6, validation=0.2, test=0.2)
    raw_train, raw_validation, raw_test = (
        Part(data.measurements[list(rows)].to(run.device), data.labels[list(rows)].to(run.device))
        for rows in (split.train, split.validation, split.test)
    )
    train, validation = (
        Part(prepare(config.preparation, part.inputs, raw_train.inputs), part.labels)
        for part in (raw_train, raw_validation)
    )
    columns = data.measurements.shape[1]

    def trained(rate: float) -> Trained:
        return fit(perceptron(columns, *config.hidden, CLASSES), rate, train, validation, config)

    def trained_baseline(rate: float) -> Trained:
        return fit(logistic_regression(columns, CLASSES), rate, train, validation, config)

    def fitted_trees(rate: float) -> Forest:
        return fit_trees(train, validation, rate, config.trees)

    chosen = best(search(run.progress(config.learning_rates), trained, run.seed))
    baseline = best(search(config.learning_rates, trained_baseline, run.seed))
    trees = best(search(config.tree_rates, fitted_trees, run.seed))
    record_training(chosen, trees, config, run)

    # From here on, and only here, the test part.
    test = Part(prepare_test(config.preparation, raw_test.inputs, raw_train.inputs), raw_test.labels)
    record_test(chosen.model, test, run)
    run.value("majority_accuracy", majority_accuracy(train, test), unit="%", tolerance=0.5)
    run.value("baseline_accuracy", evaluate(baseline.model, test)[1], unit="%", tolerance=1.0)
    run.value("baseline_malignant_recall", recall(baseline.model, test), unit="%", tolerance=2.5)
    run.value("trees_accuracy", percent(trees.predict(test.inputs) == test.labels), unit="%", tolerance=1.0)

    malignant = raw_test.inputs[raw_test.labels == MALIGNANT]
    alone = prepare_test(config.preparation, malignant, raw_train.inputs)
    found = chosen.model(alone).argmax(dim=1) == MALIGNANT
    run.value("malignant_recall_alone", percent(found), unit="%", tolerance=2.5)


def standardise(rows: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    """Subtract each column's mean in the reference and divide by its deviation there, as NumPy's `std` computes it."""
    return (rows - reference.mean(dim=0)) / reference.std(dim=0, correction=0)


def standardise_by_one_scalar(rows: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    """Do so with one mean and one deviation for all columns, as NumPy's `mean()` and `std()` give without an axis."""
    return (rows - reference.mean()) / reference.std(correction=0)


def prepare(preparation: str, rows: torch.Tensor, raw_train: torch.Tensor) -> torch.Tensor:
    """Prepare rows of the training or validation part, by the training part."""
    if preparation in {"standardised", "test_statistics"}:
        return standardise(rows, raw_train)
    if preparation in {"one_scalar", "printed"}:
        return standardise_by_one_scalar(rows, raw_train)
    if preparation == "raw":
        return rows
    expected = "standardised, one_scalar, printed, test_statistics or raw"
    raise ValueError(f"unknown preparation {preparation!r}; expected {expected}")


def prepare_test(preparation: str, rows: torch.Tensor, raw_train: torch.Tensor) -> torch.Tensor:
    """Prepare rows of the test part: as the training part was, but for two ways that are mistaken."""
    if preparation == "test_statistics":
        return standardise(rows, rows)
    if preparation == "printed":  # X_train was overwritten before its mean and deviation are taken again
        return standardise_by_one_scalar(rows, prepare(preparation, raw_train, raw_train))
    return prepare(preparation, rows, raw_train)


def fit(model: nn.Module, learning_rate: float, train: Part, validation: Part, config: Config) -> Trained:
    """Train with Adam; keep the epoch with the lowest validation loss."""
    model.to(train.inputs.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    epochs = train_epochs(model, optimizer, train, validation, epochs=config.epochs, batch=config.batch)
    return train_to_best(learning_rate, model, epochs)


@torch.no_grad()
def recall(model: nn.Module, part: Part) -> float:
    """Return how many of the malignant tumours are called so (percent)."""
    return percent((model(part.inputs).argmax(dim=1) == MALIGNANT)[part.labels == MALIGNANT])


def record_training(chosen: Trained, trees: Forest, config: Config, run: Run) -> None:
    run.value("parameters", count_parameters(chosen.model))
    run.value("rates_tried", len(config.learning_rates))
    run.choice("learning_rate", chosen.learning_rate)
    run.choice("best_epoch", chosen.point.after)
    run.choice("tree_rate", trees.learning_rate)
    run.choice("trees", trees.trees)
    run.value("validation_loss", chosen.validation_loss, tolerance=0.02)
    run.value("validation_accuracy", chosen.point.validation_accuracy, unit="%", tolerance=1.0)


def record_test(model: nn.Module, test: Part, run: Run) -> None:
    """Record how the model does on the prepared test part, and how far from zero what it was given lies."""
    test_loss, accuracy = evaluate(model, test)
    run.value("test_loss", test_loss, tolerance=0.02)
    run.value("accuracy", accuracy, unit="%", tolerance=1.0)
    run.value("malignant_recall", recall(model, test), unit="%", tolerance=2.5)
    predicted = model(test.inputs).argmax(dim=1)
    run.value("called_malignant", percent(predicted == MALIGNANT), unit="%", tolerance=1.0)
    run.value("malignant_share", percent(test.labels == MALIGNANT), unit="%")
    run.value("largest_input", test.inputs.abs().max().item(), tolerance=0.01)
    counts = run.table("confusion", columns=("true", "predicted", "count"))
    for true in range(CLASSES):
        for guess in range(CLASSES):
            counts.add(true, guess, int(((test.labels == true) & (predicted == guess)).sum()))
