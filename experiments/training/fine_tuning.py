"""The training of a classifier of reviews, all weights of it."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from experiments.measures.classification import percent
from experiments.models.review_classifier import Classifier, Read
from experiments.training.history import Measured


def fine_tune(
    model: Classifier, learning_rate: float, train: Read, validation: Read, *, steps: int, batch: int, every: int
) -> Iterator[Measured]:
    """Train all weights for so many steps; yield a measurement every so often, the last one at the end."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, learning_rate, total_steps=steps, pct_start=0.1, anneal_strategy="linear"
    )
    total, taken = 0.0, 0
    for step, rows in enumerate(batches(train, steps, batch), start=1):
        loss = cross_entropy(model(train.texts.rows(rows)), train.labels[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total, taken = total + loss.item(), taken + 1
        if step % every == 0 or step == steps:
            scores = model.scores(validation.texts)
            accuracy = percent(scores.argmax(dim=1) == validation.labels)
            yield Measured(step, total / taken, cross_entropy(scores, validation.labels).item(), accuracy)
            total, taken = 0.0, 0


def batches(train: Read, steps: int, batch: int) -> Iterator[torch.Tensor]:
    """Yield the rows of so many batches: all reviews in a new order, again and again."""
    taken = 0
    while taken < steps:
        for rows in torch.randperm(len(train.labels)).split(batch)[: steps - taken]:
            yield rows.to(train.labels.device)
            taken += 1
