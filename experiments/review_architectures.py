"""Which architecture tells praise from complaint best when all have equally many parameters?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import torch
from bifolio import Column, Quantity, Run, experiment
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.datasets.chinese_reviews import load as load_chinese_reviews
from experiments.measures.classification import evaluate, majority_accuracy, percent
from experiments.models.bag_of_words import Bag, fit_bag
from experiments.models.equal_sized import Texts, build, set_vectors
from experiments.models.parameters import count_parameters
from experiments.splits.labelled_reviews import Labelled, LabelledParts
from experiments.splits.parts import Part, Parts
from experiments.training.clipped import train_with_clipping
from experiments.training.history import ACCURACY, Trained
from experiments.training.search import search
from experiments.training.stalled import most_accurate, train_until_stalled

PADDING, UNKNOWN = 0, 1  # token ids: nothing stood here, a character outside the vocabulary


@dataclass(frozen=True)
class Config:
    architecture: str = "mlp"
    parameters: int = 28300
    training: int = 6000
    validation: int = 1000
    test: int = 1000
    characters: int = 40
    vocabulary: int = 1000
    vector: int = 16
    deviations: tuple[float, ...] = (0.02, 0.1)
    learning_rates: tuple[float, ...] = (0.0003, 0.001)
    strengths: tuple[float, ...] = (0.03, 0.1, 0.3, 1.0)
    epochs: int = 20
    patience: int = 5
    batch: int = 64


@dataclass(frozen=True)
class Network:
    """A network with the deviation of its first vectors; judged by the epoch that was kept."""

    deviation: float
    trained: Trained

    @property
    def validation_accuracy(self) -> float:
        return self.trained.point.validation_accuracy

    @property
    def validation_loss(self) -> float:
        return self.trained.point.validation_loss


@dataclass(frozen=True)
class Pairs:
    """A logistic regression on characters and pairs, fitted at one strength."""

    strength: float
    bag: Bag
    validation_accuracy: float
    validation_loss: float


@experiment(
    seeds=8,
    variants={
        "mlp": Config(architecture="mlp"),
        "cnn": Config(architecture="cnn"),
        "rnn": Config(architecture="rnn"),
        "lstm": Config(architecture="lstm"),
        "transformer": Config(architecture="transformer"),
        "bag": Config(architecture="bag", deviations=(0.0,), learning_rates=(0.001, 0.003, 0.01, 0.03)),
        # As an earlier edition began and trained them: vectors of variance 1, higher rates, five epochs.
        "mlp_large_start": Config(deviations=(1.0,), learning_rates=(0.003, 0.01), epochs=5),
        "rnn_large_start": Config(architecture="rnn", deviations=(1.0,), learning_rates=(0.003, 0.01), epochs=5),
    },
    smoke=Config(training=300, validation=100, test=100, deviations=(0.1,), learning_rates=(0.003,), epochs=1),
    quantities={
        "*accuracy": Quantity(range=(0, 100), matters=2.0, reason="one review in fifty gets the other answer"),
        "lead": Quantity(range=(-100, 100), matters=2.0, reason="one review in fifty gets the other answer"),
        "search.validation_accuracy": Quantity(range=(0, 100)),
        "search.validation_loss": Quantity(range=(0, None)),
        "learning_curve.validation_accuracy": Quantity(range=(0, 100)),
        "learning_curve.validation_loss": Quantity(range=(0, None)),
        "truncated_share": Quantity(range=(0, 100)),
        "parameters": Quantity(exact=True),
        "settings_tried": Quantity(exact=True),
    },
)
def review_architectures(config: Config, run: Run) -> None:
    labelled = split_reviews(config, run)
    parts = to_tokens(labelled, config, run.device)
    settings = [(deviation, rate) for deviation in config.deviations for rate in config.learning_rates]
    tried = search(run.progress(settings), lambda setting: train(*setting, parts, config), run.seed)
    chosen = most_accurate(tried)
    pairs = most_accurate(search(config.strengths, lambda strength: fit_pairs(labelled, strength), run.seed))
    run.value("settings_tried", len(tried))
    record_training(tried, chosen, run)
    record_pairs(pairs, run)

    # From here on, and only here, the test part.
    accuracy = evaluate(chosen.trained.model, parts.test)[1]
    pairs_accuracy = percent(pairs.bag.scores(labelled.test.reviews).argmax(dim=1) == labelled.test.labels)
    run.value("accuracy", accuracy, unit="%", tolerance=0.5)
    run.value("pairs_accuracy", pairs_accuracy, unit="%", tolerance=0.5)
    run.value("lead", accuracy - pairs_accuracy, unit="%", tolerance=1.0)
    run.value("majority_accuracy", majority_accuracy(parts.train, parts.test), unit="%", tolerance=0.5)


def split_reviews(config: Config, run: Run) -> LabelledParts:
    """Draw the parts by the seed, of every review its first characters."""
    data = load_chinese_reviews()
    rows = run.split(len(data.texts), train=config.training, validation=config.validation, test=config.test)
    labels = torch.tensor(data.positive).long()
    train, validation, test = (
        Labelled(tuple(data.texts[row][: config.characters] for row in part), labels[list(part)])
        for part in (rows.train, rows.validation, rows.test)
    )
    drawn = (*rows.train, *rows.validation, *rows.test)
    longer = sum(len(data.texts[row]) > config.characters for row in drawn)
    run.value("truncated_share", 100.0 * longer / len(drawn), unit="%")
    return LabelledParts(train, validation, test)


def to_tokens(parts: LabelledParts, config: Config, device: torch.device) -> Parts:
    """Number the characters of the training part; return all parts as token ids (count × characters)."""
    token_of = number_characters(parts.train.reviews, config.vocabulary)
    train, validation, test = (
        Part(
            torch.tensor([tokenise(review, token_of, config.characters) for review in part.reviews]).to(device),
            part.labels.to(device),
        )
        for part in (parts.train, parts.validation, parts.test)
    )
    return Parts(train, validation, test, height=1, width=config.characters)


def number_characters(texts: tuple[str, ...], vocabulary: int) -> dict[str, int]:
    """Return token ids for the most frequent characters; two ids are kept for padding and the unknown."""
    counts = Counter(character for text in texts for character in text)
    frequent = sorted(counts, key=lambda character: (-counts[character], character))[: vocabulary - 2]
    return {character: token for token, character in enumerate(frequent, start=2)}


def tokenise(text: str, token_of: dict[str, int], length: int) -> list[int]:
    """Return `length` token ids, padded in front: who reads from left to right then ends on the text."""
    tokens = [token_of.get(character, UNKNOWN) for character in text[:length]]
    return [PADDING] * (length - len(tokens)) + tokens


def new_network(config: Config, deviation: float) -> nn.Module:
    task = Texts(config.characters, config.vocabulary, config.vector, classes=2)
    bag = config.architecture == "bag"
    model = bag_of_characters(task) if bag else build(config.architecture, task, config.parameters)
    set_vectors(model, deviation)
    return model


def bag_of_characters(task: Texts) -> nn.Module:
    """The baseline: logistic regression on how often each character occurs, as a sum of a score for each one."""
    return nn.EmbeddingBag(task.tokens, task.classes, mode="sum", padding_idx=PADDING)


def train(deviation: float, learning_rate: float, parts: Parts, config: Config) -> Network:
    model = new_network(config, deviation)
    training = train_with_clipping(model, learning_rate, parts, epochs=config.epochs, batch=config.batch)
    return Network(deviation, train_until_stalled(learning_rate, model, training, config.patience))


def fit_pairs(labelled: LabelledParts, strength: float) -> Pairs:
    """Fit logistic regression to which characters and pairs of neighbours occur; judge it by the validation part."""
    bag = fit_bag(labelled.train, strength)
    scores, labels = bag.scores(labelled.validation.reviews), labelled.validation.labels
    return Pairs(strength, bag, percent(scores.argmax(dim=1) == labels), cross_entropy(scores, labels).item())


def record_training(tried: list[Network], chosen: Network, run: Run) -> None:
    run.value("parameters", count_parameters(chosen.trained.model))
    run.choice("learning_rate", chosen.trained.learning_rate)
    run.choice("deviation", chosen.deviation)
    run.choice("epoch", chosen.trained.point.after)
    run.value("validation_accuracy", chosen.validation_accuracy, unit="%", tolerance=1.0)
    columns = ("deviation", "learning_rate", "epoch", "epochs", Column("validation_loss", tolerance=0.02), ACCURACY)
    searched = run.table("search", columns=columns)
    for one in tried:
        point, epochs = one.trained.point, one.trained.history[-1].after
        searched.add(
            one.deviation,
            one.trained.learning_rate,
            point.after,
            epochs,
            point.validation_loss,
            one.validation_accuracy,
        )
    curve = run.table("learning_curve", columns=("epoch", "validation_loss", ACCURACY))
    for measured in chosen.trained.history:
        curve.add(measured.after, measured.validation_loss, measured.validation_accuracy)


def record_pairs(pairs: Pairs, run: Run) -> None:
    run.value("pairs_parameters", pairs.bag.parameters)
    run.choice("pairs_strength", pairs.strength)
    run.value("pairs_validation_accuracy", pairs.validation_accuracy, unit="%", tolerance=1.0)
