"""Does a small Transformer, trained from scratch, predict reviews better than counting, and what does size add?"""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass

from bifolio import Column, Quantity, Run, experiment
from transformers import GPT2LMHeadModel

from experiments.measures.ladder import record_amounts, record_sizes
from experiments.models.character_transformer import (
    Shape,
    build_model,
    count_all,
    count_inner,
    likelihoods,
    mean_loss,
    optimizer_of,
    rising_and_falling,
    train,
)
from experiments.models.counting import Windows, count, cut, unigram_loss
from experiments.models.decoding import continuations
from experiments.models.n_grams import NGram, blended, n_grams
from experiments.splits.language_texts import Text, load_text
from experiments.splits.reviews import UNKNOWN, save_vocabulary
from experiments.training.patience import Plan, train_until_stalled

RISING = 100  # steps until the first rate is reached
N_GRAMS = ("bigram", "trigram", "four_gram")
RATE_OF_HALF = 1.6  # on the validation part of seed 0 (prose), 0.005 was best at width 128, and 0.02 at width 16


@dataclass(frozen=True)
class Config:
    """Trained at each of `rates` until the validation loss stops gaining, for `most_steps` at most.

    With `halvings`, models of half the width, a quarter and so on are trained too, and half the text and so on read,
    for so many `steps`; the highest `learning_rate` is that of the widest model, and grows as the models get narrower.
    """

    text: str = "reviews"
    layers: int = 2
    width: int = 64
    heads: int = 4
    halvings: int = 0
    context: int = 64
    batch: int = 8
    measured_every: int = 256
    patience: int = 2
    gain: float = 0.02
    most_steps: int = 2048
    falling: int = 1024
    steps: int = 1500
    learning_rate: float = 0.004
    dropout: float = 0.0
    validation_windows: int = 128
    test_windows: int = 1024
    vocabulary: int = 1920
    prompts: tuple[str, ...] = ("房间", "服务员", "这本书", "屏幕", "价格")
    sample_length: int = 30


@dataclass(frozen=True)
class Rung:
    """One model of the ladder and how many characters it has read."""

    model: GPT2LMHeadModel
    tokens: int


@experiment(
    seeds=8,
    variants={
        "default": Config(),
        "longer": Config(most_steps=8192),
        "english": Config(
            text="prose",
            vocabulary=64,
            halvings=3,
            width=64,
            steps=384,
            learning_rate=0.008,
            test_windows=512,
            prompts=("Return the ", "If the "),
            sample_length=50,
        ),
    },
    smoke=Config(
        layers=1,
        width=32,
        most_steps=20,
        falling=10,
        steps=20,
        measured_every=10,
        validation_windows=16,
        test_windows=64,
    ),
    gpu=Config(
        layers=6,
        width=384,
        heads=6,
        context=128,
        batch=32,
        most_steps=100000,
        falling=20000,
        learning_rate=0.001,
        steps=3000,
        dropout=0.2,
    ),
    quantities={
        "*perplexity": Quantity(
            range=(1, None), matters=3.0, reason="about a twentieth of the lowest perplexity on the Chinese reviews"
        ),
        "*loss": Quantity(range=(0, None), matters=0.05, reason="a twentieth of the perplexity"),
        "*_covered": Quantity(range=(0, 100)),
        "unknown_share": Quantity(range=(0, 100)),
        "capped": Quantity(range=(0, 100)),
        "*.*loss": Quantity(range=(0, None)),
        "vocabulary_size": Quantity(exact=True),
        "parameters": Quantity(exact=True),
    },
)
def language_model(config: Config, run: Run) -> None:
    text = load_text(config.text, config.vocabulary, run)
    if config.halvings:
        climb(text, config, run)
        return
    model = build(config, len(text.vocabulary.characters), run)
    fit(model, text, config, run)
    validation = cut(text.validation, config.context)
    network_before = likelihoods(model, validation)

    # From here on, and only here, the test part.
    windows = cut(text.test, config.context).first(config.test_windows)
    network = likelihoods(model, windows)
    loss = -network.log().mean().item()
    run.value("test_loss", loss, tolerance=0.02)
    run.value("perplexity", math.exp(loss), tolerance=2.0)
    longest = record_baselines(text, windows, run)[-1]
    share, mixed = blended((network_before, longest.validation), (network, longest.test))
    run.choice("blend_share", share)
    run.value("blend_perplexity", math.exp(mixed), tolerance=2.0)
    run.sample("continuations", continuations(model, text.vocabulary, config.prompts, config.sample_length))
    with run.weights() as folder:
        model.save_pretrained(folder)
        save_vocabulary(text.vocabulary, folder)


def build(config: Config, vocabulary_size: int, run: Run, halvings: int = 0) -> GPT2LMHeadModel:
    heads = max(1, config.heads >> halvings)
    with run.device:
        return build_model(
            Shape(config.layers, config.width >> halvings, heads, config.context, config.dropout), vocabulary_size
        )


def fit(model: GPT2LMHeadModel, text: Text, config: Config, run: Run) -> None:
    """Train until the validation loss stops gaining; leave the weights of the step with the lowest."""
    characters = config.batch * config.context
    plan = Plan(
        rate=config.learning_rate,
        batch=config.batch,
        rising=RISING,
        most_steps=config.most_steps,
        falling=config.falling,
        measured_every=config.measured_every,
        patience=config.patience,
        gain=config.gain,
    )
    some = cut(text.validation, config.context).first(config.validation_windows)
    columns = ("characters", "learning_rate", "training_loss", Column("validation_loss", tolerance=0.02))
    curve = run.table("learning_curve", columns=columns)
    best_loss, best_step, last_step, best_weights = math.inf, 0, 0, model.state_dict()
    for point in train_until_stalled(model, text.train, some, plan):
        curve.add(point.step * characters, point.rate, point.training_loss, point.validation_loss)
        last_step = point.step
        if point.validation_loss < best_loss:
            best_loss, best_step, best_weights = point.validation_loss, point.step, deepcopy(model.state_dict())
    model.load_state_dict(best_weights)
    run.value("parameters", count_all(model))
    run.value("tokens_seen", last_step * characters)
    run.value("passes", last_step * characters / len(text.train))
    run.value("best_step", best_step)
    run.value("capped", 100.0 * (last_step == plan.most_steps + plan.falling), unit="%")
    run.value("validation_loss", best_loss, tolerance=0.02)


def climb(text: Text, config: Config, run: Run) -> None:
    """Train models of every width on the same amount of text, and one width on ever more text; fit both.

    Nothing is chosen: every model is measured after its last step, and each amount of text has a schedule of its own
    (Hoffmann et al., 2022), because a loss on the way to more text has not yet had the gain of a falling rate.
    """
    steps = range(config.halvings, -1, -1)
    plans = [(halvings, config.steps) for halvings in steps]
    plans += [(1, config.steps >> halvings) for halvings in steps if halvings]
    rungs = [train_rung(text, config, run, *plan) for plan in run.progress(plans)]
    by_size, by_text = rungs[: config.halvings + 1], [*rungs[config.halvings + 1 :], rungs[config.halvings - 1]]

    # From here on, and only here, the test part.
    windows = cut(text.test, config.context).first(config.test_windows)
    losses = {id(rung): mean_loss(rung.model, windows) for rung in rungs}
    record_baselines(text, windows, run)
    record_sizes([rung.model for rung in by_size], [losses[id(rung)] for rung in by_size], run)
    record_amounts([rung.tokens for rung in by_text], [losses[id(rung)] for rung in by_text], run)
    run.value("tokens_seen", by_text[-1].tokens)
    samples = [
        {"parameters": count_inner(rung.model), **row}
        for rung in by_size
        for row in continuations(rung.model, text.vocabulary, config.prompts, config.sample_length)
    ]
    run.sample("continuations", samples)


def train_rung(text: Text, config: Config, run: Run, halvings: int, steps: int) -> Rung:
    model = build(config, len(text.vocabulary.characters), run, halvings)
    rates = rising_and_falling(config.learning_rate * RATE_OF_HALF**halvings, steps)
    for _ in train(model, optimizer_of(model), text.train, config.batch, rates):
        pass
    return Rung(model, steps * config.batch * config.context)


def record_baselines(text: Text, windows: Windows, run: Run) -> tuple[NGram, ...]:
    """Record what counting achieves on the same characters, with the same window; return bigram, trigram, 4-gram."""
    counts = count(text.train, len(text.vocabulary.characters))
    validation = cut(text.validation, windows.inputs.shape[1])
    run.value("test_characters", windows.targets.numel())
    run.value("unknown_share", 100.0 * (windows.targets == UNKNOWN).double().mean(), unit="%")
    run.value("unigram_perplexity", math.exp(unigram_loss(counts, windows)), tolerance=0.5)
    models = n_grams(text.train, counts.unigram, validation, windows)
    for name, model in zip(N_GRAMS, models, strict=True):
        run.choice(f"{name}_discount", model.discount)
        run.value(f"{name}_loss", model.loss, tolerance=0.01)
        run.value(f"{name}_perplexity", math.exp(model.loss), tolerance=0.5)
        run.value(f"{name}_covered", model.covered, unit="%", tolerance=0.5)
    return models
