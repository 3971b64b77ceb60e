"""The types of a result: what one run recorded, what it depends on, and what it ran on."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bifolio.project import NAME, Name
from bifolio.provenance.declaration import Literal, RunName
from bifolio.provenance.fingerprint import Fingerprint
from bifolio.provenance.forms import Digest, Key, Line
from bifolio.provenance.witness import Witness

Cell = float | int | str | None
SplitKind = typing.Literal["drawn", "fixed", "fresh", "none"]
"""Where a run's data come from: the seed drew the parts, the data set fixes them, every seed has new data, no data."""
ImageFile = Annotated[str, re.compile(r"[0-9a-f]{64}\.png"), "<sha256>.png"]
Reference = Annotated[
    str,
    re.compile(rf"({NAME.pattern}/){{3}}seed-\d{{1,9}}\.json#{NAME.pattern}"),
    "experiment/profile/variant/seed-0.json#value",
]


@dataclass(frozen=True)
class Value:
    """A number a run recorded; a timing measures time or throughput and is never compared bit for bit.

    `of` is what the number is a count out of: k of n.
    """

    number: float | int
    unit: Line = ""
    tolerance: float | None = None
    timing: bool = False
    of: int | None = None


def is_count(number: float | int, of: int) -> bool:
    """Tell whether a number can be a count out of so many."""
    return isinstance(number, int) and 0 <= number <= of and of > 0


@dataclass(frozen=True)
class Column:
    """A column of a table; `tolerance` says how far a reproduction's cells may lie from the stored ones."""

    name: Name
    unit: Line = ""
    tolerance: float | None = None
    timing: bool = False


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Sample:
    """Rows of text and numbers to show as they are; whatever a model wrote in them is untrusted."""

    rows: tuple[Mapping[Name, Cell], ...]


@dataclass(frozen=True)
class Image:
    """A PNG beside the result, named by its content: `file` is `<sha256>.png`; sizes in pixels."""

    file: ImageFile
    width: int
    height: int


@dataclass(frozen=True)
class Split:
    """Where a run's data come from, and how many examples each part had."""

    sizes: Mapping[Name, int]
    kind: SplitKind

    @property
    def test_to_train(self) -> float:
        """Return n_test / n_train where the seed drew the split, 0 elsewhere: only such splits overlap."""
        train = self.sizes.get("train", 0) if self.kind == "drawn" else 0
        return self.sizes.get("test", 0) / train if train else 0.0


@dataclass(frozen=True)
class Result:
    """The stored record of one run."""

    name: RunName
    config: Mapping[Key, Literal]
    split: Split | None
    values: Mapping[Name, Value]
    choices: Mapping[Name, Literal]
    """Settings that the run chose, a learning rate say: no measurements, so no mean and no interval."""
    tables: Mapping[Name, Table]
    samples: Mapping[Name, Sample]
    images: Mapping[Name, Image]
    diverged: str | None
    """Why the training diverged, if it did."""
    consumed: Mapping[Reference, Digest]
    """A number of another result -> sha256 of the number that was read there."""
    keeps_weights: bool
    fingerprint: Fingerprint
    witness: Witness
