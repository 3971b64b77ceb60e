"""The verb `status`: one line for each experiment and profile."""

from __future__ import annotations

import argparse
import os

from bifolio.cli.arguments import FINE, FOUND_WRONG, print_json
from bifolio.cli.colours import state_word
from bifolio.results.status import status_rows


def say_states(options: argparse.Namespace) -> int:
    """Print what is fresh, stale, missing or broken; return the exit status."""
    rows = status_rows(os.getcwd(), options.names, options.profile)
    ended = FOUND_WRONG if any(row["state"] == "broken" for row in rows) else FINE
    if options.json:
        print_json(rows)
        return ended
    width = max((len(row["experiment"]) for row in rows), default=0)
    for row in rows:
        print(f"{row['experiment']:<{width}}  {row['profile']:<5}  {state_word(row['state'], 7)}  {row['reason']}")
    if not rows:
        print("this report has no experiments")
    return ended
