"""The handwritten digits that scikit-learn ships: 1,797 images of 8×8 pixels, read without importing scikit-learn."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
from bifolio import Dataset, SourceAbsent, verified_bytes

DATASET = Dataset(
    name="digits",
    version="scikit-learn 1.9.1",
    source="Optical Recognition of Handwritten Digits (Alpaydin and Kaynak, 1998), its test part, from scikit-learn",
    licence="CC BY 4.0 (UCI Machine Learning Repository)",
    size="1,797 images of 8×8 pixels, 17 grey levels, 10 classes",
    files={"digits.csv.gz": "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"},
)


@dataclass(frozen=True)
class Digits:
    """Images as rows of pixels from 0 to 1 (count × height·width) and their classes (count)."""

    images: torch.Tensor
    labels: torch.Tensor
    height: int
    width: int


def load() -> Digits:
    """Return all images in the file's order; raise SourceAbsent when scikit-learn is not installed."""
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise SourceAbsent("scikit-learn, which ships the digits, is not installed: pip install scikit-learn==1.9.1")
    path = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
    text = gzip.decompress(verified_bytes(DATASET, "digits.csv.gz", path)).decode("ascii")
    table = torch.tensor([[float(cell) for cell in line.split(",")] for line in text.splitlines()])
    return Digits(images=table[:, :-1] / 16.0, labels=table[:, -1].long(), height=8, width=8)
