"""The verb `reproduce --new-seeds`: what is said while new seeds are run, then of what they found."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bifolio.cli.arguments import FINE, FOUND_WRONG, INTERRUPTED, print_json
from bifolio.cli.colours import state_word
from bifolio.cli.failing_runs import FailedRuns
from bifolio.cli.reproducing import Speaker, refusals
from bifolio.errors import UsageError
from bifolio.project import Project, find_project
from bifolio.provenance.declaration import DEFAULT_VARIANT
from bifolio.results.ledger import keep_ledgers
from bifolio.results.new_claims import ClaimOnNewSeeds
from bifolio.results.new_seeds import MeanOfSeeds, SeedReport, ValueOnNewSeeds
from bifolio.runner.execution import default_jobs
from bifolio.runner.new_seeds import NewSeeds, plan_new_seeds, reports_on_new_seeds, run_new_seeds
from bifolio.runner.progress import Standing, duration
from bifolio.runner.task import Outcome
from bifolio.statistics import CLAIM_CONFIDENCE


def run_on_new_seeds(options: argparse.Namespace) -> int:
    """Run what has no result on new seeds, then compare every experiment with its published seeds."""
    if options.force or options.sample is not None:
        raise UsageError("the first results on new seeds are kept", expected="--new-seeds without --force or --sample")
    project = find_project(Path.cwd())
    new = plan_new_seeds(project, options.names, profile=options.profile, later=options.later)
    say = Speaker(quiet=options.json)
    for line in [*(f"{state_word('broken', 8)} {error}" for error in new.broken), *refusals(new.refused)]:
        say(line, error=True)
    say(f"{new.count} runs on new seeds to do, {new.known} are there already (profile {options.profile})")
    if options.dry_run:
        for task in (task for batch in new.batches for task in batch.plan.tasks):
            say(f"would run {task.name}")
        return FINE
    jobs = options.jobs or default_jobs(project, options.profile)
    keep_ledgers(project)
    _write_down(project, options.profile, say)
    failed = FailedRuns(debug=options.debug, width=9)
    ended = run_new_seeds(
        new,
        jobs,
        lambda outcome, standing: say(_line(outcome, standing, failed), error=outcome.kind == "failed"),
    )
    keep_ledgers(project)
    claims = _claims(new, options.profile, say)
    _conclude(new, reports_on_new_seeds(new), claims, options, say)
    spent = sum(outcome.duration for outcome in ended.outcomes)
    say(f"{ended.count('measured')} measured; {duration(spent)} of computing, {jobs} beside each other")
    if ended.interrupted:
        print("interrupted: what was measured is kept, runs in flight are lost", file=sys.stderr)
        return INTERRUPTED
    wrong = any(claim.outcome != claim.wanted for claim in claims)
    return FOUND_WRONG if new.broken or new.refused or ended.count("failed") or wrong else FINE


def _write_down(project: Project, profile: str, say: Speaker) -> None:
    """Write down what the report claims before new seeds are run, where the build side is installed."""
    if find_spec("jinja2") is None:
        say("what the report claims is not written down, the build side is not installed: these seeds confirm nothing")
        return
    from bifolio.cli.new_claims import write_down_claims

    write_down_claims(project, profile)


def _claims(new: NewSeeds, profile: str, say: Speaker) -> tuple[ClaimOnNewSeeds, ...]:
    """Return what came of the report's claims, nothing where only the run side is installed."""
    if find_spec("jinja2") is None:
        say("claims are held against new seeds where the build side is installed: run this again there", error=True)
        return ()
    from bifolio.cli.new_claims import claims_on_new_seeds

    found = claims_on_new_seeds(new.project, profile, new.first)
    if found.late:
        say(f"{found.late} were written after these seeds had been run and need later ones: `--new-seeds --later`")
    return found.met


def _conclude(
    new: NewSeeds,
    reports: Sequence[SeedReport],
    claims: Sequence[ClaimOnNewSeeds],
    options: argparse.Namespace,
    say: Speaker,
) -> None:
    for report in reports:
        say(_summary(report))
        for value in report.values:
            if not value.agrees:
                say(f"  {_said(value)}")
    as_wanted = [claim for claim in claims if claim.outcome == claim.wanted]
    if claims:
        say(f"{len(as_wanted)} of {len(claims)} claims and statements come out as they are written")
    for claim in claims:
        if claim.outcome != claim.wanted:
            say(f"  {claim.page}: {claim.outcome}, written: {claim.wanted}: {claim.sentence}\n    {claim.told}")
    if options.json:
        data = {
            "profile": options.profile,
            "refused": [{"run": run.name.path, "state": run.state, "reason": run.reason} for run in new.refused],
            "reports": [_entry(report) for report in reports],
            "claims": [asdict(claim) for claim in claims],
        }
        print_json(data)


def _line(outcome: Outcome, standing: Standing, failed: FailedRuns) -> str:
    if outcome.kind == "failed":
        return failed.lines(outcome, f"{standing} ")
    note = f": {outcome.message}" if outcome.message else ""
    took = f"{duration(outcome.duration)}{standing.about}"
    silent = outcome.kind == "skipped" and not outcome.message  # another seed of the same variant said why
    return "" if silent else f"{standing} {state_word(outcome.kind, 8)}  {outcome.name}  {took}{note}"


def _summary(report: SeedReport) -> str:
    agreeing = sum(value.agrees for value in report.values)
    return (
        f"{report.experiment} ({report.profile}), seeds {report.first} to {report.last}: {agreeing} of "
        f"{len(report.values)} values agree with the published seeds at {CLAIM_CONFIDENCE:.0%}"
    )


def _said(value: ValueOnNewSeeds) -> str:
    variant = "" if value.variant == DEFAULT_VARIANT else f"{value.variant}."
    sides = " -> ".join(map(_mean, (value.published, value.new)))
    return f"{variant}{value.name}: {sides} (difference {value.low:.4g} to {value.high:.4g})"


def _mean(found: MeanOfSeeds) -> str:
    return f"{found.mean:.5g}" + ("" if found.half_width is None else f" ± {found.half_width:.2g}")


def _entry(report: SeedReport) -> dict[str, Any]:
    values = [{**asdict(value), "agrees": value.agrees} for value in report.values]
    return {**asdict(report), "values": values}
