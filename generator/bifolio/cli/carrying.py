"""The verbs `pack` and `unpack`: results go to another machine and come home."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bifolio.cli.arguments import FINE, FOUND_WRONG
from bifolio.project import Project
from bifolio.results.archive import pack_results, unpack_results
from bifolio.results.ledger import keep_ledgers
from bifolio.runner.locks import writing_alone


def pack_into(project: Project, options: argparse.Namespace) -> int:
    """Put results into the file that was named."""
    count = pack_results(project, Path(options.file), options.names)
    print(f"packed {count} results into {options.file}")
    return FINE


def unpack_from(project: Project, options: argparse.Namespace) -> int:
    """Take results out of the file that was named; those that are refused are said."""
    with writing_alone(project):
        taken = unpack_results(project, Path(options.file), force=options.force)
        keep_ledgers(project)
    for refusal in taken.refused:
        print(f"left out {refusal}", file=sys.stderr)
    print(f"unpacked {taken.stored} results; {taken.unchanged} were here already; {len(taken.refused)} left out")
    return FOUND_WRONG if taken.refused else FINE
