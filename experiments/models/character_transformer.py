"""A small Transformer that predicts the next character: how it is built, trained and measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import GPT2Config, GPT2LMHeadModel

from experiments.models.counting import Windows
from experiments.splits.reviews import SEPARATOR

EVALUATION_BATCH = 32


@dataclass(frozen=True)
class Shape:
    layers: int
    width: int
    heads: int
    context: int
    dropout: float


def build_model(shape: Shape, vocabulary_size: int) -> GPT2LMHeadModel:
    """GPT-2 (Radford et al., 2019), only smaller: a decoder with causal attention and learned positions."""
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary_size,
            n_positions=shape.context,
            n_embd=shape.width,
            n_layer=shape.layers,
            n_head=shape.heads,
            activation_function="gelu_pytorch_tanh",  # the same function as GPT-2's, in one operation
            initializer_range=0.06,  # GPT-2's 0.02 suits its width; a narrow model starts faster from larger weights
            resid_pdrop=shape.dropout,
            embd_pdrop=shape.dropout,
            attn_pdrop=shape.dropout,
            bos_token_id=SEPARATOR,
            eos_token_id=SEPARATOR,
        )
    )


def optimizer_of(model: GPT2LMHeadModel) -> torch.optim.AdamW:
    return torch.optim.AdamW(model.parameters(), betas=(0.9, 0.95), weight_decay=0.1, fused=True)


def train(
    model: GPT2LMHeadModel, optimizer: torch.optim.Optimizer, stream: torch.Tensor, batch: int, rates: Iterable[float]
) -> Iterator[float]:
    """Take a step at each learning rate, on random windows of the stream; yield its loss, in nats per character."""
    context = model.config.n_positions
    offsets = torch.arange(context + 1, device=stream.device)
    for rate in rates:
        for group in optimizer.param_groups:
            group["lr"] = rate
        starts = torch.randint(len(stream) - context, (batch,)).to(stream.device)
        windows = stream[starts[:, None] + offsets]
        loss = cross_entropy(model(windows[:, :-1]).logits.flatten(0, 1), windows[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        yield loss.item()


def rising_and_falling(highest: float, steps: int) -> list[float]:
    """Return the rates of so many steps: up for a tenth of them, then down to 0."""
    rising = max(1, steps // 10)
    return [highest * min((step + 1) / rising, (steps - step) / max(1, steps - rising)) for step in range(steps)]


def rising_then_constant(highest: float, rising: int, steps: int) -> list[float]:
    return [highest * min(1.0, (step + 1) / rising) for step in range(steps)]


def falling(highest: float, steps: int) -> list[float]:
    return [highest * (steps - step) / steps for step in range(steps)]


def mean_loss(model: GPT2LMHeadModel, windows: Windows) -> float:
    """Return the mean loss in nats per character; a character sees at most the window before it."""
    return -likelihoods(model, windows).log().mean().item()


@torch.no_grad()
def likelihoods(model: GPT2LMHeadModel, windows: Windows) -> torch.Tensor:
    """Return the probability that the model gives to every target, in one row (count · context)."""
    model.eval()
    parts = []
    for inputs, targets in zip(
        windows.inputs.split(EVALUATION_BATCH), windows.targets.split(EVALUATION_BATCH), strict=True
    ):
        losses = cross_entropy(model(inputs).logits.flatten(0, 1), targets.flatten(), reduction="none")
        parts.append((-losses.double()).exp())
    model.train()
    return torch.cat(parts)


def count_all(model: GPT2LMHeadModel) -> int:
    """Return the number of parameters; the output shares the matrix of the characters' vectors."""
    return sum(parameter.numel() for parameter in model.parameters())


def count_inner(model: GPT2LMHeadModel) -> int:
    """Return the number of parameters without the vectors of characters and places, as Kaplan et al. (2020) count."""
    embeddings = model.transformer.wte.weight.numel() + model.transformer.wpe.weight.numel()
    return count_all(model) - int(embeddings)
