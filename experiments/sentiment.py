"""Does pre-training help a small BERT tell praise from complaint, and does it beat a bag of words?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from bifolio import Column, Quantity, Run, experiment
from torch.nn.functional import cross_entropy

from experiments.measures.calibration import calibration_error, f1_score, reliability
from experiments.measures.classification import percent
from experiments.models.bag_of_words import Bag, fit_bag
from experiments.models.bert import encode, join, load_bert, marks_of, start_again
from experiments.models.parameters import count_parameters
from experiments.models.review_classifier import Classifier, Read
from experiments.splits.labelled_reviews import Labelled, split_labelled
from experiments.splits.reviews import load_vocabulary
from experiments.training.fine_tuning import fine_tune
from experiments.training.history import Measured, record_curve
from experiments.training.search import best, search

OPERATIONS = 6  # per weight and token that is trained on: two forward, four backward (Kaplan et al., 2020)


@dataclass(frozen=True)
class Config:
    start: str = "bag_of_words"
    labels: int = 1600
    characters: int = 46
    batch: int = 16
    steps: int = 200
    learning_rates: tuple[float, ...] = (0.001, 0.003)
    strengths: tuple[float, ...] = (0.1, 0.3)
    measured_every: int = 50
    validation_reviews: int = 300
    test_reviews: int = 1000


@dataclass(frozen=True)
class Tried:
    """A classifier trained at one learning rate, or a bag of words fitted at one strength."""

    setting: float
    model: Classifier | Bag
    validation_loss: float
    operations: float
    history: tuple[Measured, ...] = ()


@experiment(
    seeds=8,
    needs=("bert_pretraining.mlm", "bert_pretraining.mlm_nsp"),
    variants={
        "bag_of_words": Config(),
        "scratch": Config(start="scratch"),
        "pretrained": Config(start="mlm"),
        "pretrained_nsp": Config(start="mlm_nsp"),
    },
    smoke=Config(labels=64, steps=6, measured_every=3, validation_reviews=32, learning_rates=(0.001, 0.003)),
    gpu=Config(
        labels=13000,
        characters=126,
        batch=32,
        steps=1600,
        learning_rates=(0.0001, 0.0003),
        test_reviews=1_000_000,
    ),
    quantities={
        "*accuracy": Quantity(range=(0, 100), matters=2.0, reason="one review in fifty gets the other answer"),
        "f1": Quantity(range=(0, 100), matters=2.0, reason="as much as of accuracy"),
        "calibration_error": Quantity(range=(0, 100), matters=2.0, reason="chances that are off by one in fifty"),
        "*loss": Quantity(range=(0, None)),
        "learning_curve.*loss": Quantity(range=(0, None)),
        "learning_curve.validation_accuracy": Quantity(range=(0, 100)),
        "*_operations": Quantity(range=(0, None)),
        "examples_seen": Quantity(exact=True),
        "tries": Quantity(exact=True),
    },
)
def sentiment(config: Config, run: Run) -> None:
    parts = split_labelled(run)
    validation = parts.validation.first(config.validation_reviews, config.characters)
    train = parts.train.first(config.labels, config.characters)
    settings = config.strengths if config.start == "bag_of_words" else run.progress(config.learning_rates)
    candidates = search(settings, lambda setting: attempt(setting, train, validation, config, run), run.seed)
    searched = run.table("search", columns=("setting", Column("validation_loss", tolerance=0.02)))
    for one in candidates:
        searched.add(one.setting, one.validation_loss)
    chosen = best(candidates)
    record_training(chosen, config, run)

    # From here on, and only here, the test part.
    test = parts.test.first(config.test_reviews, config.characters)
    majority = parts.train.labels.mode().values
    run.value("majority_accuracy", percent(test.labels == majority), unit="%", tolerance=1.0)
    scores = scores_of(chosen.model, test, config, run)
    guesses, bins = scores.argmax(dim=1), reliability(scores.softmax(dim=1)[:, 1], test.labels)
    run.value("accuracy", percent(guesses == test.labels), unit="%", tolerance=1.0)
    run.value("f1", f1_score(guesses, test.labels), unit="%", tolerance=1.0)
    run.value("calibration_error", calibration_error(bins), unit="%", tolerance=1.0)
    run.value("test_loss", cross_entropy(scores, test.labels), tolerance=0.02)
    table = run.table("reliability", columns=("low", "reviews", "predicted", "observed"))
    for bin in bins:
        table.add(bin.low, bin.count, bin.predicted, bin.observed)


def attempt(setting: float, train: Labelled, validation: Labelled, config: Config, run: Run) -> Tried:
    """Fit a bag of words at a strength, or fine-tune a network at a learning rate, as the start says."""
    if config.start == "bag_of_words":
        bag = fit_bag(train, setting)
        loss = cross_entropy(bag.scores(validation.reviews), validation.labels).item()
        return Tried(setting, bag, loss, bag.operations)
    folder = weights(config, run)
    start = start_again if config.start == "scratch" else load_bert
    model = Classifier(start(folder, run.device))
    torch.manual_seed(run.seed + 1)
    tokens, held_back = read_reviews(train, folder, run), read_reviews(validation, folder, run)
    steps, batch, every = config.steps, config.batch, config.measured_every
    history = tuple(fine_tune(model, setting, tokens, held_back, steps=steps, batch=batch, every=every))
    seen = steps * batch * tokens.texts.present.sum().item() / len(train.reviews)
    return Tried(setting, model, history[-1].validation_loss, OPERATIONS * encoder_weights(model) * seen, history)


def weights(config: Config, run: Run) -> Path:
    """Return the folder of the pre-trained model; who starts from scratch takes only its shape and vocabulary."""
    return run.need("bert_pretraining", "mlm_nsp" if config.start == "mlm_nsp" else "mlm").weights


def read_reviews(part: Labelled, folder: Path, run: Run) -> Read:
    vocabulary = load_vocabulary(folder)
    texts = join([[review] for review in encode(part.reviews, vocabulary)], marks_of(vocabulary))
    return Read(texts.to(run.device), part.labels.to(run.device))


def scores_of(model: Classifier | Bag, part: Labelled, config: Config, run: Run) -> torch.Tensor:
    """Return the scores (count × 2) of complaint and praise."""
    if isinstance(model, Bag):
        return model.scores(part.reviews)
    return model.scores(read_reviews(part, weights(config, run), run).texts).cpu()


def encoder_weights(model: Classifier) -> int:
    """Return how many weights every token meets; of the embeddings it meets one row, which costs next to nothing."""
    return count_parameters(model.bert.bert.encoder)


def record_training(chosen: Tried, config: Config, run: Run) -> None:
    """Record what the training was and cost: thousand millions of operations, pre-training apart."""
    run.choice("setting", chosen.setting)
    run.value("tries", len(config.strengths if isinstance(chosen.model, Bag) else config.learning_rates))
    run.value("validation_loss", chosen.validation_loss, tolerance=0.02)
    run.value("training_operations", chosen.operations / 1e9)
    if isinstance(chosen.model, Bag):
        run.value("parameters", chosen.model.parameters)
        return
    run.value("parameters", count_parameters(chosen.model))
    run.value("examples_seen", config.steps * config.batch)
    if config.start != "scratch":
        tokens = run.need("bert_pretraining", config.start).value("tokens_seen")
        run.value("pretraining_operations", OPERATIONS * encoder_weights(chosen.model) * tokens / 1e9)
    record_curve("learning_curve", chosen.history, run, counted="step")
