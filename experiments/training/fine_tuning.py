"""Classifiers of reviews: BERT with two scores on top, and its training on labelled reviews."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import BertForPreTraining

from experiments.classifiers import percent
from experiments.models.bert import Texts, read

EVALUATION_BATCH = 128


@dataclass(frozen=True)
class Read:
    """Texts as tokens, and their labels (count)."""

    texts: Texts
    labels: torch.Tensor


@dataclass(frozen=True)
class Measured:
    """Losses in nats per review after so many steps; accuracy in percent."""

    step: int
    training_loss: float
    validation_loss: float
    validation_accuracy: float


class Classifier(nn.Module):
    """BERT with two scores on top of its vector for the whole text (Devlin et al., 2019)."""

    def __init__(self, bert: BertForPreTraining) -> None:
        super().__init__()
        self.bert = deepcopy(bert)
        self.head = nn.Linear(bert.config.hidden_size, 2, device=bert.device)
        del self.bert.cls  # the heads of pre-training have no part in this

    def forward(self, texts: Texts) -> torch.Tensor:
        scores: torch.Tensor = self.head(read(self.bert, texts)[1])
        return scores

    @torch.no_grad()
    def scores(self, texts: Texts) -> torch.Tensor:
        """Return the scores (count × 2) of complaint and praise."""
        self.eval()
        rows = torch.arange(len(texts), device=texts.tokens.device).split(EVALUATION_BATCH)
        scores = torch.cat([self(texts.rows(some)) for some in rows])
        self.train()
        return scores


def fine_tune(
    model: Classifier, learning_rate: float, train: Read, validation: Read, *, steps: int, batch: int, every: int
) -> Iterator[Measured]:
    """Train all weights for so many steps; yield a measurement every so often, the last one at the end."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, learning_rate, total_steps=steps, pct_start=0.1, anneal_strategy="linear"
    )
    losses: list[float] = []
    for step, rows in enumerate(batches(train, steps, batch), start=1):
        loss = cross_entropy(model(train.texts.rows(rows)), train.labels[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % every == 0 or step == steps:
            scores = model.scores(validation.texts)
            accuracy = percent(scores.argmax(dim=1) == validation.labels)
            yield Measured(step, sum(losses) / len(losses), cross_entropy(scores, validation.labels).item(), accuracy)
            losses = []


def batches(train: Read, steps: int, batch: int) -> Iterator[torch.Tensor]:
    """Yield the rows of so many batches: all reviews in a new order, again and again."""
    taken = 0
    while taken < steps:
        for rows in torch.randperm(len(train.labels)).split(batch)[: steps - taken]:
            yield rows.to(train.labels.device)
            taken += 1
