"""What does a small Transformer, trained from scratch, learn of Chinese reviews that counting pairs does not?"""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import GPT2Config, GPT2LMHeadModel

from experiments.counting_models import Windows, best_strength, bigram_loss, count, cut, unigram_loss
from experiments.decoding import write
from experiments.review_corpus import (
    SEPARATOR,
    UNKNOWN,
    Vocabulary,
    build_vocabulary,
    save_vocabulary,
    split_reviews,
)
from generator.experiment import Column, Run, experiment

EVALUATION_BATCH = 32
SAMPLE_LENGTH = 30
DECODINGS: dict[str, dict[str, Any]] = {
    "greedy": {"do_sample": False},
    "top-p 0.9": {"do_sample": True, "top_p": 0.9, "top_k": 0},
}


@dataclass(frozen=True)
class Config:
    layers: int = 2
    width: int = 128
    heads: int = 4
    context: int = 64
    batch: int = 8
    steps: int = 2000
    learning_rate: float = 0.005
    dropout: float = 0.0
    measured_every: int = 200
    validation_windows: int = 256
    character_at_least: int = 5
    prompts: tuple[str, ...] = ("房间", "服务员", "这本书", "屏幕", "价格")


@experiment(
    seeds=5,
    smoke=Config(layers=1, width=32, heads=2, steps=20, measured_every=10, validation_windows=16, prompts=("房间",)),
    gpu=Config(layers=6, width=384, heads=6, context=128, batch=32, steps=3000, learning_rate=0.001, dropout=0.2),
)
def language_model(config: Config, run: Run) -> None:
    corpus = split_reviews(run)
    vocabulary = build_vocabulary(corpus.train, config.character_at_least)
    train, validation, test = (
        vocabulary.stream(part).to(run.device) for part in (corpus.train, corpus.validation, corpus.test)
    )
    run.value("reviews", len(corpus.train) + len(corpus.validation) + len(corpus.test))
    run.value("repetitions", corpus.repetitions)
    run.value("vocabulary_size", len(vocabulary.characters))
    run.value("training_characters", len(train))

    with run.device:
        model = build_model(config, len(vocabulary.characters))
    fit(model, train, cut(validation, config.context), config, run)

    # From here on, and only here, the test part.
    windows = cut(test, config.context)
    loss = mean_loss(model, windows)
    run.value("test_characters", windows.targets.numel())
    run.value("unknown_share", 100.0 * (windows.targets == UNKNOWN).double().mean(), unit="%")
    run.value("test_loss", loss, tolerance=0.02)
    run.value("perplexity", math.exp(loss), tolerance=2.0)
    counts = count(train, len(vocabulary.characters))
    strength = best_strength(counts, cut(validation, config.context))
    run.value("bigram_strength", strength)
    run.value("bigram_perplexity", math.exp(bigram_loss(counts, windows, strength)), tolerance=0.5)
    run.value("unigram_perplexity", math.exp(unigram_loss(counts, windows)), tolerance=0.5)

    run.sample("continuations", continuations(model, vocabulary, config))
    with run.weights() as folder:
        model.save_pretrained(folder)
        save_vocabulary(vocabulary, folder)


def build_model(config: Config, vocabulary_size: int) -> GPT2LMHeadModel:
    """GPT-2 (Radford et al., 2019), only smaller: a decoder with causal attention and learned positions."""
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary_size,
            n_positions=config.context,
            n_embd=config.width,
            n_layer=config.layers,
            n_head=config.heads,
            activation_function="gelu_pytorch_tanh",  # the same function as GPT-2's, in one operation
            initializer_range=0.06,  # GPT-2's 0.02 suits its width; a narrow model starts faster from larger weights
            resid_pdrop=config.dropout,
            embd_pdrop=config.dropout,
            attn_pdrop=config.dropout,
            bos_token_id=SEPARATOR,
            eos_token_id=SEPARATOR,
        )
    )


def fit(model: GPT2LMHeadModel, train: torch.Tensor, validation: Windows, config: Config, run: Run) -> None:
    """Train on random windows of the stream; leave the weights of the step with the lowest validation loss."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.learning_rate, betas=(0.9, 0.95), weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, config.learning_rate, total_steps=config.steps, pct_start=0.1, anneal_strategy="linear"
    )
    offsets = torch.arange(config.context + 1, device=train.device)
    some = Windows(validation.inputs[: config.validation_windows], validation.targets[: config.validation_windows])
    curve = run.table(
        "learning_curve", columns=("step", "characters", "training_loss", Column("validation_loss", tolerance=0.02))
    )
    losses: list[float] = []
    best_loss, best_step, best_weights = math.inf, 0, model.state_dict()
    for step in run.progress(range(1, config.steps + 1)):
        starts = torch.randint(len(train) - config.context, (config.batch,)).to(train.device)
        windows = train[starts[:, None] + offsets]
        loss = cross_entropy(model(windows[:, :-1]).logits.flatten(0, 1), windows[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % config.measured_every == 0 or step == config.steps:
            validation_loss = mean_loss(model, some)
            curve.add(step, step * config.batch * config.context, sum(losses) / len(losses), validation_loss)
            losses = []
            if validation_loss < best_loss:
                best_loss, best_step, best_weights = validation_loss, step, deepcopy(model.state_dict())
    model.load_state_dict(best_weights)
    run.value("parameters", sum(parameter.numel() for parameter in model.parameters()))
    run.value("tokens_seen", config.steps * config.batch * config.context)
    run.value("best_step", best_step)
    run.value("validation_loss", best_loss, tolerance=0.02)


@torch.no_grad()
def mean_loss(model: GPT2LMHeadModel, windows: Windows) -> float:
    """Return the mean loss in nats per character; a character sees at most the window before it."""
    model.eval()
    total = 0.0
    for inputs, targets in zip(
        windows.inputs.split(EVALUATION_BATCH), windows.targets.split(EVALUATION_BATCH), strict=True
    ):
        total += cross_entropy(model(inputs).logits.flatten(0, 1), targets.flatten(), reduction="sum").item()
    model.train()
    return total / windows.targets.numel()


def continuations(model: GPT2LMHeadModel, vocabulary: Vocabulary, config: Config) -> list[dict[str, str]]:
    """Continue every prompt twice: with the likeliest characters, and drawn from the likeliest nine tenths."""
    model.eval()
    rows = []
    for prompt in config.prompts:
        tokens = torch.tensor([[SEPARATOR, *vocabulary.encode(prompt)]], device=model.device)
        for decoding, options in DECODINGS.items():
            output = write(model, tokens, [UNKNOWN], max_new_tokens=SAMPLE_LENGTH, **options)
            written = [token for token in output[0, tokens.shape[1] :].tolist() if token != SEPARATOR]
            rows.append({"prompt": prompt, "continuation": vocabulary.decode(written), "decoding": decoding})
    return rows
