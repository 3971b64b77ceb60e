"""What a template names: experiments, their variants and configs, and what they recorded; resolved at first use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast
from weakref import WeakKeyDictionary

from bifolio.chapters.context.catalogue import Catalogue, Kind, Use, VariantName
from bifolio.chapters.context.derived import Operand, computing
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.questions import question
from bifolio.chapters.context.samples import SampleRow, Untrusted
from bifolio.claims import Name
from bifolio.errors import ChapterError, MissingResultError, UnknownNameError, nearest_name, unknown
from bifolio.project import DEFAULT_PROFILE, PROFILES, SMOKE_PROFILE
from bifolio.provenance.declaration import DEFAULT_VARIANT, Declaration
from bifolio.provenance.declaration import Literal as Setting
from bifolio.results.measurement import Measurement
from bifolio.results.record import Image, Result, Sample, Table

_MEANINGS: WeakKeyDictionary[Catalogue, dict[tuple[str, str, str], Use]] = WeakKeyDictionary()
"""What `experiment.name` was found to mean in a catalogue, by experiment, profile and name."""
_PUBLISHED = tuple(profile for profile in PROFILES if profile not in (DEFAULT_PROFILE, SMOKE_PROFILE))


@dataclass(frozen=True)
class ExperimentReference:
    """`name`, or `name.gpu`."""

    page: Page
    experiment: str
    profile: str = DEFAULT_PROFILE

    @property
    def declaration(self) -> Declaration:
        return self.page.catalogue.declarations[self.experiment]

    def member(self, name: str) -> object:
        """Return what a template means by `experiment.name`."""
        meanings = _MEANINGS.get(self.page.catalogue) or _MEANINGS.setdefault(self.page.catalogue, {})
        known = meanings.get((self.experiment, self.profile, name))
        if known is not None:
            return _recorded(self.page, known)
        declaration = self.declaration
        if name in _PUBLISHED and self.profile == DEFAULT_PROFILE:
            return ExperimentReference(self.page, self.experiment, name)
        if name in declaration.variants:
            return self.variant(name)
        if name in ("seeds", "question"):
            self.page.use(Use(VariantName(self.experiment, self.profile, ""), "declaration", name))
            self.page.note("result", f"{self.experiment}.{name}")
            return self._seeds() if name == "seeds" else question(self.page, declaration)
        if DEFAULT_VARIANT not in declaration.variants:
            raise UnknownNameError(
                f"{self.experiment} has no variant `default`, so the variant is named",
                found=f"{self.experiment}.{name}",
                expected=" or ".join(f"{self.experiment}.{variant}.{name}" for variant in declaration.variants),
                nearest=nearest_name(name, declaration.variants),
            )
        found = self.variant(DEFAULT_VARIANT).member(name)
        if isinstance(found, RecordedReference):
            meanings[self.experiment, self.profile, name] = Use(found.of, found.kind, found.name)
        return found

    def variant(self, name: str) -> VariantReference:
        return VariantReference(self.page, VariantName(self.experiment, self.profile, name))

    def _seeds(self) -> int:
        """Return the number of seeds of all variants; raise UnknownNameError where they have different ones."""
        counts = {variant: self.declaration.seeds_of(variant) for variant in self.declaration.variants}
        if len(set(counts.values())) > 1:
            raise UnknownNameError(
                f"the variants of {self.experiment} have different numbers of seeds, so the variant is named",
                found=f"{self.experiment}.seeds",
                expected=" or ".join(f"{self.experiment}.{variant}.seeds" for variant in counts),
            )
        return next(iter(counts.values()))


@dataclass(frozen=True)
class VariantReference:
    """`experiment.variant`."""

    page: Page
    of: VariantName

    @property
    def results(self) -> tuple[Result, ...]:
        return self.page.catalogue.measured(self.of)

    def member(self, name: str) -> object:
        """Return the config, the number of seeds, or the value, table, sample or image of that name."""
        if name == "seeds":
            self.page.use(Use(VariantName(self.of.experiment, self.of.profile, ""), "declaration", name))
            self.page.note("result", ".".join(filter(None, [self.of.experiment, _shown(self.of), name])))
            return self.page.catalogue.declarations[self.of.experiment].seeds_of(self.of.variant)
        return ConfigReference(self.page, self.of) if name == "config" else self.recorded(name)

    def recorded(self, name: str) -> RecordedReference:
        kinds = self.page.catalogue.kinds(self.of)
        if name not in kinds:
            kinds = {**kinds, **self.page.catalogue.lost(self.of)}
        if name not in kinds:
            raise unknown(f"name in the results of {self.of.experiment}", name, sorted(kinds))
        return _recorded(self.page, Use(self.of, kinds[name], name))


@dataclass(frozen=True)
class ConfigReference:
    """`experiment.config`: that of the stored results, which is what was measured."""

    page: Page
    of: VariantName

    def member(self, name: str) -> object:
        config = self.page.catalogue.measured(self.of)[0].config
        if name not in config:
            raise unknown(f"field in the config of {self.of.experiment}", name, config)
        self.page.use(Use(self.of, "config", name))
        self.page.note("result", ".".join(filter(None, [self.of.experiment, _shown(self.of), "config", name])))
        value = config[name]
        return Untrusted(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class RecordedReference:
    """`experiment.name`: something that runs recorded."""

    page: Page
    of: VariantName
    kind: Kind
    name: str

    @property
    def lost(self) -> bool:
        """Tell whether no run recorded it, because runs diverged before they could; other variants have it."""
        return self.name not in self.page.catalogue.kinds(self.of)

    @property
    def measurement(self) -> Measurement:
        """Return the value over seeds; raise MissingResultError where it is lost."""
        if self.lost:
            diverged, runs = self.page.catalogue.diverged(self.of)
            raise MissingResultError(
                f"{self} has no number", found=f"{diverged} of {runs} runs diverged", expected="a variant that has one"
            )
        return self.page.catalogue.value(self.of, self.name)

    def results(self, seed: int | None = None) -> tuple[Result, ...]:
        """Return the results that recorded it, or that of one seed alone."""
        measured = self.page.catalogue.measured(self.of)
        results = tuple(result for result in measured if self.name in getattr(result, f"{self.kind}s"))
        if seed is None:
            return results
        if found := tuple(result for result in results if result.name.seed == seed):
            return found
        raise unknown(f"seed of {self}", seed, (str(result.name.seed) for result in results))

    def chosen(self) -> list[tuple[Setting, int]]:
        """Return the settings that runs chose, each with how many did, the most frequent first."""
        settings = [result.choices[self.name] for result in self.results()]
        counts = Counter(map(repr, settings))  # True is not 1
        first = {repr(setting): setting for setting in reversed(settings)}
        return [(first[key], count) for key, count in counts.most_common()]

    def __iter__(self) -> Iterator[SampleRow]:
        """Return the rows of the first seed's sample; raise ChapterError for what is no sample."""
        if self.kind != "sample":
            made = {"table": f"table(…), figure(…), or {self}.where(…).column", "image": "image(…)"}.get(
                self.kind, self
            )
            raise ChapterError("only a sample is looped over", found=f"the {self.kind} {self}", expected=made)
        return iter([SampleRow(str(self), row) for row in self.results()[0].samples[self.name].rows])

    def tables(self, seed: int | None = None) -> tuple[Table, ...]:
        return tuple(result.tables[self.name] for result in self.results(seed))

    def sample(self, seed: int) -> Sample:
        return self.results(seed)[0].samples[self.name]

    def image(self, seed: int) -> tuple[Result, Image]:
        result = self.results(seed)[0]
        return result, result.images[self.name]

    def numbers(self) -> Mapping[int, float]:
        """Return what each seed measured."""
        return {result.name.seed: result.values[self.name].number for result in self.results()}

    @property
    def called(self) -> Name:
        """Return how conditions and computations name it."""
        return Name(tuple(str(self).split(".")))

    @property
    def declared_as(self) -> str:
        """Return the name under which a quantity says what it is."""
        return self.name

    def operand(self) -> Operand | None:
        """Return a value as a part of an expression; nothing else that runs record can be computed with."""
        return Operand(self.called, self.measurement.unit, self.page) if self.kind == "value" else None

    def __str__(self) -> str:
        return ".".join(part for part in (self.of.experiment, _shown(self.of), self.name) if part)


computing(RecordedReference, RecordedReference.operand)


def expect(value: object, kinds: Iterable[Kind], macro: str) -> RecordedReference:
    """Return a macro's argument if it is something of the kinds that runs recorded; raise UnknownNameError."""
    wanted = tuple(kinds)
    if isinstance(value, RecordedReference) and value.kind in wanted:
        return value
    found = f"the {value.kind} {value}" if isinstance(value, RecordedReference) else describe(value)
    raise UnknownNameError(f"{macro} draws something else", found=found, expected=" or ".join(map(_one, wanted)))


def _one(kind: Kind) -> str:
    return f"an {kind}" if kind == "image" else f"a {kind}"


def describe(value: object) -> str:
    """Say in words what a template handed over."""
    match value:
        case ExperimentReference():
            return f"the experiment {value.experiment}"
        case VariantReference():
            return f"the variant {value.of.variant} of {value.of.experiment}"
        case ConfigReference():
            return f"the config of {value.of.experiment}"
        case _:
            return repr(value)


def _recorded(page: Page, use: Use) -> RecordedReference:
    """Return something that runs recorded; from then on the page shows it."""
    page.use(use)
    found = RecordedReference(page, use.of, cast("Kind", use.kind), use.name)
    page.note("result", found)
    return found


def _shown(of: VariantName) -> str:
    profile = "" if of.profile == DEFAULT_PROFILE else of.profile
    variant = "" if of.variant == DEFAULT_VARIANT else of.variant
    return ".".join(part for part in (profile, variant) if part)
