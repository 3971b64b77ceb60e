"""The digits in three parts, as the experiments that classify or draw them see them: one split for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from bifolio import Run

from experiments.datasets.digits import load as load_digits
from experiments.splits.parts import Part, Parts

CLASSES = 10


class Pictures(Protocol):
    """Images as rows of pixels (count × height·width), and their classes (count)."""

    @property
    def images(self) -> torch.Tensor: ...
    @property
    def labels(self) -> torch.Tensor: ...
    @property
    def height(self) -> int: ...
    @property
    def width(self) -> int: ...


def split_digits(run: Run, train: float = 0.6) -> Parts:
    """Draw the parts by the seed: a fifth to choose by, a fifth to test on, and for training a share or a count."""
    data = load_digits()
    split = run.split(len(data.labels), train=train, validation=0.2, test=0.2)
    return take(data, (split.train, split.validation, split.test), run)


def take(data: Pictures, rows: Sequence[Sequence[int]], run: Run) -> Parts:
    """Return the three parts with these row numbers, on the run's device."""
    train, validation, test = (
        Part(data.images[torch.tensor(part)].to(run.device), data.labels[torch.tensor(part)].to(run.device))
        for part in rows
    )
    return Parts(train, validation, test, height=data.height, width=data.width)
