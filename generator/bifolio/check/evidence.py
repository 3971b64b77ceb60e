"""Rules about what the chapters show of the evidence: all of it is used, on enough seeds, from committed code."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.chapters.context.catalogue import SUMMARY
from bifolio.check.finding import Finding
from bifolio.check.subject import Stored, Subject
from bifolio.errors import nearest_name
from bifolio.project import DEFAULT_PROFILE, PROFILES, SMOKE_PROFILE
from bifolio.provenance.declaration import Declaration, RunName
from bifolio.provenance.quantities import declares_exact
from bifolio.results.exactness import is_exact
from bifolio.results.store import stored_runs
from bifolio.statistics import FEWEST_SEEDS


def orphan_results(subject: Subject) -> Iterator[Finding]:
    """Yield the folders of results that no experiment, or no variant of it, declares."""
    project = subject.project
    declarations = subject.declarations
    folder = project.results(DEFAULT_PROFILE)
    for stored in sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else ():
        place, name = project.relative(stored), stored.name
        declaration = declarations.get(name)
        if declaration is None and (name in subject.catalogue.broken or name in subject.catalogue.drafts):
            continue
        if declaration is None:
            near = nearest_name(name, declarations)
            renamed = f"; if it is called {near} now, `bifolio run {near}` measures it under that name" if near else ""
            expected = f"experiments/{name}.py, or no such folder: `git rm -r {place}`{renamed}"
            yield Finding("orphan-result", place, 0, "", f"results of {name}, which is no experiment", expected)
            continue
        for profile in (profile for profile in PROFILES if profile != SMOKE_PROFILE):
            declared = set(declaration.runs(profile))
            orphans = [run for run in stored_runs(project, name, profile) if run not in declared]
            for variant in dict.fromkeys(run.variant for run in orphans):
                yield _orphan_variant(declaration.file, place, [run for run in orphans if run.variant == variant])


def _orphan_variant(file: str, place: str, runs: list[RunName]) -> Finding:
    folder = f"{place}/{runs[0].profile}/{runs[0].variant}"
    seeds = ", ".join(str(run.seed) for run in runs)
    expected = f"a variant and seeds that {file} declares, or no such files: `git rm` them"
    return Finding("orphan-result", folder, 0, "", f"results of seed {seeds}, which are not declared", expected)


def unused_experiments(subject: Subject) -> Iterator[Finding]:
    """Yield the experiments of which no chapter shows anything."""
    composition = subject.composition
    if composition.errors or composition.left_out:
        return  # what the failed pages show is not known
    records = [composition.records[f"{template.language}/{template.page}"] for template in subject.templates]
    used = {use.of.experiment for record in records for use in record.uses if use.kind != SUMMARY}
    for name, declaration in subject.declarations.items():
        if name not in used:
            expected = f"a chapter that shows something of it, such as {{{{ {name}.… }}}}, or no such experiment"
            found = f"no chapter shows anything of {name}"
            yield Finding("unused-experiment", declaration.file, declaration.line, "", found, expected)


def single_seeds(subject: Subject) -> Iterator[Finding]:
    """Yield the values shown that are not exact and have fewer than five seeds."""
    told = set()
    for template in subject.templates:
        record = subject.composition.records.get(f"{template.language}/{template.page}")
        for use in record.uses if record else ():
            if use.kind != "value" or use in told or use.of.experiment in subject.catalogue.broken:
                continue
            told.add(use)
            declaration = subject.declarations[use.of.experiment]
            runs = [
                subject.stored.get(run) for run in declaration.runs(use.of.profile) if run.variant == use.of.variant
            ]
            shown = [run for run in runs if run and use.name in run.values]
            if len(shown) == 1 and shown[0].values[use.name].of is not None:
                continue  # a single count has an exact interval of its own
            if len(shown) < FEWEST_SEEDS and not is_exact(
                [run.values[use.name] for run in shown], declared=declares_exact(declaration, use.name)
            ):
                found = f"{use.of.experiment} ({use.of.variant}, {use.of.profile}): {use.name} of n = {len(shown)}"
                expected = f"at least {FEWEST_SEEDS} seeds, or Quantity(exact=True) for what is computed exactly"
                yield Finding("single-seed", declaration.file, declaration.line, "", found, expected)


def unsaid_data(subject: Subject) -> Iterator[Finding]:
    """Yield the experiments that repeat something and do not say what each repetition did with the data."""
    for declaration in subject.declarations.values():
        runs = [(run, one) for run, one in subject.stored.items() if run.experiment == declaration.name]
        for variant in dict.fromkeys(run.variant for run, _ in runs):
            stored = [one for run, one in runs if run.variant == variant]
            if len(stored) > 1 and not any(one.data for one in stored) and _is_measured(declaration, stored):
                found = f"{declaration.name} ({variant}): nothing says what its seeds did with the data"
                expected = "run.split(…), run.fixed_split(…), run.fresh_data() or run.no_data()"
                yield Finding("unsaid-data", declaration.file, declaration.line, "", found, expected)
                break


def _is_measured(declaration: Declaration, stored: list[Stored]) -> bool:
    """Tell whether some value of a variant is neither a timing nor exact."""
    for name in dict.fromkeys(name for one in stored for name in one.values):
        values = [one.values[name] for one in stored if name in one.values]
        if not values[0].timing and not is_exact(values, declared=declares_exact(declaration, name)):
            return True
    return False


def dirty_witnesses(subject: Subject) -> Iterator[Finding]:
    """Yield the experiments with results that were measured while code or settings differed from the commit."""
    for state in subject.states:
        runs = (run.name for run in state.runs)
        dirty = [name for name in runs if name in subject.stored and subject.stored[name].uncommitted]
        if dirty:
            declaration = subject.declarations[state.experiment]
            found = f"{state.experiment} ({state.profile}): {len(dirty)} runs on an uncommitted tree: {dirty[0]}, …"
            profile = "" if state.profile == DEFAULT_PROFILE else f" --profile {state.profile}"
            expected = f"commit, then `bifolio run {state.experiment}{profile} --force`"
            yield Finding("dirty-witness", declaration.file, declaration.line, "", found, expected)
