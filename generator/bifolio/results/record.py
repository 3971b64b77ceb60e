"""The types of a result: what one run recorded, what it depends on, and what it ran on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bifolio.provenance.declaration import Literal, RunName
from bifolio.provenance.fingerprint import Fingerprint
from bifolio.provenance.witness import Witness

Cell = float | int | str | None


@dataclass(frozen=True)
class Value:
    """A number a run recorded; a timing measures time or throughput and is never compared bit for bit."""

    number: float | int
    unit: str = ""
    tolerance: float | None = None
    timing: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table; `tolerance` says how far a reproduction's cells may lie from the stored ones."""

    name: str
    unit: str = ""
    tolerance: float | None = None
    timing: bool = False


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Sample:
    """Rows of text and numbers to show as they are; whatever a model wrote in them is untrusted."""

    rows: tuple[Mapping[str, Cell], ...]


@dataclass(frozen=True)
class Image:
    """A PNG beside the result, named by its content: `file` is `<sha256>.png`; sizes in pixels."""

    file: str
    width: int
    height: int


@dataclass(frozen=True)
class Split:
    """How many examples each part had; `drawn` tells whether the seed drew them or the data set fixes them."""

    sizes: Mapping[str, int]
    drawn: bool

    @property
    def test_to_train(self) -> float:
        """Return n_test / n_train where the seed drew the split, 0 where the data set fixes it."""
        train = self.sizes.get("train", 0) if self.drawn else 0
        return self.sizes.get("test", 0) / train if train else 0.0


@dataclass(frozen=True)
class Result:
    """The stored record of one run."""

    name: RunName
    config: Mapping[str, Literal]
    split: Split | None
    values: Mapping[str, Value]
    tables: Mapping[str, Table]
    samples: Mapping[str, Sample]
    images: Mapping[str, Image]
    consumed: Mapping[str, str]
    """`experiment/profile/variant/seed-n.json#value` of another result -> sha256 of the number that was read there."""
    keeps_weights: bool
    fingerprint: Fingerprint
    witness: Witness
