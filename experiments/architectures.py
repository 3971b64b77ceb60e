"""What does each architecture assume, and what is the assumption worth when all have equally many parameters?"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import torch
from bifolio import Run, experiment
from torch import nn

from experiments.datasets.chinese_reviews import load as load_chinese_reviews
from experiments.measures.classification import evaluate, majority_accuracy
from experiments.models.equal_sized import Images, Texts, build
from experiments.models.parameters import count_parameters
from experiments.splits.digits import CLASSES, split_digits
from experiments.splits.parts import Part, Parts
from experiments.training.epochs import train_epochs
from experiments.training.history import ACCURACY, Trained
from experiments.training.search import best, search, train_to_best

PADDING, UNKNOWN = 0, 1  # token ids: nothing stood here, a character outside the vocabulary
TRAIN, VALIDATION = 0.6, 0.2  # fractions of the reviews, those of the images too; the rest is the test part
PERMUTATION_SEED = 64  # every seed and every architecture sees the pixels in the same wrong order


@dataclass(frozen=True)
class Config:
    architecture: str = "mlp"
    learning_rates: tuple[float, ...] = (0.003, 0.01)
    batch: int = 64
    image_parameters: int = 5100
    image_epochs: int = 15
    reviews: int = 5000
    characters: int = 40
    vocabulary: int = 1000
    vector: int = 16
    sequence_parameters: int = 28300
    sequence_epochs: int = 5


@experiment(
    seeds=5,
    variants={
        "mlp": Config(architecture="mlp"),
        "cnn": Config(architecture="cnn"),
        "rnn": Config(architecture="rnn"),
        "lstm": Config(architecture="lstm"),
        "transformer": Config(architecture="transformer"),
        "linear": Config(architecture="linear"),
    },
    smoke=Config(learning_rates=(0.003,), image_epochs=2, reviews=500, sequence_epochs=1),
)
def architectures(config: Config, run: Run) -> None:
    images, reviews = split_digits(run), load_reviews(config, run)
    order = torch.randperm(images.pixels, generator=torch.Generator().manual_seed(PERMUTATION_SEED))
    permuted = permute(images, order.to(run.device))
    task = Images(images.height, CLASSES)
    text = Texts(config.characters, config.vocabulary, config.vector, classes=2)

    def chosen(build_model: Callable[[], nn.Module], parts: Parts, epochs: int) -> Trained:
        return best(
            search(config.learning_rates, lambda rate: train(build_model(), rate, parts, config, epochs), run.seed)
        )

    image = chosen(image_builder(task, config), images, config.image_epochs)
    shuffled = chosen(image_builder(task, config), permuted, config.image_epochs)
    sequence = chosen(text_builder(text, config), reviews, config.sequence_epochs)
    run.value("image_parameters", count_parameters(image.model))
    run.value("sequence_parameters", count_parameters(sequence.model))
    for name, trained in (("image", image), ("permuted", shuffled), ("sequence", sequence)):
        record_training(name, trained, run)

    # From here on, and only here, the test part.
    run.value("image_accuracy", evaluate(image.model, images.test)[1], unit="%", tolerance=0.5)
    run.value("permuted_accuracy", evaluate(shuffled.model, permuted.test)[1], unit="%", tolerance=0.5)
    run.value("sequence_accuracy", evaluate(sequence.model, reviews.test)[1], unit="%", tolerance=0.5)
    run.value("image_majority_accuracy", majority_accuracy(images.train, images.test), unit="%", tolerance=0.5)
    run.value("sequence_majority_accuracy", majority_accuracy(reviews.train, reviews.test), unit="%", tolerance=0.5)


def load_reviews(config: Config, run: Run) -> Parts:
    """Draw so many reviews by the seed, in the fractions of the images' split, which is the one that is stored."""
    data = load_chinese_reviews()
    rows = random.Random(run.seed).sample(range(len(data.texts)), config.reviews)
    first = int(TRAIN * config.reviews)
    second = first + int(VALIDATION * config.reviews)
    texts = [data.texts[row][: config.characters] for row in rows]
    token_of = number_characters(texts[:first], config.vocabulary)
    tokens = torch.tensor([tokenise(text, token_of, config.characters) for text in texts]).to(run.device)
    labels = torch.tensor([int(data.positive[row]) for row in rows]).to(run.device)
    parts = (slice(0, first), slice(first, second), slice(second, None))
    run.value("reviews", len(rows))
    longer = sum(len(data.texts[row]) > config.characters for row in rows)
    run.value("truncated_share", 100.0 * longer / len(rows), unit="%")
    train, validation, test = (Part(tokens[part], labels[part]) for part in parts)
    return Parts(train, validation, test, height=1, width=config.characters)


def number_characters(texts: list[str], vocabulary: int) -> dict[str, int]:
    """Return token ids for the most frequent characters; two ids are kept for padding and the unknown."""
    counts = Counter(character for text in texts for character in text)
    frequent = sorted(counts, key=lambda character: (-counts[character], character))[: vocabulary - 2]
    return {character: token for token, character in enumerate(frequent, start=2)}


def tokenise(text: str, token_of: dict[str, int], length: int) -> list[int]:
    """Return `length` token ids, padded in front: who reads from left to right then ends on the text."""
    tokens = [token_of.get(character, UNKNOWN) for character in text[:length]]
    return [PADDING] * (length - len(tokens)) + tokens


def permute(parts: Parts, order: torch.Tensor) -> Parts:
    train, validation, test = (
        Part(part.inputs[:, order], part.labels) for part in (parts.train, parts.validation, parts.test)
    )
    return Parts(train, validation, test, height=parts.height, width=parts.width)


def image_builder(task: Images, config: Config) -> Callable[[], nn.Module]:
    if config.architecture == "linear":
        return lambda: nn.Linear(task.side * task.side, task.classes)
    return lambda: build(config.architecture, task, config.image_parameters)


def text_builder(task: Texts, config: Config) -> Callable[[], nn.Module]:
    if config.architecture == "linear":
        return lambda: bag_of_characters(task)
    return lambda: build(config.architecture, task, config.sequence_parameters)


def bag_of_characters(task: Texts) -> nn.Module:
    """The baseline: logistic regression on how often each character occurs, as a sum of a score for each one."""
    bag = nn.EmbeddingBag(task.tokens, task.classes, mode="sum", padding_idx=PADDING)
    nn.init.zeros_(bag.weight)  # PyTorch's random scores of variance 1 would take longer to unlearn than there is time
    return bag


def train(model: nn.Module, learning_rate: float, parts: Parts, config: Config, epochs: int) -> Trained:
    """Train with Adam on gradients of limited length; keep the epoch with the lowest validation loss."""
    model.to(parts.train.labels.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)  # one operation for all weights

    def limit(*_: object) -> None:
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # recurrent networks need it; so all get it

    optimizer.register_step_pre_hook(limit)
    training = train_epochs(model, optimizer, parts.train, parts.validation, epochs=epochs, batch=config.batch)
    return train_to_best(learning_rate, model, training)


def record_training(name: str, chosen: Trained, run: Run) -> None:
    run.value(f"{name}_learning_rate", chosen.learning_rate)
    curve = run.table(f"{name}_curve", columns=("epoch", "validation_loss", ACCURACY))
    for point in chosen.history:
        curve.add(point.after, point.validation_loss, point.validation_accuracy)
