"""How many labels does a pre-trained sentence encoder save?"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from bifolio import Column, Quantity, Run, experiment
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from experiments.datasets.minilm import load as load_minilm
from experiments.datasets.movie_reviews import Reviews
from experiments.datasets.movie_reviews import load as load_reviews
from experiments.measures.classification import percent
from experiments.models.linear import fit_linear
from experiments.models.parameters import count_parameters
from experiments.models.sentence_encoder import SentenceEncoder, encode, pretrained, tokenize, train, untrained
from experiments.models.tf_idf import bags_of_words
from experiments.splits.few_labels import Hand, deal

MISTAKES_SHOWN = 3
VERDICTS = ("rotten", "fresh")  # the classes
SMALL = {"num_hidden_layers": 2, "hidden_size": 128, "num_attention_heads": 2, "intermediate_size": 512}
Scores = Callable[[Sequence[int]], torch.Tensor]  # row numbers -> scores (count × classes)


@dataclass(frozen=True)
class Config:
    method: str = "frozen"
    label_counts: tuple[int, ...] = (16, 64, 256, 1024)
    hands: int = 8
    test_texts: int = 400
    words_at_least: int = 4
    words_at_most: int = 18
    strengths: tuple[float, ...] = (3.0, 30.0)
    learning_rates: tuple[float, ...] = (0.0001, 0.0003)
    batch: int = 8
    epochs: float = 1.5
    steps_at_least: int = 24


@dataclass(frozen=True)
class Task:
    """Texts with their labels (1 when fresh); shuffled rows of the pool, and rows of the test part."""

    texts: tuple[str, ...]
    labels: torch.Tensor
    pool: tuple[int, ...]
    test: tuple[int, ...]


@dataclass(frozen=True)
class Learnt:
    """A classifier, and the setting (strength or learning rate) that the choosing labels chose for it."""

    scores: Scores
    setting: float


@experiment(
    seeds=5,
    variants={
        "bag_of_words": Config(method="bag_of_words", label_counts=(16, 64, 256, 1024, 3000)),
        "random_features": Config(method="random_features", label_counts=(16, 64, 256)),
        "frozen": Config(method="frozen"),
        "finetuned": Config(method="finetuned", label_counts=(64, 256), hands=1, steps_at_least=12),
        "scratch": Config(
            method="scratch", label_counts=(16, 64, 256), hands=1, learning_rates=(0.0005, 0.002), steps_at_least=40
        ),
    },
    smoke=Config(
        label_counts=(16, 32), hands=1, test_texts=40, strengths=(1.0,), learning_rates=(0.0005,), steps_at_least=3
    ),
    gpu=Config(label_counts=(16, 64, 256, 1024, 3000), test_texts=1500, epochs=6, steps_at_least=60),
    quantities={
        "accuracy_at_*": Quantity(range=(0, 100), matters=2.0, reason="one sentence in fifty gets the other answer"),
    },
)
def transfer(config: Config, run: Run) -> None:
    task = load_task(config, run)
    learn = METHODS[config.method](config, task, run)
    largest = max(config.label_counts)
    learnt: dict[int, list[Learnt]] = {}
    for labels in run.progress(config.label_counts):
        hands = deal(task.pool[:largest], labels, config.hands)
        learnt[labels] = [learn(hand) for hand in hands]

    # From here on, and only here, the test part.
    truth = task.labels[list(task.test)]
    run.value("guessing_accuracy", percent(truth == 1), unit="%", tolerance=0)
    columns = ("labels", "hands", Column("accuracy", unit="%", tolerance=1.5), "setting")
    table = run.table("by_labels", columns=columns)
    for labels, classifiers in learnt.items():
        scores = [one.scores(task.test).cpu() for one in classifiers]
        accuracies = [percent(one.argmax(dim=1) == truth) for one in scores]
        accuracy = sum(accuracies) / len(accuracies)
        table.add(labels, len(accuracies), accuracy, classifiers[0].setting)
        run.value(f"accuracy_at_{labels}", accuracy, unit="%", tolerance=1.5)
        if labels == largest:
            record_mistakes(scores[0], task, run)


def load_task(config: Config, run: Run) -> Task:
    """Keep short sentences; let the seed part the films, so that no film is learnt from and tested on."""
    reviews = load_reviews()
    lengths = range(config.words_at_least, config.words_at_most + 1)
    short = [row for row, text in enumerate(reviews.texts) if len(text.split()) in lengths]
    films = sorted({reviews.films[row] for row in short})
    parts = run.split(len(films), train=0.8, test=0.2)
    learnt_from = {films[number] for number in parts.train}
    shuffled = random.Random(run.seed).sample(short, len(short))
    pool = balanced([row for row in shuffled if reviews.films[row] in learnt_from], reviews)
    test = balanced([row for row in shuffled if reviews.films[row] not in learnt_from], reviews)[: config.test_texts]
    run.value("sentences", len(short))
    run.value("films", len(films))
    run.value("test_texts", len(test))
    return Task(reviews.texts, torch.tensor(reviews.positive).long(), pool, test)


def balanced(rows: list[int], reviews: Reviews) -> tuple[int, ...]:
    """Return rows in pairs, one fresh and one rotten, until either runs out; guessing is then right half the time."""
    fresh = [row for row in rows if reviews.positive[row]]
    rotten = [row for row in rows if not reviews.positive[row]]
    return tuple(row for pair in zip(fresh, rotten, strict=False) for row in pair)


def learn_words(config: Config, task: Task, run: Run) -> Callable[[Hand], Learnt]:
    """Logistic regression on bags of words: what a method that has read nothing before can do."""
    run.value("tries", len(config.strengths))

    def learn(hand: Hand) -> Learnt:
        known = [task.texts[row] for row in hand.learning]

        def features(rows: Sequence[int]) -> torch.Tensor:
            return bags_of_words(known, [task.texts[row] for row in rows]).to(run.device)

        return learn_linear(features, hand, config, task)

    return learn


def learn_features(config: Config, task: Task, run: Run) -> Callable[[Hand], Learnt]:
    """Logistic regression on vectors of an encoder that is never changed; each text is encoded once."""
    build, number, texts = prepare(config, task, run)
    run.value("tries", len(config.strengths))
    vectors = normalize(encode(build(), texts))

    def features(rows: Sequence[int]) -> torch.Tensor:
        return vectors[[number[row] for row in rows]]

    return lambda hand: learn_linear(features, hand, config, task)


def learn_linear(features: Scores, hand: Hand, config: Config, task: Task) -> Learnt:
    """Fit one logistic regression at each strength; keep the one with the lowest loss on the choosing labels."""
    learning, choosing = features(hand.learning), features(hand.choosing)
    labels, held_back = (task.labels[list(rows)].to(learning.device) for rows in (hand.learning, hand.choosing))
    models = [(fit_linear(learning, labels, len(VERDICTS), strength), strength) for strength in config.strengths]
    model, strength = min(models, key=lambda one: cross_entropy(one[0].scores(choosing), held_back).item())
    return Learnt(lambda rows: model.scores(features(rows)), strength)


def learn_whole(config: Config, task: Task, run: Run) -> Callable[[Hand], Learnt]:
    """Train encoder and classifier together, once at each learning rate; keep the best on the choosing labels."""
    build, number, texts = prepare(config, task, run)
    run.value("tries", len(config.learning_rates))

    def of(rows: Sequence[int]) -> list[torch.Tensor]:
        return [texts[number[row]] for row in rows]

    def learn(hand: Hand) -> Learnt:
        held_back = task.labels[list(hand.choosing)].to(run.device)
        best, best_loss, best_rate = None, math.inf, math.nan
        for rate in config.learning_rates:
            encoder = build()
            head = nn.Linear(encoder.bert.config.hidden_size, len(VERDICTS)).to(run.device)
            labels = task.labels[list(hand.learning)].to(run.device)
            steps = max(config.steps_at_least, math.ceil(config.epochs * len(labels) / config.batch))
            train(encoder, head, of(hand.learning), labels, rate=rate, steps=steps, batch=config.batch)
            loss = cross_entropy(head(encode(encoder, of(hand.choosing))), held_back).item()
            if best is None or loss < best_loss:
                best, best_loss, best_rate = (encoder, head), loss, rate
        assert best is not None
        chosen, classifier = best
        return Learnt(lambda rows: classifier(encode(chosen, of(rows))).detach(), best_rate)

    return learn


METHODS: dict[str, Callable[[Config, Task, Run], Callable[[Hand], Learnt]]] = {
    "bag_of_words": learn_words,
    "random_features": learn_features,
    "frozen": learn_features,
    "finetuned": learn_whole,
    "scratch": learn_whole,
}


def prepare(
    config: Config, task: Task, run: Run
) -> tuple[Callable[[], SentenceEncoder], dict[int, int], tuple[torch.Tensor, ...]]:
    """Return what builds this variant's encoder, where each row's text stands, and the texts as token ids."""
    needed = (*task.pool[: max(config.label_counts)], *task.test)
    weights = load_minilm()
    texts, vocabulary = tokenize(weights, [task.texts[row] for row in needed])

    def build() -> SentenceEncoder:
        torch.manual_seed(run.seed)  # so that hands and rates differ in nothing else
        if config.method in {"frozen", "finetuned"}:
            encoder = pretrained(weights, vocabulary)
        elif config.method == "random_features":
            encoder = untrained(weights, len(vocabulary))
        else:
            encoder = untrained(weights, len(vocabulary), **SMALL)
        return encoder.to(run.device)

    run.value("parameters", count_parameters(build()))  # without the vectors of word pieces that do not occur here
    return build, {row: position for position, row in enumerate(needed)}, texts


def record_mistakes(scores: torch.Tensor, task: Task, run: Run) -> None:
    """Record the test sentences that a classifier with these scores (count × classes) misread most surely."""
    confidence, predicted = scores.softmax(dim=1).max(dim=1)
    wrong = (predicted != task.labels[list(task.test)]).nonzero().flatten()
    surest = wrong[confidence[wrong].argsort(descending=True, stable=True)][:MISTAKES_SHOWN].tolist()
    rows = [
        {"sentence": task.texts[task.test[i]], "critic": VERDICTS[1 - int(predicted[i])], "confidence": confidence[i]}
        for i in surest
    ]
    run.sample("mistakes", rows)
