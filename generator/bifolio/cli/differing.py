"""The verb `diff`: what changed for the reader, as Markdown or for tools."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from bifolio.changes import as_markdown, describe, files_at, find_changes
from bifolio.chapters.composition import compose
from bifolio.chapters.context.catalogue import Catalogue
from bifolio.cli.arguments import FINE, print_json
from bifolio.project import find_project


def say_changes(options: argparse.Namespace) -> int:
    """Compare a commit with the files as they are, or with another commit."""
    project = find_project(Path.cwd())
    with ExitStack() as stack:
        earlier = stack.enter_context(files_at(project, options.before))
        later = stack.enter_context(files_at(project, options.after)) if options.after else project
        changes = find_changes(Catalogue(earlier), Catalogue(later), compose(later, later.languages))
    before = describe(project, options.before)
    after = describe(project, options.after) if options.after else "working tree"
    if options.json:
        print_json({"before": before, "after": after, **asdict(changes)})
    else:
        print(as_markdown(changes, before, after), end="")
    return FINE
