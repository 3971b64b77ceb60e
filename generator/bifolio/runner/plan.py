"""Plans which runs to execute: those that are not fresh, and what they need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bifolio.errors import BifolioError
from bifolio.project import Project
from bifolio.provenance.declaration import RunName
from bifolio.provenance.fingerprint import Fingerprints
from bifolio.provenance.sources import Sources, read_sources
from bifolio.results.freshness import RunState, broken_among, published, select, survey
from bifolio.runner.measuring.determinism import refuse_fixed
from bifolio.runner.measuring.surroundings import refuse_other_libraries
from bifolio.runner.task import Task, weights_folder


@dataclass(frozen=True)
class Plan:
    """What is to be done: tasks in an order in which what is needed comes first; `fresh` counts what need not be."""

    tasks: tuple[Task, ...]
    fresh: int
    imports: tuple[tuple[str, str], ...]
    """(module, name) pairs that the planned experiments import from outside the report, to be imported once."""
    broken: tuple[BifolioError, ...] = ()
    """What is wrong with experiments that were asked for and cannot be planned."""

    @property
    def libraries(self) -> frozenset[str]:
        """Return the libraries whose versions the witnesses of the planned runs tell."""
        return frozenset(library for task in self.tasks for library in task.libraries)


def make_plan(
    project: Project,
    names: Iterable[str] = (),
    *,
    profile: str,
    force: bool = False,
    optional: bool = True,
    drafts: bool = True,
) -> Plan:
    """Plan the named experiments, or all, at a profile.

    `force` plans fresh runs too; without `optional`, optional variants that were never measured are left alone, and
    without `drafts` all drafts. Raises UsageError and DeclarationError.
    """
    sources = read_sources(project)
    surveyed = survey(project, (), (profile,), sources)
    surveyed = surveyed if drafts else published(surveyed)
    states = {run.name: run for state in surveyed for run in state.runs}
    chosen = select({state.experiment: state for state in surveyed}, names)
    planner = _Planner(project, sources, states)
    fresh = 0
    for run in states.values():
        if run.name.experiment not in chosen:
            continue
        if run.state == "missing" and run.optional and not (optional or force):
            continue
        if force or run.state != "fresh":
            planner.want(run.name, run.reason or "forced")
        else:
            fresh += 1
    broken = broken_among(state for state in surveyed if state.experiment in chosen)
    return replace(planner.plan(fresh), broken=broken)


def plan_runs(project: Project, runs: Iterable[RunName], sources: Sources, *, force: bool = False) -> Plan:
    """Plan these runs, with what they need, wherever the project keeps its results; fresh ones only with `force`."""
    wanted = tuple(runs)
    profiles = sorted({run.profile for run in wanted})
    states = {run.name: run for state in survey(project, (), profiles, sources) for run in state.runs} if wanted else {}
    planner = _Planner(project, sources, states)
    todo = [run for run in wanted if force or states[run].state != "fresh"]
    for run in todo:
        planner.want(run, states[run].reason or "forced")
    return planner.plan(len(wanted) - len(todo))


def check_environment(project: Project, plan: Plan) -> None:
    """Raise EnvironmentMismatch unless the libraries here are those that the planned runs depend on."""
    for profile in sorted({task.name.profile for task in plan.tasks}):
        declared: dict[str, str] = {}
        for task in plan.tasks:
            if task.name.profile == profile:
                declared.update(task.environment)
        refuse_other_libraries(project, profile, declared)


class _Planner:
    """Collects wanted runs with what they need."""

    def __init__(self, project: Project, sources: Sources, states: Mapping[RunName, RunState]) -> None:
        self._project = project
        self._sources = sources
        self._states = states
        self._fingerprints = Fingerprints(project, sources)
        self._wanted: dict[RunName, tuple[str, bool]] = {}

    def want(self, name: RunName, reason: str, *, only_weights: bool = False) -> None:
        """Plan a run and what it needs; a full run replaces one that is only for weights."""
        if name in self._wanted and (only_weights or not self._wanted[name][1]):
            return
        for need in self._fingerprints.needs(name):
            state = self._states[need]
            if state.state != "fresh":
                self.want(need, f"needed by {name.experiment}: {state.reason}")
            elif state.keeps_weights and not weights_folder(self._project, self._fingerprints.of(need).digest).is_dir():
                self.want(need, f"its weights are needed by {name.experiment}", only_weights=True)
        self._wanted[name] = (reason, only_weights)

    def plan(self, fresh: int) -> Plan:
        tasks = tuple(self._task(name, *self._wanted[name]) for name in self._in_order())
        imports = {
            (module, member)
            for experiment in {task.name.experiment for task in tasks}
            for source in self._sources.closure(self._sources.declarations[experiment].module)
            for module, member in source.imports
            if module.split(".")[0] != "__future__" and not self._is_ours(module)
        }
        return Plan(tasks, fresh, tuple(sorted(imports)))

    def _in_order(self) -> tuple[RunName, ...]:
        """Return the wanted runs, each after those that it needs."""
        ordered: dict[RunName, None] = {}

        def add(name: RunName) -> None:
            if name in ordered:
                return
            for need in self._fingerprints.needs(name):
                add(need)
            if name in self._wanted:
                ordered[name] = None

        for name in self._wanted:
            add(name)
        return tuple(ordered)

    def _is_ours(self, module: str) -> bool:
        """Tell whether a module lies in the report's folder: no guard would see it if it were imported before a run."""
        place = self._project.root / module.split(".")[0]
        return place.is_dir() or place.with_suffix(".py").is_file()

    def _task(self, name: RunName, reason: str, only_weights: bool) -> Task:
        declaration = self._sources.declarations[name.experiment]
        refuse_fixed(declaration)
        profile = self._project.profile(name.profile)
        fingerprint = self._fingerprints.of(name)
        # The metadata of libraries is listed by what people install, and modules are named by what they import.
        libraries = self._sources.external(declaration.module) | set(profile.environment)
        return Task(
            name=name,
            declaration=declaration,
            fingerprint=fingerprint,
            threads=declaration.threads or profile.threads,
            device=profile.device,
            needs={need: self._fingerprints.of(need).digest for need in self._fingerprints.needs(name)},
            sources=self._sources.opened(declaration.module),
            libraries=frozenset(libraries),
            reason=reason,
            only_weights=only_weights,
        )
