"""Forked processes: what they inherit, and what they do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Report

KNOWN = """
    import sys
    from bifolio.runner.measuring import surroundings
    run.value("machines", surroundings.machine.cache_info().currsize)
    run.value("versions", surroundings._version.cache_info().currsize)
    run.value("unneeded", sum(name in sys.modules for name in ("argparse", "bifolio.cli", "bifolio.runner.plan")))
    """


def test_what_a_witness_tells_is_read_once_and_inherited(report: Report) -> None:
    report.experiment("forked", KNOWN, imports="import hypothesis")
    report.experiment("spawned", KNOWN, declared='seeds=1, variables={"A": "b"}', imports="import hypothesis")
    process = report.start("run")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    forked, spawned = report.result("forked"), report.result("spawned")
    assert forked.values["machines"].number == 1 and forked.values["versions"].number > 0
    assert spawned.values["machines"].number == 0
    assert forked.witness.machine == spawned.witness.machine
    assert forked.witness.versions == spawned.witness.versions


def test_a_process_of_a_run_loads_neither_the_command_nor_what_plans_runs(report: Report) -> None:
    report.experiment("forked", KNOWN)
    report.experiment("spawned", KNOWN, declared='seeds=1, variables={"A": "b"}')
    process = report.start("run")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert [report.result(name).values["unneeded"].number for name in ("forked", "spawned")] == [0, 0]
