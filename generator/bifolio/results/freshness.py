"""Fresh, stale or missing: compares what stored results depended on with what runs would depend on now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bifolio.errors import BifolioError, DeclarationError, ResultError, UnreadableError, UsageError, nearest_name
from bifolio.project import DEFAULT_PROFILE, SMOKE_PROFILE, Project
from bifolio.provenance.declaration import Declaration, RunName
from bifolio.provenance.fingerprint import TOLD, Fingerprints
from bifolio.provenance.sources import Sources, read_sources
from bifolio.results.store import read_checked, result_path, stored_runs

State = Literal["fresh", "stale", "missing", "broken"]


@dataclass(frozen=True)
class RunState:
    """One run: whether its result is fresh, why not, and whether it may be absent."""

    name: RunName
    state: State
    reason: str
    optional: bool
    keeps_weights: bool = False


@dataclass(frozen=True)
class ExperimentState:
    """An experiment at a profile: the worst state of its runs that count, with the reason in words.

    One that is broken has no runs, and an error.
    """

    experiment: str
    profile: str
    state: State
    reason: str
    runs: tuple[RunState, ...]
    error: BifolioError | None = None
    draft: bool = False


def survey(
    project: Project,
    names: Iterable[str] = (),
    profiles: Iterable[str] = (),
    sources: Sources | None = None,
) -> tuple[ExperimentState, ...]:
    """Return the state of experiments, all by default, at the given profiles.

    Without profiles: the default one, and others for which something is stored or a size is declared; never smoke.
    One whose file, or a file that it imports or needs, cannot be read is broken, and harms no other. Raises UsageError
    for an unknown experiment or profile.
    """
    sources = read_sources(project) if sources is None else sources
    broken = sources.broken_experiments
    chosen = select({**sources.declarations, **broken}, names)
    fingerprints = Fingerprints(project, sources)
    wanted = tuple(project.profile(profile).name for profile in profiles)
    states: list[ExperimentState] = []
    for name in chosen:
        if name in broken:
            states += [_broken(name, profile, broken[name]) for profile in wanted or (DEFAULT_PROFILE,)]
            continue
        declaration = sources.declarations[name]
        for profile in wanted or _profiles(project, declaration):
            try:
                states.append(_experiment(project, declaration, profile, fingerprints))
            except (DeclarationError, UnreadableError) as error:
                states.append(_broken(name, profile, error, draft=declaration.draft))
    return tuple(states)


def _broken(name: str, profile: str, error: BifolioError, *, draft: bool = False) -> ExperimentState:
    return ExperimentState(name, profile, "broken", error.summary, (), error, draft)


def published(states: Iterable[ExperimentState], names: Iterable[str] = ()) -> tuple[ExperimentState, ...]:
    """Return the states of what is no draft; raise UsageError for a draft among the names that were asked for."""
    found = tuple(states)
    for state in found:
        if state.draft and state.experiment in names:
            problem, expected = "a draft is not published", "an experiment without draft=True"
            raise UsageError(problem, found=state.experiment, expected=expected)
    return tuple(state for state in found if not state.draft)


def broken_among(states: Iterable[ExperimentState]) -> tuple[BifolioError, ...]:
    """Return what is wrong with the broken ones, each fault once."""
    return tuple({str(state.error): state.error for state in states if state.error}.values())


def select(declarations: Mapping[str, object], names: Iterable[str]) -> tuple[str, ...]:
    """Return the named experiments, or all in order; raise UsageError for an unknown name."""
    chosen = tuple(dict.fromkeys(names)) or tuple(sorted(declarations))
    for name in chosen:
        if name not in declarations:
            raise UsageError(
                "there is no such experiment",
                found=name,
                expected=", ".join(declarations) or "a file experiments/<name>.py with @experiment",
                nearest=nearest_name(name, declarations),
            )
    return chosen


def consumed_digest(number: float | int) -> str:
    """Return the hash by which a result remembers a number of another result that it used."""
    return hashlib.sha256(json.dumps(number).encode()).hexdigest()


def _profiles(project: Project, declaration: Declaration) -> tuple[str, ...]:
    return tuple(
        profile
        for profile in project.profiles
        if profile == DEFAULT_PROFILE
        or (
            profile != SMOKE_PROFILE
            and (profile in declaration.sizes or stored_runs(project, declaration.name, profile))
        )
    )


def _experiment(
    project: Project, declaration: Declaration, profile: str, fingerprints: Fingerprints
) -> ExperimentState:
    runs = tuple(_run(project, declaration, name, fingerprints) for name in declaration.runs(profile))
    counting = [run for run in runs if run.state != "missing" or not run.optional]
    for state in ("stale", "missing"):
        affected = [run for run in counting if run.state == state]
        if affected:
            which = "" if len(affected) == len(counting) else f" ({len(affected)} of {len(counting)} runs)"
            reason = f"{affected[0].reason}{which}"
            return ExperimentState(declaration.name, profile, state, reason, runs, draft=declaration.draft)
    reason = f"{len(counting)} runs"
    return ExperimentState(declaration.name, profile, "fresh", reason, runs, draft=declaration.draft)


def _run(project: Project, declaration: Declaration, name: RunName, fingerprints: Fingerprints) -> RunState:
    optional = declaration.variants[name.variant].optional
    expected = fingerprints.of(name)
    path = result_path(project, name)
    if not path.is_file():
        return RunState(name, "missing", "never measured", optional)
    try:
        data = read_checked(path, project.relative(path))
        stored = data["fingerprint"]
        keeps_weights = bool(data["keeps_weights"])
        if stored["digest"] != expected.digest:
            return RunState(name, "stale", _difference(stored["parts"], expected.parts), optional, keeps_weights)
        changed = _consumed_changed(project, data["consumed"])
    except ResultError as error:
        return RunState(name, "stale", error.summary, optional)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return RunState(name, "stale", f"{project.relative(path)}: not a result's fields ({error})", optional)
    if changed:
        return RunState(name, "stale", f"it used {changed}, which was measured again", optional, keeps_weights)
    return RunState(name, "fresh", "", optional, keeps_weights)


def _difference(stored: Mapping[str, Mapping[str, str]], expected: Mapping[str, Mapping[str, str]]) -> str:
    """Say in words what changed between two fingerprints' parts."""
    words: list[str] = []
    if stored.get("code") != expected.get("code"):
        before, after = stored.get(TOLD, {}), expected.get(TOLD, {})
        changed = sorted(key for key in {**before, **after} if before.get(key) != after.get(key))
        words.append(f"code of {', '.join(changed)} changed" if changed else "code changed")
    for part, verb in (
        ("config", "config changed: {}"),
        ("datasets", "data set {} changed"),
        ("inputs", "input {} changed"),
        ("environment", "environment changed: {}"),
        ("variables", "environment variables changed: {}"),
        ("uses", "what it uses changed: {}"),
        ("run", "run settings changed: {}"),
        ("needs", "need {} changed"),
    ):
        before, after = stored.get(part, {}), expected.get(part, {})
        changed = sorted(key for key in {**before, **after} if before.get(key) != after.get(key))
        if part in ("config", "environment", "variables", "uses", "run"):
            changed = [f"{key} {before.get(key, 'none')} -> {after.get(key, 'none')}" for key in changed]
        if changed:
            words.append(verb.format(", ".join(changed)))
    return "; ".join(words) or "its fingerprint was made by another version of bifolio"


def _consumed_changed(project: Project, consumed: Mapping[str, str]) -> str:
    """Return the first number of another result that is no longer the one that was used, or nothing."""
    for reference, digest in sorted(consumed.items()):
        path, _, value = reference.partition("#")
        experiment, profile, variant, file = path.split("/")
        seed = int(file.removeprefix("seed-").removesuffix(".json"))
        upstream = result_path(project, RunName(experiment, profile, variant, seed))
        current: Any = read_checked(upstream, project.relative(upstream)).get("values", {}).get(value, {}).get("number")
        if consumed_digest(current) != digest:
            return f"{experiment}.{value}"
    return ""
