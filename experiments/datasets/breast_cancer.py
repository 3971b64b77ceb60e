"""The breast cancer table that scikit-learn ships: 569 tumours of 30 numbers, read without importing scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
from bifolio import Dataset, SourceAbsent, verified_bytes

DATASET = Dataset(
    name="breast_cancer",
    version="scikit-learn 1.9.1",
    source="Breast Cancer Wisconsin (Diagnostic) (Wolberg, Street and Mangasarian, 1995), from scikit-learn",
    licence="CC BY 4.0 (UCI Machine Learning Repository)",
    size="569 tumours, 30 measurements of cell nuclei each, 212 malignant and 357 benign",
    files={"breast_cancer.csv": "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed"},
)

MALIGNANT = 0  # the class's number in the file; benign is 1


@dataclass(frozen=True)
class BreastCancer:
    """Measurements in the units of the file (count × 30) and their classes (count)."""

    measurements: torch.Tensor
    labels: torch.Tensor


def load() -> BreastCancer:
    """Return all tumours in the file's order; raise SourceAbsent when scikit-learn is not installed."""
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise SourceAbsent("scikit-learn, which ships the table, is not installed: pip install scikit-learn==1.9.1")
    path = Path(package.origin).parent / "datasets" / "data" / "breast_cancer.csv"
    text = verified_bytes(DATASET, "breast_cancer.csv", path).decode("ascii")
    _, *lines = text.splitlines()  # the first line says how many rows and columns there are, and names the classes
    table = torch.tensor([[float(cell) for cell in line.split(",")] for line in lines])
    return BreastCancer(measurements=table[:, :-1], labels=table[:, -1].long())
