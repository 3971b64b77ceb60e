"""A labelled data set in three parts: to learn from, to choose by, to test on."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Part:
    """One part of the split: what is read, such as images (count × height·width), and its classes (count)."""

    inputs: torch.Tensor
    labels: torch.Tensor


@dataclass(frozen=True)
class Parts:
    """Three parts of images; a text counts as one row of pixels."""

    train: Part
    validation: Part
    test: Part
    height: int
    width: int

    @property
    def pixels(self) -> int:
        return self.height * self.width
