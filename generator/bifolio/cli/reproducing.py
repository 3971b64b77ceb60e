"""The verb `reproduce`: what is said while published results are run again, and when all are compared."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bifolio.cli.arguments import FINE, FOUND_WRONG, INTERRUPTED, print_json
from bifolio.cli.colours import state_word
from bifolio.cli.failing_runs import FailedRuns
from bifolio.project import DEFAULT_PROFILE, Project, find_project
from bifolio.provenance.declaration import RunName
from bifolio.provenance.witness import SURROUNDINGS, surroundings_of
from bifolio.results.comparison import Difference
from bifolio.results.freshness import RunState
from bifolio.results.reports import Report, verdict_of_reports
from bifolio.results.store import read_result
from bifolio.results.verdict import REFUTING, Verdict, worst
from bifolio.runner.execution import RunReport, default_jobs
from bifolio.runner.progress import Standing, duration
from bifolio.runner.reproduction import Reproduction, known_reports, plan_reproduction, reproduce
from bifolio.runner.task import Outcome

_ON = {
    "same kind": "the same kind of machine",
    "other software": "the same processor with other software",
    "another processor": "another processor",
    "not recorded": "a machine that was not recorded",
}
_MOST = 5
"""Differences that a line names; the report has them all."""


def reproduce_results(options: argparse.Namespace) -> int:
    """Run published results again and compare them with what is stored."""
    project = find_project(Path.cwd())
    planned = plan_reproduction(
        project,
        options.names,
        profile=options.profile,
        sample=options.sample,
        force=options.force,
        adopt=options.adopt,
    )
    say = Speaker(quiet=options.json)
    _announce(planned, options, say)
    if options.dry_run:
        for task in planned.plan.tasks:
            say(f"would run {task.name}: {'a need' if task.name not in planned.chosen else 'to compare'}")
        return FINE
    jobs = options.jobs or default_jobs(project, options.profile)
    failed = FailedRuns(debug=options.debug, width=17)
    ended = reproduce(
        planned,
        jobs,
        lambda outcome, report, standing: say(_line(outcome, report, standing, failed), error=outcome.kind == "failed"),
    )
    return _conclude(planned, ended, jobs, options, say)


class Speaker:
    """Prints, unless what is printed is for a program."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def __call__(self, text: str, *, error: bool = False) -> None:
        if text and (error or not self._quiet):
            print(text, file=sys.stderr if error else sys.stdout, flush=True)


def refusal(run: RunState) -> str:
    """Say that a run cannot be reproduced, why, and what to do."""
    profile = "" if run.name.profile == DEFAULT_PROFILE else f" --profile {run.name.profile}"
    mend = f"measure it first: `bifolio run {run.name.experiment}{profile}`"
    return f"{state_word(run.state, 8)} {run.name}: {run.reason}; {mend}"


def refusals(refused: Iterable[RunState]) -> list[str]:
    """Return one line for the runs of an experiment that are refused for one reason."""
    alike: dict[tuple[str, str, str], list[RunState]] = {}
    for run in refused:
        alike.setdefault((run.name.experiment, run.state, run.reason), []).append(run)
    return [refusal(runs[0]) + ("" if len(runs) == 1 else f" (and {len(runs) - 1} more)") for runs in alike.values()]


def _announce(planned: Reproduction, options: argparse.Namespace, say: Speaker) -> None:
    for line in [*(f"{state_word('broken', 8)} {error}" for error in planned.broken), *refusals(planned.refused)]:
        say(line, error=True)
    if options.sample is not None:
        picked = ", ".join(planned.sampled) or "none: every result has a report; --force runs them again"
        say(f"picked at random: {picked}")
    todo = len(planned.chosen) - len(planned.known)
    say(f"{todo} results to reproduce, {len(planned.known)} have a report (profile {options.profile})")


def _line(outcome: Outcome, report: Report | None, standing: Standing | None, failed: FailedRuns) -> str:
    """Return what is said when a run has ended."""
    begin = "" if standing is None else f"{standing} "
    about = "" if standing is None else standing.about
    if outcome.kind == "failed":
        return failed.lines(outcome, begin)
    if report is None:
        word = "trained" if outcome.kind == "measured" else outcome.kind
        note = f": {outcome.message}" if outcome.message else ""
        silent = outcome.kind == "skipped" and not outcome.message
        return "" if silent else f"{begin}{state_word(word, 16)}  {outcome.name}{about}{note}"
    took = f"  {duration(report.witness.duration)}{about}"
    if report.comparison is None:
        return f"{begin}{state_word(report.verdict, 16)}  {outcome.name}{took}\n{outcome.message}"
    elsewhere = "" if report.comparison.same_machine else " (on another machine)"
    found = "; ".join(map(said, report.comparison.differences[:_MOST]))
    more = len(report.comparison.differences) - _MOST
    note = f": {found}{f'; and {more} more' if more > 0 else ''}" if found else ""
    return f"{begin}{state_word(report.verdict, 16)}  {outcome.name}{took}{elsewhere}{note}"


def said(difference: Difference) -> str:
    """Return a difference in words: its name, both sides, and by how much."""
    row = "" if difference.row is None else f" row {difference.row}"
    amount = "" if difference.amount is None else f"{difference.amount:+.3g}, "
    if difference.kind not in ("value", "column"):
        amount, tolerance = "", "every bit counts"
    else:
        tolerance = "no tolerance" if difference.tolerance is None else f"tolerance {difference.tolerance:g}"
    return f"{difference.name}{row} {difference.published} -> {difference.reproduced} ({amount}{tolerance})"


def _conclude(planned: Reproduction, ended: RunReport, jobs: int, options: argparse.Namespace, say: Speaker) -> int:
    """Say each experiment's verdict and the total; return the exit status."""
    kept = known_reports(planned.project, planned.chosen)
    reports = {name: report for name, report in kept.items() if report.fingerprint == planned.digests[name]}
    verdicts = _verdicts(planned.project, planned.chosen, reports)
    for experiment, verdict in verdicts.items():
        of = [name for name in planned.chosen if name.experiment == experiment]
        done = sum(name in reports for name in of)
        say(f"{experiment} ({options.profile}): {verdict or 'not reproduced'}, {done} of {len(of)} runs")
    if options.json:
        _print(planned, reports, verdicts, options.profile)
    counts = {verdict: list(verdicts.values()).count(verdict) for verdict in dict.fromkeys(verdicts.values())}
    parts = [f"{count} {verdict or 'not reproduced'}" for verdict, count in counts.items()]
    spent = sum(outcome.duration for outcome in ended.outcomes)
    say(_where(planned.project, reports))
    say(f"{', '.join(parts) or 'nothing to reproduce'}; {duration(spent)} of computing, {jobs} beside each other")
    if ended.interrupted:
        print("interrupted: what was reproduced is kept, runs in flight are lost", file=sys.stderr)
        return INTERRUPTED
    lost = planned.adopt and len(reports) < len(planned.chosen)  # their bits are others, so they are as stale as before
    wrong = planned.broken or planned.refused or lost or any(verdict in REFUTING for verdict in verdicts.values())
    return FOUND_WRONG if wrong else FINE


def _where(project: Project, reports: Mapping[RunName, Report]) -> str:
    """Say how many runs were run again on what, nothing where none were."""
    found = [surroundings_of(read_result(project, name).witness, report.witness) for name, report in reports.items()]
    return ", ".join(f"{found.count(one)} runs on {_ON[one]}" for one in SURROUNDINGS if one in found)


def _verdicts(
    project: Project, chosen: Sequence[RunName], reports: Mapping[RunName, Report]
) -> dict[str, Verdict | None]:
    """Return each experiment's verdict, the worst of its variants'; None where nothing was run again."""
    found: dict[str, Verdict | None] = {}
    for experiment in dict.fromkeys(name.experiment for name in chosen):
        names = [name for name in chosen if name.experiment == experiment and name in reports]
        of_variants = [
            verdict_of_reports([reports[name] for name in names if name.variant == variant], _ratio(project, names[0]))
            for variant in dict.fromkeys(name.variant for name in names)
        ]
        found[experiment] = worst(verdict for verdict in of_variants if verdict)
    return found


def _ratio(project: Project, name: RunName) -> float:
    split = read_result(project, name).split
    return split.test_to_train if split else 0.0


def _print(
    planned: Reproduction, reports: Mapping[RunName, Report], verdicts: Mapping[str, Verdict | None], profile: str
) -> None:
    data = {
        "profile": profile,
        "sampled": planned.sampled,
        "refused": [{"run": run.name.path, "state": run.state, "reason": run.reason} for run in planned.refused],
        "experiments": [
            {
                "experiment": experiment,
                "verdict": verdict,
                "runs": [_entry(name, reports.get(name)) for name in planned.chosen if name.experiment == experiment],
            }
            for experiment, verdict in verdicts.items()
        ],
    }
    print_json(data)


def _entry(name: RunName, report: Report | None) -> dict[str, Any]:
    if report is None:
        return {"run": name.path, "verdict": None}
    return {"run": name.path, "verdict": report.verdict, **asdict(report), "name": asdict(name)}
