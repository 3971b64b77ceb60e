"""What does a small BERT learn from filling in the blanks of reviews, and does guessing the next half teach it more?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from bifolio import Column, Quantity, Run, experiment
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import BertForPreTraining

from experiments.measures.blanks import EVALUATION_BATCH, fill_in, filled
from experiments.measures.classification import percent
from experiments.models.bert import Marks, Shape, build_bert, encode, marks_of, read, save_bert
from experiments.models.counting import Counts, best_strength, count, cut
from experiments.models.masking import Halves, Masked, disguise, halve, hide, long_enough, neighbour_scores
from experiments.models.parameters import count_parameters
from experiments.splits.reviews import build_vocabulary, split_reviews
from experiments.training.search import best, search


@dataclass(frozen=True)
class Config:
    next_half: bool = False
    layers: int = 2
    width: int = 64
    heads: int = 4
    context: int = 48
    batch: int = 16
    steps: int = 560
    learning_rates: tuple[float, ...] = (0.004, 0.0055)
    dropout: float = 0.0
    hidden_share: float = 0.3
    tested_share: float = 0.15
    measured_every: int = 140
    validation_reviews: int = 400
    vocabulary: int = 1917  # with the three marks a multiple of 64
    shown: int = 4


@dataclass(frozen=True)
class Tried:
    """A model trained at one rate; rows of step, tokens, loss on blanks and what else the validation part said."""

    rate: float
    model: BertForPreTraining
    curve: tuple[tuple[float, ...], ...]

    @property
    def validation_loss(self) -> float:
        """Return the loss on the blanks at the end: by this both ways of pre-training choose."""
        return self.curve[-1][2]


@experiment(
    seeds=8,
    variants={"mlm": Config(), "mlm_nsp": Config(next_half=True)},
    smoke=Config(layers=1, width=32, heads=2, steps=20, measured_every=10, validation_reviews=32, shown=2),
    gpu=Config(
        layers=6, width=384, heads=6, context=128, batch=64, steps=20000, learning_rates=(0.0003, 0.0005), dropout=0.1
    ),
    quantities={
        "*accuracy": Quantity(range=(0, 100), matters=2.0, reason="one blank, or one pair, in fifty is told otherwise"),
        "*loss": Quantity(range=(0, None)),
        "perplexity": Quantity(range=(1, None)),
        "learning_curve.*loss": Quantity(range=(0, None)),
        "learning_curve.*accuracy": Quantity(range=(0, 100)),
        "tokens_seen": Quantity(range=(0, None)),
        "hidden_characters": Quantity(range=(0, None)),
        "parameters": Quantity(exact=True),
        "steps": Quantity(exact=True),
        "rates_tried": Quantity(exact=True),
    },
)
def bert_pretraining(config: Config, run: Run) -> None:
    corpus = split_reviews(run)
    vocabulary = build_vocabulary(corpus.train, config.vocabulary)
    marks = marks_of(vocabulary)
    train, validation, test = (
        long_enough(encode(part, vocabulary)) for part in (corpus.train, corpus.validation, corpus.test)
    )
    shape = Shape(config.layers, config.width, config.heads, config.context, config.dropout)
    counts = count(vocabulary.stream(corpus.train), len(vocabulary.characters))

    def trained(rate: float) -> Tried:
        model = build_bert(shape, vocabulary, run.device)
        start_from_counts(model, counts)
        return fit(model, rate, train, validation[: config.validation_reviews], marks, config, run)

    chosen = best(search(run.progress(config.learning_rates), trained, run.seed))
    model = chosen.model
    record_training(chosen, config, run)

    # From here on, and only here, the test part.
    masked = held_out(test, marks, config, run)
    loss, accuracy = filled(model, masked)
    run.value("test_loss", loss, tolerance=0.03)
    run.value("perplexity", math.exp(loss), tolerance=3.0)
    run.value("accuracy", accuracy, unit="%", tolerance=1.0)
    run.value("hidden_characters", len(masked.targets))
    record_baselines(masked, counts, vocabulary.stream(corpus.validation), marks, config, run)
    if config.next_half:
        run.value("next_half_accuracy", recognised(model, test, marks, config, run), unit="%", tolerance=2.0)
    run.sample("blanks", fill_in(model, masked, vocabulary, config.shown))
    with run.weights() as folder:
        save_bert(model, vocabulary, folder)


@torch.no_grad()
def start_from_counts(model: BertForPreTraining, counts: Counts) -> None:
    """Let the model know from the first step how common each character is, and that no mark is ever hidden."""
    bias = model.cls.predictions.bias
    bias.fill_(math.log(1e-6))
    bias[: len(counts.unigram)] = counts.unigram.log().to(bias)


def fit(
    model: BertForPreTraining,
    rate: float,
    train: list[list[int]],
    validation: list[list[int]],
    marks: Marks,
    config: Config,
    run: Run,
) -> Tried:
    """Train on windows of random reviews with random characters hidden; measure on the validation part now and then."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, total_steps=config.steps, pct_start=0.1, anneal_strategy="linear"
    )
    blanks = held_out(validation, marks, config, run)
    curve: list[tuple[float, ...]] = []
    tokens = 0
    for step in range(1, config.steps + 1):
        halves = draw(train, marks, config, run)
        loss = training_loss(model, halves, marks, config)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        tokens += int(halves.texts.present.sum())
        if step % config.measured_every == 0 or step == config.steps:
            judged = [recognised(model, validation, marks, config, run)] if config.next_half else []
            curve.append((step, tokens, *filled(model, blanks), *judged))
    return Tried(rate, model, tuple(curve))


def record_training(chosen: Tried, config: Config, run: Run) -> None:
    columns = ("step", "tokens", Column("validation_loss", tolerance=0.03), Column("validation_accuracy", unit="%"))
    curve = run.table("learning_curve", columns=(*columns, *(["next_half_accuracy"] if config.next_half else [])))
    for row in chosen.curve:
        curve.add(*row)
    run.choice("learning_rate", chosen.rate)
    run.value("rates_tried", len(config.learning_rates))
    run.value("parameters", count_parameters(chosen.model))
    run.value("steps", config.steps)
    run.value("tokens_seen", chosen.curve[-1][1])


def draw(train: list[list[int]], marks: Marks, config: Config, run: Run) -> Halves:
    """Return a batch of halves; in one half of them, when that is asked for, the second is another review's."""
    reviews = [train[row] for row in torch.randint(len(train), (config.batch,)).tolist()]
    start = torch.rand(()).item()
    coins = torch.randint(2, (config.batch,))  # thrown by both variants, so that they draw the same reviews
    follows = coins if config.next_half else torch.ones_like(coins)
    halves = halve(reviews, config.context, follows, marks, start)
    return Halves(halves.texts.to(run.device), follows.to(run.device))


def training_loss(model: BertForPreTraining, halves: Halves, marks: Marks, config: Config) -> torch.Tensor:
    masked = disguise(hide(halves.texts, config.hidden_share, marks), marks)
    places, texts = read(model, masked.texts)
    loss = cross_entropy(model.cls.predictions(places[masked.hidden]), masked.targets)
    if config.next_half:
        loss = loss + cross_entropy(model.cls.seq_relationship(texts), halves.follows)
    return loss


def held_out(reviews: list[list[int]], marks: Marks, config: Config, run: Run) -> Masked:
    """Return the beginning of every review, the same characters hidden in both variants."""
    halves = halve(reviews, config.context, torch.ones(len(reviews), dtype=torch.long), marks, start=0.0)
    generator = torch.Generator().manual_seed(run.seed)
    return hide(halves.texts.to(run.device), config.tested_share, marks, generator)


@torch.no_grad()
def recognised(model: BertForPreTraining, reviews: list[list[int]], marks: Marks, config: Config, run: Run) -> float:
    """Return how often (percent) the model tells whether a half follows; it does in every other pair."""
    model.eval()
    follows = torch.arange(len(reviews)) % 2
    halves = halve(reviews, config.context, follows, marks, start=0.0)
    texts = halves.texts.to(run.device)
    guesses = [
        model.cls.seq_relationship(read(model, texts.rows(rows))[1]).argmax(dim=1)
        for rows in torch.arange(len(texts), device=run.device).split(EVALUATION_BATCH)
    ]
    model.train()
    return percent(torch.cat(guesses).cpu() == follows)


def record_baselines(
    masked: Masked, counts: Counts, validation: torch.Tensor, marks: Marks, config: Config, run: Run
) -> None:
    """Record what counting makes of the same blanks: the commonest character, and a table of neighbouring pairs."""
    targets = masked.targets.cpu()
    unigram = counts.unigram.log().expand(len(targets), -1)
    run.value("commonest_accuracy", percent(unigram.argmax(dim=1) == targets), unit="%", tolerance=1.0)
    run.value("unigram_loss", nn.functional.nll_loss(unigram, targets), tolerance=0.03)
    on_cpu = Masked(masked.texts.to(torch.device("cpu")), masked.hidden.cpu(), targets)
    strength = best_strength(counts, cut(validation, config.context))
    pairs = neighbour_scores(on_cpu, counts, strength, marks)
    run.value("pairs_accuracy", percent(pairs.argmax(dim=1) == targets), unit="%", tolerance=1.0)
    run.value("pairs_loss", nn.functional.nll_loss(pairs, targets), tolerance=0.03)
