"""A run as the experiment sees it: what is given to it, and how it records what it measures."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from bifolio.authoring.conversion import plain_cell, plain_number, plain_setting, plain_tolerance, plain_unit
from bifolio.authoring.error_places import Located, located
from bifolio.authoring.needs import Need
from bifolio.authoring.png import encode_png
from bifolio.authoring.recording import Recording, TableRecorder, check_column, check_name, check_range
from bifolio.errors import RecordError, RunError, nearest_name
from bifolio.project import PROFILES
from bifolio.provenance.declaration import DEFAULT_VARIANT, QuantityDeclaration, Range, RunName
from bifolio.results.record import Cell, Column, Image, Sample, Split, SplitKind, Value, is_count

if TYPE_CHECKING:
    import torch

T = TypeVar("T", covariant=True)
_MOST_REPORTS = 1000
_RESERVED = {*PROFILES, "config", "question", "seeds", DEFAULT_VARIANT, "diverged"}


class SizedIterable(Sized, Protocol[T]):
    """Something to loop over whose length is known."""

    def __iter__(self) -> Iterator[T]: ...


@dataclass(frozen=True)
class Rows:
    """Which rows of a data set belong to which part, as the seed drew them."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]


class Run:
    """One execution of an experiment."""

    def __init__(
        self,
        name: RunName,
        *,
        device: str,
        exclusive: bool,
        reserved: Sequence[str],
        needs: Mapping[str, Callable[[], Need]],
        weights: Callable[[], AbstractContextManager[Path]],
        report: Callable[[float], None],
        quantities: Callable[[str], QuantityDeclaration | None] = lambda name: None,
    ) -> None:
        self.name = name
        self.recorded = Recording()
        self._device = device
        self._exclusive = exclusive
        self._reserved = _RESERVED | set(reserved)
        self._needs = needs
        self._weights = weights
        self._report = report
        self._quantities = quantities

    @property
    def seed(self) -> int:
        """Return the seed, with which Python, NumPy and torch were seeded before the experiment began."""
        return self.name.seed

    @property
    def profile(self) -> str:
        return self.name.profile

    @property
    def device(self) -> torch.device:
        """Return the device to put models and data on."""
        import torch

        return torch.device(self._device)

    def split(self, total: int, *, train: float, validation: float = 0, test: float) -> Rows:
        """Draw which of `total` rows are for training, validation and test, by the seed.

        Sizes are fractions of `total` (below 1) or numbers of rows. The sizes are stored: intervals and claims need
        them, because the splits of different seeds overlap. Raises RecordError when they do not fit.
        """
        parts = {"train": train, "validation": validation, "test": test}
        sizes = {
            # Rounded down, so that fractions that fit still do; 0.29 of 100 is 28.999999999999996 in binary.
            part: int(size * total + 1e-9) if isinstance(size, float) and size < 1 else int(size)
            for part, size in parts.items()
        }
        if sum(sizes.values()) > total or min(sizes["train"], sizes["test"]) < 1 or sizes["validation"] < 0:
            raise located(RecordError("a split", found=sizes, expected=f"a train and a test part within {total} rows"))
        self._store_split(sizes, "drawn")
        order = list(range(total))
        random.Random(self.seed).shuffle(order)
        first, second = sizes["train"], sizes["train"] + sizes["validation"]
        return Rows(tuple(order[:first]), tuple(order[first:second]), tuple(order[second : second + sizes["test"]]))

    def fixed_split(self, *, train: int, validation: int = 0, test: int) -> None:
        """Store the sizes of a split that the data set itself fixes: its seeds cover the initialisation only."""
        self._store_split({"train": train, "validation": validation, "test": test}, "fixed")

    def fresh_data(self, *, train: int | None = None, validation: int | None = None, test: int | None = None) -> None:
        """Say that every seed draws new data from a process that makes them, so that no two seeds share any."""
        parts = {"train": train, "validation": validation, "test": test}
        self._store_split({part: size for part, size in parts.items() if size is not None}, "fresh")

    def no_data(self) -> None:
        """Say that the experiment needs no data: it computes, simulates, or measures a time."""
        self._store_split({}, "none")

    def value(
        self, name: str, number: object, unit: str = "", tolerance: float | None = None, of: object = None
    ) -> None:
        """Record a number; percentages are stored as percent. `tolerance` is how far a reproduction may lie.

        `of` makes it a count, so many out of `of`: errors among the images of the test part, say.
        """
        with Located():
            self._claim(name)
            plain = self._number(number, name)
            whole = None if of is None else plain_number(of, f"{name}, out of which it is,")
            if whole is not None and not (isinstance(whole, int) and is_count(plain, whole)):
                found, expected = f"{plain!r} of {whole!r}", "a whole number of a whole number that is not smaller"
                raise RecordError(f"{name} is no count", found=found, expected=expected)
            self.recorded.values[name] = Value(
                plain, plain_unit(unit, name), plain_tolerance(tolerance, name), of=whole
            )

    def timing(self, name: str, number: object, unit: str = "s") -> None:
        """Record a time or a throughput: shown with its machine, never compared bit for bit."""
        with Located():
            self._claim(name)
            if not self._exclusive:
                problem = f"{name} is a timing, but other runs may run beside this one"
                raise RecordError(problem, expected="@experiment(exclusive=True, ...)")
            self.recorded.values[name] = Value(self._number(number, name), plain_unit(unit, name), timing=True)

    def choice(self, name: str, setting: object) -> None:
        """Record a setting that the run chose, by validation say: it has no mean and no interval."""
        with Located():
            self._claim(name)
            self.recorded.choices[name] = plain_setting(setting, name)

    def diverged(self, reason: str) -> None:
        """Say that the training diverged, and how that was noticed; what was not measured then need not be recorded."""
        with Located():
            if self.recorded.diverged is not None:
                raise RecordError("a run diverges once", found=reason, expected=f"one reason: {self.recorded.diverged}")
            if not isinstance(reason, str) or not reason.strip():
                raise RecordError("why a run diverged", found=repr(reason), expected="a reason in words")
            self.recorded.diverged = reason

    def table(self, name: str, columns: Sequence[str | Column]) -> TableRecorder:
        """Record a table; fill it with `.add(...)`."""
        with Located():
            self._claim(name)
            typed = tuple(column if isinstance(column, Column) else Column(column) for column in columns)
            for column in typed:
                check_column(column, name)
            if len({column.name for column in typed}) != len(typed) or not typed:
                raise RecordError(f"the columns of {name}", found=columns, expected="at least one, each name once")
            ranges = tuple(self._range(f"{name}.{column.name}") for column in typed)
            self.recorded.tables[name] = TableRecorder(name, typed, ranges)
        return self.recorded.tables[name]

    def sample(self, name: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Record rows to be shown as they are: generated text, misread examples."""
        with Located():
            self._claim(name)
            for row in rows:
                for key in row:
                    check_name(key, f"a field of {name}")
            plain: list[dict[str, Cell]] = [
                {key: plain_cell(cell, f"{name}.{key}") for key, cell in row.items()} for row in rows
            ]
            self.recorded.samples[name] = Sample(tuple(plain))

    def image(self, name: str, pixels: object) -> None:
        """Record a picture: (height, width) greys or (height, width, 3) colours, 0..255 or 0.0..1.0."""
        with Located():
            self._claim(name)
            content, width, height = encode_png(pixels, name)
        file = f"{hashlib.sha256(content).hexdigest()}.png"
        self.recorded.images[name] = Image(file, width, height)
        self.recorded.files[file] = content

    def need(self, experiment: str, variant: str = DEFAULT_VARIANT) -> Need:
        """Return a needed run of the same profile and seed; raise RunError for a need that was not declared."""
        key = f"{experiment}.{variant}"
        if key not in self._needs:
            raise located(
                RunError(
                    "this need is not declared",
                    found=key,
                    expected=", ".join(self._needs) or f'@experiment(needs=("{experiment}",), ...)',
                    nearest=nearest_name(key, self._needs),
                )
            )
        return self._needs[key]()

    def weights(self) -> AbstractContextManager[Path]:
        """Return a fresh folder for the trained model; it is kept in the cache when the run ends well."""
        return self._weights()

    def progress(self, steps: SizedIterable[T]) -> Iterator[T]:
        """Loop over `steps` and tell how far the loop is, a thousand times at most."""
        total = len(steps)
        every = -(-total // _MOST_REPORTS) or 1
        for index, step in enumerate(steps):
            if index % every == 0:
                self._report(index / total)
            yield step

    def _number(self, number: object, name: str) -> float | int:
        """Return a plain number that lies where its name is declared to lie."""
        plain = plain_number(number, name)
        check_range(plain, name, self._range(name))
        return plain

    def _range(self, name: str) -> Range | None:
        quantity = self._quantities(name)
        return None if quantity is None else quantity.range

    def _store_split(self, sizes: Mapping[str, object], kind: SplitKind) -> None:
        with Located():
            if self.recorded.split is not None:
                expected = "one of run.split, run.fixed_split, run.fresh_data and run.no_data"
                raise RecordError("a run says once where its data come from", expected=expected)
            whole = {part: plain_number(size, f"the {part} part") for part, size in sizes.items()}
            counts = {part: size for part, size in whole.items() if isinstance(size, int) and size >= 0}
            if len(counts) < len(whole):
                raise RecordError("the parts of the data", found=dict(sizes), expected="whole numbers of examples")
            self.recorded.split = Split(counts, kind)

    def _claim(self, name: str) -> None:
        check_name(name, "a recorded name")
        if name in self._reserved:
            raise RecordError("this name means something else in chapters", found=name, expected="another name")
        if name in self.recorded:
            raise RecordError("this name was recorded already", found=name, expected="every name once")
