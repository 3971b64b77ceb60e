"""How many labels does a pre-trained sentence encoder save?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from bifolio import Column, Quantity, Run, experiment
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from experiments.datasets.minilm import load as load_minilm
from experiments.measures.classification import percent
from experiments.models.linear import fit_linear
from experiments.models.parameters import count_parameters
from experiments.models.sentence_encoder import SentenceEncoder, encode, pretrained, tokenize, train, untrained
from experiments.splits.few_labels import Hand, deal
from experiments.splits.film_sentences import Task, split_sentences

MISTAKES_SHOWN = 3
VERDICTS = ("rotten", "fresh")  # the classes
SMALL = {"num_hidden_layers": 2, "hidden_size": 128, "num_attention_heads": 2, "intermediate_size": 512}
Scores = Callable[[Sequence[int]], torch.Tensor]  # row numbers -> scores (count × classes)


@dataclass(frozen=True)
class Config:
    method: str = "frozen"
    label_counts: tuple[int, ...] = (16, 64, 256, 1024)
    hands: int = 8
    dealt: int = 1024  # hands are disjoint within so many labelled sentences
    test_texts: int = 400
    words_at_least: int = 4
    words_at_most: int = 18
    strengths: tuple[float, ...] = (1.0, 3.0, 10.0, 30.0)
    phrases: tuple[int, ...] = (1,)  # the longest phrases that a bag of words counts
    learning_rates: tuple[float, ...] = (0.00005, 0.0001)
    batch: int = 8
    epochs: tuple[int, ...] = (2, 4)
    epoch_at_least: int = 8  # steps


@dataclass(frozen=True)
class Learnt:
    """A classifier at one setting, and how it answers for the labels to choose by: share right (percent), loss."""

    scores: Scores
    setting: str
    accuracy: float
    loss: float


@experiment(
    seeds=8,
    variants={
        "bag_of_words": Config(
            method="bag_of_words", label_counts=(16, 64, 256, 1024, 3000), strengths=(3.0, 30.0), phrases=(1, 2)
        ),
        "random_features": Config(method="random_features", label_counts=(16, 64, 256)),
        "frozen": Config(method="frozen"),
        "scratch": Config(
            method="scratch", label_counts=(64, 256), hands=1, learning_rates=(0.0005, 0.002), epochs=(3, 10)
        ),
        "finetuned": Config(method="finetuned", label_counts=(64, 256), hands=1),
    },
    smoke=Config(
        label_counts=(16, 32),
        hands=2,
        dealt=64,
        test_texts=40,
        strengths=(1.0,),
        learning_rates=(0.0005,),
        epochs=(1,),
        epoch_at_least=3,
    ),
    gpu=Config(label_counts=(16, 64, 256, 1024, 3000), test_texts=1500, epochs=(4, 12)),
    quantities={
        "accuracy_at_*": Quantity(range=(0, 100), matters=2.0, reason="one sentence in fifty gets the other answer"),
        "one_draw_at_*": Quantity(range=(0, 100), matters=2.0, reason="one sentence in fifty gets the other answer"),
        "by_labels.accuracy": Quantity(range=(0, 100)),
        "by_labels.one_draw": Quantity(range=(0, 100)),
        "guessing_accuracy": Quantity(exact=True),
        "sentences": Quantity(exact=True),
        "films": Quantity(exact=True),
        "test_texts": Quantity(exact=True),
        "tries": Quantity(exact=True),
        "parameters": Quantity(range=(0, None)),
        "pieces": Quantity(range=(0, None)),
    },
)
def transfer(config: Config, run: Run) -> None:
    words = range(config.words_at_least, config.words_at_most + 1)
    task = split_sentences(run, words, config.test_texts)
    learn = METHODS[config.method](config, task, run)
    learnt: dict[int, list[Learnt]] = {}
    for labels in run.progress(config.label_counts):
        hands = deal(task.pool[: max(config.dealt, labels)], labels, config.hands)
        learnt[labels] = [best(learn(hand)) for hand in hands]

    # From here on, and only here, the test part.
    truth = task.labels[list(task.test)]
    run.value("guessing_accuracy", percent(truth == 1), unit="%", tolerance=0)
    accuracy, one_draw = Column("accuracy", unit="%", tolerance=1.5), Column("one_draw", unit="%", tolerance=2.5)
    table = run.table("by_labels", columns=("labels", "draws", accuracy, one_draw, "setting"))
    for labels, classifiers in learnt.items():
        scores = [one.scores(task.test).cpu() for one in classifiers]
        accuracies = [percent(one.argmax(dim=1) == truth) for one in scores]
        mean = math.fsum(accuracies) / len(accuracies)
        table.add(labels, len(accuracies), mean, accuracies[0], classifiers[0].setting)
        run.value(f"accuracy_at_{labels}", mean, unit="%", tolerance=1.5)
        run.value(f"one_draw_at_{labels}", accuracies[0], unit="%", tolerance=2.5)
        if labels == max(config.label_counts):
            record_mistakes(scores[0], task, run)


def best(tried: Sequence[Learnt]) -> Learnt:
    """Return the one that is right about most labels to choose by; of several, the one with the lowest loss."""
    return min(tried, key=lambda one: (-one.accuracy, one.loss))


def judged(scores: Scores, setting: str, hand: Hand, task: Task) -> Learnt:
    given, labels = scores(hand.choosing).cpu(), task.labels[list(hand.choosing)]
    return Learnt(scores, setting, percent(given.argmax(dim=1) == labels), cross_entropy(given, labels).item())


def learn_words(config: Config, task: Task, run: Run) -> Callable[[Hand], list[Learnt]]:
    """Logistic regression on bags of words: what a method that has read nothing before can do."""
    run.value("tries", len(config.phrases) * len(config.strengths))

    def learn(hand: Hand) -> list[Learnt]:
        tried = []
        for longest in config.phrases:
            counting = TfidfVectorizer(ngram_range=(1, longest)).fit([task.texts[row] for row in hand.learning])

            def features(rows: Sequence[int], counting: TfidfVectorizer = counting) -> Any:
                return counting.transform([task.texts[row] for row in rows])

            tried += learn_linear(features, hand, config, task, f", phrases of up to {longest}")
        return tried

    return learn


def learn_features(config: Config, task: Task, run: Run) -> Callable[[Hand], list[Learnt]]:
    """Logistic regression on vectors of an encoder that is never changed; each text is encoded once."""
    build, number, texts = prepare(config, task, run)
    run.value("tries", len(config.strengths))
    vectors = normalize(encode(build(), texts)).double().cpu().numpy()
    return lambda hand: learn_linear(lambda rows: vectors[[number[row] for row in rows]], hand, config, task)


def learn_linear(
    features: Callable[[Sequence[int]], Any], hand: Hand, config: Config, task: Task, said: str = ""
) -> list[Learnt]:
    """Fit one logistic regression at each strength."""
    learning, labels = features(hand.learning), task.labels[list(hand.learning)]
    tried = []
    for strength in config.strengths:
        model = fit_linear(learning, labels, strength)

        def scores(rows: Sequence[int], model: Any = model) -> torch.Tensor:
            return model.scores(features(rows))  # type: ignore[no-any-return]

        tried.append(judged(scores, f"strength {strength:g}{said}", hand, task))
    return tried


def learn_whole(config: Config, task: Task, run: Run) -> Callable[[Hand], list[Learnt]]:
    """Train encoder and classifier together, once at each learning rate and length of training."""
    build, number, texts = prepare(config, task, run)
    settings = [(rate, epochs) for rate in config.learning_rates for epochs in config.epochs]
    run.value("tries", len(settings))

    def of(rows: Sequence[int]) -> list[torch.Tensor]:
        return [texts[number[row]] for row in rows]

    def attempt(hand: Hand, rate: float, epochs: int) -> Learnt:
        encoder = build()
        head = nn.Linear(encoder.bert.config.hidden_size, len(VERDICTS)).to(run.device)
        labels = task.labels[list(hand.learning)].to(run.device)
        steps = epochs * max(config.epoch_at_least, math.ceil(len(labels) / config.batch))
        train(encoder, head, of(hand.learning), labels, rate=rate, steps=steps, batch=config.batch)

        def scores(rows: Sequence[int]) -> torch.Tensor:
            answers: torch.Tensor = head(encode(encoder, of(rows)))
            return answers.detach()

        return judged(scores, f"rate {rate:g}, {steps} steps", hand, task)

    return lambda hand: [attempt(hand, rate, epochs) for rate, epochs in settings]


METHODS: dict[str, Callable[[Config, Task, Run], Callable[[Hand], list[Learnt]]]] = {
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
    most = max(config.label_counts)
    needed = (*task.pool[: max(most, config.dealt if config.hands > 1 else most)], *task.test)
    weights = load_minilm()
    texts, vocabulary = tokenize(weights, [task.texts[row] for row in needed])

    def build() -> SentenceEncoder:
        torch.manual_seed(run.seed)  # so that hands and settings differ in nothing else
        if config.method in {"frozen", "finetuned"}:
            encoder = pretrained(weights, vocabulary)
        elif config.method == "random_features":
            encoder = untrained(weights, len(vocabulary))
        else:
            encoder = untrained(weights, len(vocabulary), **SMALL)
        return encoder.to(run.device)

    run.value("pieces", len(vocabulary))
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
