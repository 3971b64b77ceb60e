"""The breast cancer table is the declared one, and only that."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bifolio.errors import RunError

from experiments.datasets import breast_cancer


def test_there_are_569_tumours_of_30_measurements() -> None:
    data = breast_cancer.load()
    assert data.measurements.shape == (569, 30)
    assert (data.labels == breast_cancer.MALIGNANT).sum().item() == 212
    assert (data.labels != breast_cancer.MALIGNANT).sum().item() == 357


def test_the_first_tumour_is_the_malignant_one_of_the_file() -> None:
    data = breast_cancer.load()
    assert data.labels[0].item() == breast_cancer.MALIGNANT
    assert data.measurements[0, :4].tolist() == pytest.approx([17.99, 10.38, 122.8, 1001.0])


def test_another_declared_hash_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(breast_cancer.DATASET, files={"breast_cancer.csv": "0" * 64})
    monkeypatch.setattr(breast_cancer, "DATASET", changed)
    with pytest.raises(RunError, match="sha256 0000"):
        breast_cancer.load()
