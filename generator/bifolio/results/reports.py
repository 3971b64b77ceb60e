"""Reports of reproductions: one JSON file a run that was run again, kept beside the results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from bifolio.errors import ResultError
from bifolio.project import Project
from bifolio.provenance.declaration import RunName
from bifolio.provenance.forms import Digest
from bifolio.provenance.witness import Witness
from bifolio.results.comparison import Comparison
from bifolio.results.store import encode_data, read_checked, result_path, runs_in
from bifolio.results.verdict import Verdict, verdict_of_run, verdict_of_runs
from bifolio.storage import write_file


@dataclass(frozen=True)
class Report:
    """What running one run again found; a run that failed has a `problem` in place of a comparison.

    `fingerprint` and `published` (the checksum of the result's file) say what it is about; the witness is that of the
    second run.
    """

    name: RunName
    fingerprint: Digest
    published: Digest
    problem: str
    comparison: Comparison | None
    witness: Witness

    @property
    def verdict(self) -> Verdict:
        return "failed" if self.comparison is None else verdict_of_run(self.comparison)


def report_path(project: Project, name: RunName) -> Path:
    """Return the file of a run's report."""
    return project.reproductions / name.path


def write_report(project: Project, report: Report) -> None:
    """Keep a report, in place of an earlier one; raise StorageError if the disk refuses."""
    data = {**asdict(report), "verdict": report.verdict}  # the verdict is there for people: reading finds it again
    write_file(report_path(project, report.name), encode_data(data))


def read_report(project: Project, name: RunName) -> Report:
    """Return one report, validated; raise ResultError with file and field."""
    from bifolio.results.reading import read_record

    path = report_path(project, name)
    file = project.relative(path)
    data = read_checked(path, file, "make it again with `bifolio reproduce --force`")
    data.pop("verdict", None)
    report = read_record(data, Report, file, path)
    if report.name != name:
        raise ResultError(
            "a report says it is of another run than its path", file=file, found=report.name, expected=name
        )
    return report


def read_reports(project: Project, experiment: str, profile: str) -> dict[RunName, Report]:
    """Return all reports of an experiment at a profile, current or not; raise ResultError for a bad one."""
    return {name: read_report(project, name) for name in runs_in(project.reproductions, experiment, profile)}


def is_current(project: Project, report: Report) -> bool:
    """Tell whether a report is about the result that is stored: the same fingerprint, the same bytes."""
    path = result_path(project, report.name)
    try:
        data = read_checked(path, project.relative(path))
        return bool(data["checksum"] == report.published and data["fingerprint"]["digest"] == report.fingerprint)
    except (ResultError, KeyError, TypeError):
        return False


def verdict_of_reports(reports: Iterable[Report], test_to_train: float) -> Verdict | None:
    """Return the verdict on a variant from the reports of its runs, None for no report."""
    found = [report.comparison for report in reports]
    compared = [comparison for comparison in found if comparison]
    return "failed" if len(compared) < len(found) else verdict_of_runs(compared, test_to_train)
