"""The types of what an experiment's file declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bifolio.project import SMOKE_PROFILE, Name

PACKAGE = "experiments"
"""The folder of a report's experiments, and the package that they are imported from."""
DEFAULT_VARIANT = "default"
USES = ("subprocess", "loopback", "entropy", "clock", "host", "native")
"""What of the system an experiment may say that it uses: other programs, connections to the machine itself, the
system's randomness, its clock, what it is and how it is called, and machine code of its own."""
DEFAULT_SEEDS = 5
"""How many seeds an experiment has that says nothing, and needs nothing."""
Range = tuple[float | None, float | None]
"""The lowest and the highest that a quantity can be; None is an end that is open."""
Literal = str | int | float | bool | None | tuple["Literal", ...]
"""What a field of a config may hold."""


@dataclass(frozen=True)
class RunName:
    """Which run: the four words that name it everywhere, and its file among the results."""

    experiment: Name
    profile: Name
    variant: Name
    seed: int

    @property
    def path(self) -> str:
        return f"{self.experiment}/{self.profile}/{self.variant}/seed-{self.seed}.json"

    def __str__(self) -> str:
        variant = "" if self.variant == DEFAULT_VARIANT else f" {self.variant}"
        return f"{self.experiment}{variant} seed {self.seed} ({self.profile})"


@dataclass(frozen=True)
class VariantDeclaration:
    """A named alternative config: the fields it sets; an optional one depends on what the machine has.

    `needs` are its own; None means the experiment's. `seeds` is its number of seeds: as read from a file its own or
    None, in the declarations of a whole report what `resolve_seeds` found.
    """

    fields: Mapping[str, Literal]
    optional: bool = False
    needs: tuple[str, ...] | None = None
    seeds: int | None = None


@dataclass(frozen=True)
class QuantityDeclaration:
    """What is said of a value or a column: where it can lie, the smallest difference that matters and why, if exact."""

    range: Range | None = None
    matters: float | None = None
    reason: str = ""
    exact: bool = False


@dataclass(frozen=True)
class DatasetDeclaration:
    """Where data comes from; `files` maps each file's name to its sha256.

    `libraries` are distributions that have a say in the numbers beside those files: code that reads them.
    """

    name: str
    version: str
    source: str
    licence: str
    size: str
    files: Mapping[str, str]
    libraries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """An experiment as its file declares it."""

    name: str
    question: str
    file: str
    line: int
    seeds: int | None
    """What it declares itself; `seeds_of` is what counts."""
    config_class: str
    defaults: Mapping[str, Literal]
    variants: Mapping[str, VariantDeclaration]
    sizes: Mapping[str, Mapping[str, Literal]]
    needs: tuple[str, ...]
    inputs: tuple[str, ...]
    exclusive: bool
    threads: int | None
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables that the runner sets."""
    uses: tuple[str, ...] = ()
    """What of the system it uses, out of USES."""
    first_seed: int = 0
    """Above 0 only while seeds are run that the report has not seen."""
    quantities: Mapping[str, QuantityDeclaration] = field(default_factory=dict)
    """By the name of a value or a `table.column`, or by a pattern of them: `quantity_of` finds the one that counts."""
    draft: bool = False
    """It can be run and looked at, and nothing that is published shows it."""

    @property
    def module(self) -> str:
        """Return the dotted name that its file is imported by."""
        return self.file.removesuffix(".py").replace("/", ".")

    def config(self, variant: str, profile: str) -> dict[str, Literal]:
        """Return a run's resolved config: the defaults, then what the variant sets, then what the profile sets."""
        return {**self.defaults, **self.variants[variant].fields, **self.sizes.get(profile, {})}

    def needs_of(self, variant: str) -> tuple[str, ...]:
        """Return what a variant needs."""
        own = self.variants[variant].needs
        return self.needs if own is None else own

    def seeds_of(self, variant: str) -> int:
        """Return how many seeds a variant has."""
        return self.variants[variant].seeds or self.seeds or DEFAULT_SEEDS

    @property
    def most_seeds(self) -> int:
        """Return the number of seeds of the variant that has the most."""
        return max(map(self.seeds_of, self.variants))

    def repetitions(self, variant: str, profile: str) -> int:
        """Return how many runs a variant has at a profile; a smoke run is one seed."""
        return 1 if profile == SMOKE_PROFILE else self.seeds_of(variant)

    def runs(self, profile: str) -> tuple[RunName, ...]:
        """Return the runs of a profile."""
        return tuple(
            RunName(self.name, profile, variant, self.first_seed + number)
            for variant in self.variants
            for number in range(self.repetitions(variant, profile))
        )
