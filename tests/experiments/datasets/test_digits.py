"""The digits are the declared ones, and only those."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bifolio.authoring import verified_bytes
from bifolio.errors import RunError

from experiments.datasets import digits


def test_there_are_1797_images_of_64_pixels_between_0_and_1() -> None:
    data = digits.load()
    assert data.images.shape == (1797, data.height * data.width)
    assert (data.images.min().item(), data.images.max().item()) == (0.0, 1.0)
    assert data.labels.bincount().tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_the_first_image_is_the_zero_that_scikit_learn_documents() -> None:
    data = digits.load()
    assert data.labels[0].item() == 0
    assert (16 * data.images[0, :8]).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "digits.csv.gz"
    changed.write_bytes(b"not the digits")
    with pytest.raises(RunError, match="is not version"):
        verified_bytes(digits.DATASET, "digits.csv.gz", changed)


def test_another_declared_hash_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "DATASET", replace(digits.DATASET, files={"digits.csv.gz": "0" * 64}))
    with pytest.raises(RunError, match="sha256 0000"):
        digits.load()
