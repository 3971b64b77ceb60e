"""How generated digits fare before a judge that learned from real ones, beside them, beside a trivial generator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from bifolio import Run
from torch import nn

from experiments.measures.classification import percent
from experiments.splits.digits import CLASSES

SAMPLES = 1000
PIXELS_EACH = 5  # how much a pixel is enlarged, without smoothing
GAP = 1  # white pixels between two digits, before enlarging


@dataclass(frozen=True)
class Judgement:
    """How a set of images fares; the distances are Euclidean, over 64 pixels from 0 (white) to 1.

    shares: percent of the images that the judge assigns to each class (10).
    confidence: the judge's mean probability of the class it names, in percent.
    to_real: mean distance from an image to the nearest real one (low: each looks like some digit).
    from_real: mean distance from a real image to the nearest one of the set (low: every digit has its like).
    """

    shares: tuple[float, ...]
    confidence: float
    to_real: float
    from_real: float

    @property
    def effective(self) -> float:
        """Return the number of equally frequent classes that would have the histogram's entropy: 1 to 10."""
        shares = torch.tensor(self.shares, dtype=torch.float64) / 100.0
        return float(torch.special.entr(shares).sum().exp())


@torch.no_grad()
def judge_images(images: torch.Tensor, judge: nn.Module, real: torch.Tensor) -> Judgement:
    """Judge images (count × pixels) and compare them with real ones (count × pixels) that no model has seen."""
    confidence, classes = judge(images).softmax(dim=1).max(dim=1)
    to_real, from_real = distances(images, real)
    return Judgement(
        shares=tuple(percent(classes == digit) for digit in range(CLASSES)),
        confidence=100.0 * confidence.double().mean().item(),
        to_real=to_real,
        from_real=from_real,
    )


def distances(images: torch.Tensor, real: torch.Tensor) -> tuple[float, float]:
    """Return the mean distance from an image to the nearest real one, and from a real one to the nearest image."""
    each = torch.cdist(images, real)
    return each.min(dim=1).values.mean().item(), each.min(dim=0).values.mean().item()


def independent_pixels(images: torch.Tensor, count: int) -> torch.Tensor:
    """The trivial generator: each pixel (count × pixels) from an image of its own, so that only marginals are kept."""
    rows = torch.randint(len(images), (count, images.shape[1])).to(images.device)
    return images.gather(0, rows)


def record_judgement(judgement: Judgement, of: str, run: Run) -> None:
    run.value(f"{of}_effective_classes", judgement.effective, tolerance=0.5)
    run.value(f"{of}_confidence", judgement.confidence, unit="%", tolerance=2)
    run.value(f"{of}_to_real", judgement.to_real, tolerance=0.05)
    run.value(f"{of}_from_real", judgement.from_real, tolerance=0.05)


def contact_sheet(images: torch.Tensor, columns: int, height: int = 8) -> torch.Tensor:
    """Arrange images (count × height·width) row by row, dark on white and enlarged; values from 0 (black) to 1."""
    squares = images.detach().cpu().reshape(len(images), height, -1)
    framed = nn.functional.pad(squares.clamp(0.0, 1.0), (0, GAP, 0, GAP))
    blank = torch.zeros(-len(images) % columns, *framed.shape[1:])
    rows: Sequence[torch.Tensor] = torch.cat([framed, blank]).split(columns)
    sheet = torch.cat([torch.cat(list(row), dim=1) for row in rows], dim=0)[:-GAP, :-GAP]
    return (1.0 - sheet).repeat_interleave(PIXELS_EACH, dim=0).repeat_interleave(PIXELS_EACH, dim=1)
