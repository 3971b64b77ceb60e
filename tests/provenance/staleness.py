"""Which experiments of a report depend on something else now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Report


def stale(report: Report, before: dict[str, str], profile: str = "cpu") -> set[str]:
    """Return the experiments of which a run that was there before depends on something else now."""
    after = report.digests(profile)
    return {run.split("/")[0] for run, digest in before.items() if after.get(run) != digest}
