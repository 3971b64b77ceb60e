"""What the published experiments declared, measured and still are worth; read at first use, once for all pages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from bifolio.errors import BifolioError, MissingResultError
from bifolio.project import DEFAULT_PROFILE, Project
from bifolio.provenance.declaration import DatasetDeclaration, Declaration, Range, RunName
from bifolio.provenance.quantities import quantity_of
from bifolio.provenance.sources import Sources, read_sources
from bifolio.provenance.witness import Surroundings, surroundings_of
from bifolio.results.freshness import ExperimentState, published, survey
from bifolio.results.measurement import Measurement, measurement_of, split_ratio
from bifolio.results.new_claims import FirstOutcomes, first_outcomes
from bifolio.results.record import Result
from bifolio.results.reports import Report, is_current, read_reports, verdict_of_reports
from bifolio.results.store import read_runs, results_digest
from bifolio.results.verdict import Verdict, compared_names, verdict_of_name, worst

Kind = Literal["value", "choice", "table", "sample", "image"]
SUMMARY = "report"
"""The kind of use that shows nothing of an experiment but that it is there and how it stands."""
KINDS: tuple[Kind, ...] = ("value", "choice", "table", "sample", "image")


@dataclass(frozen=True, order=True)
class VariantName:
    """The runs that a reference speaks of: all seeds of a variant at a profile."""

    experiment: str
    profile: str
    variant: str


@dataclass(frozen=True, order=True)
class Use:
    """Something of an experiment that a page shows.

    `kind` is value, choice, table, sample, image, config or declaration; report for what only counts the experiment.
    """

    of: VariantName
    kind: str
    name: str

    def place(self) -> tuple[str, ...]:
        """Return what sorts uses as comparing them does, only faster."""
        return (self.of.experiment, self.of.profile, self.of.variant, self.kind, self.name)


class Catalogue:
    """The evidence of one project, as it stands on disk when it is first asked for."""

    def __init__(self, project: Project, sources: Sources | None = None) -> None:
        """`sources` are read from the project's folder unless they are given."""
        self.project = project
        self._sources = sources
        self._results: dict[tuple[str, str], Mapping[str, tuple[Result, ...]]] = {}
        self._kinds: dict[VariantName, Mapping[str, Kind]] = {}
        self._measurements: dict[tuple[VariantName, str], Measurement] = {}
        self._reports: dict[tuple[str, str], Mapping[RunName, Report]] = {}
        self._digests: dict[str, str] = {}

    @cached_property
    def sources(self) -> Sources:
        return self._sources or read_sources(self.project)

    @cached_property
    def declarations(self) -> Mapping[str, Declaration]:
        """Return the declaration of every experiment that is published, and not broken."""
        declared = self.sources.declarations
        return {name: one for name, one in declared.items() if name not in self.broken and not one.draft}

    @cached_property
    def drafts(self) -> Set[str]:
        """Return the experiments that nothing published shows."""
        return self.sources.drafts

    @cached_property
    def states(self) -> Mapping[tuple[str, str], ExperimentState]:
        """Return the freshness of every experiment and profile that counts, without broken ones."""
        return {(state.experiment, state.profile): state for state in self._surveyed if not state.error}

    @cached_property
    def broken(self) -> Mapping[str, BifolioError]:
        """Return what is wrong with the experiments that cannot be read."""
        return {state.experiment: state.error for state in self._surveyed if state.error}

    @cached_property
    def _surveyed(self) -> tuple[ExperimentState, ...]:
        return published(survey(self.project, sources=self.sources))

    @cached_property
    def fresh(self) -> Set[RunName]:
        """Return the runs whose results are fresh."""
        return {run.name for state in self.states.values() for run in state.runs if run.state == "fresh"}

    @cached_property
    def unseen(self) -> FirstOutcomes:
        """Return what came of claims first on new seeds, with the profile: by their kind and conditions."""
        return first_outcomes(self.project)

    def profiles(self, experiment: str) -> tuple[str, ...]:
        """Return the profiles at which something of an experiment is stored."""
        profiles = (profile for name, profile in self.states if name == experiment)
        return tuple(profile for profile in profiles if self.results(experiment, profile))

    def results(self, experiment: str, profile: str) -> Mapping[str, tuple[Result, ...]]:
        """Return the stored results of the runs that are declared now: variant -> results by seed."""
        key = (experiment, profile)
        if key not in self._results:
            declared = set(self.declarations[experiment].runs(profile))
            stored = read_runs(self.project, experiment, profile)
            counted = {
                variant: tuple(result for result in stored.get(variant, ()) if result.name in declared)
                for variant in self.declarations[experiment].variants
            }
            self._results[key] = {variant: results for variant, results in counted.items() if results}
        return self._results[key]

    def measured(self, name: VariantName) -> tuple[Result, ...]:
        """Return a variant's results by seed; raise MissingResultError when nothing was measured."""
        found = self.results(name.experiment, name.profile).get(name.variant, ())
        if not found:
            profile = "" if name.profile == DEFAULT_PROFILE else f" --profile {name.profile}"
            raise MissingResultError(
                "there is no stored result",
                found=f"{name.experiment}, variant {name.variant}, profile {name.profile}",
                expected=f"`bifolio run {name.experiment}{profile}` first",
            )
        return found

    def kinds(self, name: VariantName) -> Mapping[str, Kind]:
        """Return everything that a variant's runs recorded, by its name; raise MissingResultError."""
        if name not in self._kinds:
            self._kinds[name] = {
                recorded: kind
                for result in self.measured(name)
                for kind in KINDS
                for recorded in getattr(result, f"{kind}s")
            }
        return self._kinds[name]

    def diverged(self, name: VariantName) -> tuple[int, int]:
        """Return how many runs of a variant diverged, and how many there are."""
        results = self.measured(name)
        return sum(result.diverged is not None for result in results), len(results)

    def lost(self, name: VariantName) -> Mapping[str, Kind]:
        """Return what other variants recorded and this one did not, because runs of it diverged."""
        if not self.diverged(name)[0]:
            return {}
        others = (replace(name, variant=other) for other in self.results(name.experiment, name.profile))
        every = {recorded: kind for other in others for recorded, kind in self.kinds(other).items()}
        return {recorded: kind for recorded, kind in every.items() if recorded not in self.kinds(name)}

    def value(self, name: VariantName, value: str) -> Measurement:
        """Return a value over seeds; the caller knows that it was recorded."""
        key = (name, value)
        if key not in self._measurements:
            recorded = [result for result in self.measured(name) if value in result.values]
            quantity = quantity_of(self.declarations[name.experiment], value)
            self._measurements[key] = measurement_of(recorded, value, quantity, self.stale(name), *self.diverged(name))
        return self._measurements[key]

    def limits(self, name: VariantName, recorded: str) -> Range | None:
        """Return where a value, or a `table.column`, is declared to lie; raise DeclarationError for two patterns."""
        found = quantity_of(self.declarations[name.experiment], recorded)
        return found.range if found else None

    def samples(self, name: VariantName, value: str) -> tuple[float, ...]:
        """Return a value's number of each seed that recorded it."""
        return tuple(result.values[value].number for result in self.measured(name) if value in result.values)

    def reports(self, name: VariantName) -> Mapping[int, Report]:
        """Return what running a variant's stored results again found, by seed; reports on earlier results are out."""
        key = (name.experiment, name.profile)
        if key not in self._reports:
            found = read_reports(self.project, *key)
            self._reports[key] = {run: one for run, one in found.items() if is_current(self.project, one)}
        of = [VariantName(run.experiment, run.profile, run.variant) for run in self._reports[key]]
        runs = zip(of, self._reports[key].items(), strict=True)
        return {run.seed: report for variant, (run, report) in runs if variant == name}

    def run_again_on(self, name: VariantName) -> tuple[Surroundings, ...]:
        """Return on what a variant's results were run again, one for each current report."""
        published = {result.name.seed: result.witness for result in self.measured(name)}
        reports = self.reports(name)
        return tuple(surroundings_of(published[seed], reports[seed].witness) for seed in sorted(reports))

    def verdict(self, name: VariantName, recorded: str = "") -> Verdict | None:
        """Return what reproducing a variant found, or one thing that it recorded; None where nothing was compared."""
        reports = self.reports(name).values()
        ratio = split_ratio(self.measured(name)[0])
        found = verdict_of_reports(reports, ratio)
        if not recorded or found in (None, "failed"):
            return found
        compared = [report.comparison for report in reports if report.comparison]
        names = dict.fromkeys(each for one in compared for each in compared_names(one))
        own = (each for each in names if each == recorded or each.startswith(f"{recorded}."))
        return worst(verdict for each in own if (verdict := verdict_of_name(each, compared, ratio)))

    def stale(self, name: VariantName) -> str:
        """Return why a variant's results are stale, nothing when they are fresh."""
        runs = state.runs if (state := self.states.get((name.experiment, name.profile))) else ()
        return next((run.reason for run in runs if run.name.variant == name.variant and run.state == "stale"), "")

    def datasets(self, experiment: str) -> tuple[DatasetDeclaration, ...]:
        """Return the data sets that an experiment's module and its imports declare."""
        closure = self.sources.closure(self.declarations[experiment].module)
        return tuple(dataset for source in closure for dataset in source.datasets)

    def code(self, experiment: str) -> tuple[str, ...]:
        """Return the files of an experiment's code, its own first."""
        declared = self.declarations[experiment]
        own, closure = declared.file, self.sources.closure(declared.module)
        files = [source.file for source in closure if not source.file.endswith("__init__.py")]
        return (own, *(file for file in files if file != own))

    def digest(self, experiment: str) -> str:
        """Return a hash of all that a page can show of an experiment."""
        if experiment not in self.declarations:
            return ""
        if experiment not in self._digests:
            states = [state for (name, _), state in sorted(self.states.items()) if name == experiment]
            shown = (self.declarations[experiment], states, results_digest(self.project, experiment))
            code = [(self.project.root / file).read_bytes() for file in self.code(experiment)]
            self._digests[experiment] = hashlib.sha256(repr((shown, code)).encode()).hexdigest()
        return self._digests[experiment]
