"""MNIST is read from a local copy only, and the idx format is read strictly."""

from __future__ import annotations

import gzip
import hashlib
import struct
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from bifolio.errors import RunError, SourceAbsent

from experiments.datasets import mnist

TINY = {
    "train-images-idx3-ubyte": struct.pack(">4B3I", 0, 0, 8, 3, 3, 2, 2) + bytes([0, 51, 102, 255] * 3),
    "train-labels-idx1-ubyte": struct.pack(">4BI", 0, 0, 8, 1, 3) + bytes([7, 8, 9]),
    "t10k-images-idx3-ubyte": struct.pack(">4B3I", 0, 0, 8, 3, 1, 2, 2) + bytes([255, 0, 0, 0]),
    "t10k-labels-idx1-ubyte": struct.pack(">4BI", 0, 0, 8, 1, 1) + bytes([5]),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder laid out as torchvision does, which BIFOLIO_DATA names; the declaration expects the tiny files."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    monkeypatch.setenv("BIFOLIO_DATA", str(tmp_path))
    contents = {**TINY, **{f"{name}.gz": gzip.compress(data, mtime=0) for name, data in TINY.items()}}
    files = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    monkeypatch.setattr(mnist, "DATASET", replace(mnist.DATASET, files=files))
    return raw


def test_an_idx_file_becomes_a_tensor_of_its_shape() -> None:
    images = mnist.parse_idx(TINY["train-images-idx3-ubyte"])
    assert images.shape == (3, 2, 2)
    assert images[2].tolist() == [[0, 51], [102, 255]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not an idx file"),
        (b"\x89PNG", "not an idx file"),
        (struct.pack(">4BI", 0, 0, 0x0D, 1, 1) + b"\0\0\0\0", "not an idx file of unsigned bytes"),
        (b"\0\0\x08\x03\0\0", "cut short"),
        (TINY["train-labels-idx1-ubyte"][:-1], r"holds 2 bytes, expected 3"),
        (TINY["train-labels-idx1-ubyte"] + b"\0", r"holds 4 bytes, expected 3"),
    ],
)
def test_anything_else_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mnist.parse_idx(data)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_training_images_come_before_test_images(folder: Path, suffix: str) -> None:
    for name, content in TINY.items():
        (folder / f"{name}{suffix}").write_bytes(gzip.compress(content, mtime=0) if suffix else content)
    data = mnist.load()
    assert data.labels.tolist() == [7, 8, 9, 5]
    assert (data.height, data.width) == (2, 2)
    assert torch.allclose(data.images[3], torch.tensor([1.0, 0.0, 0.0, 0.0]))


def test_without_a_copy_the_source_is_absent_and_the_message_says_where_it_was_looked_for(folder: Path) -> None:
    with pytest.raises(SourceAbsent, match="BIFOLIO_DATA") as caught:
        mnist.load()
    assert str(folder.parent.parent) in str(caught.value)


def test_an_incomplete_copy_is_absent(folder: Path) -> None:
    (folder / "train-images-idx3-ubyte").write_bytes(TINY["train-images-idx3-ubyte"])
    with pytest.raises(SourceAbsent):
        mnist.load()


def test_a_changed_copy_is_an_error_and_not_an_absence(folder: Path) -> None:
    for name, data in TINY.items():
        (folder / name).write_bytes(data + b"\0")
    with pytest.raises(RunError, match="is not version") as caught:
        mnist.load()
    assert not isinstance(caught.value, SourceAbsent)
