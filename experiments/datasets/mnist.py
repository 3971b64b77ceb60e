"""MNIST, 70,000 images of 28×28 pixels, from a copy that is already on this machine: nothing is downloaded."""

from __future__ import annotations

import gzip
import os
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path

import torch
from bifolio import Dataset, SourceAbsent, verified_bytes

DATASET = Dataset(
    name="mnist",
    version="1998",
    source="The MNIST database of handwritten digits (LeCun, Cortes and Burges, 1998), idx files",
    licence="CC BY-SA 3.0 (as Keras states it)",
    size="60,000 training and 10,000 test images of 28×28 pixels, 10 classes",
    files={
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
)

TRAINING = 60_000  # rows of the training part; the test part follows
PARTS = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
UNSIGNED_BYTE = 0x08  # MNIST's only element type; the idx format knows others


@dataclass(frozen=True)
class Mnist:
    """Images as rows of pixels from 0 to 1 (count × height·width) and their classes (count)."""

    images: torch.Tensor
    labels: torch.Tensor
    height: int
    width: int


def load() -> Mnist:
    """Return the training part followed by the test part; raise SourceAbsent when there is no complete copy."""
    train_images, train_labels, test_images, test_labels = (parse_idx(data) for data in _local_copy())
    _, height, width = train_images.shape
    images = torch.cat([train_images, test_images]).view(-1, height * width).float() / 255.0
    return Mnist(images, torch.cat([train_labels, test_labels]).long(), height=height, width=width)


def parse_idx(data: bytes) -> torch.Tensor:
    """Return the tensor that an idx file holds; raise ValueError when it is not one of unsigned bytes.

    The format: two zero bytes, the element type, the number of dimensions, each dimension as a big-endian 32-bit
    integer, then the elements in row-major order (http://yann.lecun.com/exdb/mnist/, "the IDX file format").
    """
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != UNSIGNED_BYTE:
        raise ValueError(f"not an idx file of unsigned bytes: it starts with {data[:4].hex(' ')}, expected 00 00 08 …")
    dimensions = data[3]
    start = 4 + 4 * dimensions
    if len(data) < start:
        raise ValueError(f"idx file cut short: {len(data)} bytes, expected a header of {start}")
    shape = struct.unpack(f">{dimensions}I", data[4:start])
    if len(data) - start != prod(shape):
        raise ValueError(f"idx file of shape {shape} holds {len(data) - start} bytes, expected {prod(shape)}")
    return torch.frombuffer(bytearray(data), dtype=torch.uint8, offset=start).view(shape)


def _local_copy() -> list[bytes]:
    """Return the verified contents of the four parts from the first folder that has them all, plain or gzipped."""
    chosen = os.environ.get("BIFOLIO_DATA")
    root = Path(chosen) if chosen else Path.home() / ".cache" / "bifolio" / "mnist"
    for folder in (root / "MNIST" / "raw", root):
        paths = [_present(folder, part) for part in PARTS]
        found = [path for path in paths if path is not None]
        if len(found) == len(PARTS):
            return [_read(path) for path in found]
    raise SourceAbsent(
        f"there is no copy of MNIST in {root}; put its four idx files, plain or gzipped, into MNIST/raw/ "
        "in that folder, or name another folder in BIFOLIO_DATA (torchvision.datasets.MNIST writes this layout)"
    )


def _present(folder: Path, part: str) -> Path | None:
    return next((path for path in (folder / part, folder / f"{part}.gz") if path.is_file()), None)


def _read(path: Path) -> bytes:
    data = verified_bytes(DATASET, path.name, path)
    return gzip.decompress(data) if path.suffix == ".gz" else data
