"""Records what doubling a language model, or what it reads, takes off its loss."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bifolio import Column, Run
from transformers import GPT2LMHeadModel

from experiments.measures.power_law import fit_power_law
from experiments.models.character_transformer import count_all, count_inner

LOSS = Column("test_loss", tolerance=0.02)


def record_sizes(models: Sequence[GPT2LMHeadModel], losses: Sequence[float], run: Run) -> None:
    inner = [count_inner(model) for model in models]
    run.value("doubled_size_takes", doubling_takes(inner, losses), unit="%", tolerance=0.5)
    run.value("smallest_loss", losses[0], tolerance=0.02)
    run.value("largest_loss", losses[-1], tolerance=0.02)
    table = run.table("sizes", columns=("width", "inner_parameters", "parameters", LOSS))
    for model, small, loss in zip(models, inner, losses, strict=True):
        table.add(model.config.n_embd, small, count_all(model), loss)


def record_amounts(amounts: Sequence[int], losses: Sequence[float], run: Run) -> None:
    run.value("doubled_text_takes", doubling_takes(amounts, losses), unit="%", tolerance=0.5)
    table = run.table("amounts", columns=("characters", LOSS))
    for amount, loss in zip(amounts, losses, strict=True):
        table.add(amount, loss)


def doubling_takes(sizes: Sequence[float], losses: Sequence[float]) -> float:
    """Return the share of the loss, in percent, that goes with each doubling, by the power law that fits best."""
    return 100.0 * (1.0 - math.pow(2.0, -fit_power_law(sizes, losses).exponent))
