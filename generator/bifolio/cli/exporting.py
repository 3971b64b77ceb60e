"""What `bifolio export` prints: what was drawn anew, the files, how large they are, which were as they should be."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from bifolio.cli.arguments import FINE, FOUND_WRONG, print_json
from bifolio.export import Exported, export
from bifolio.project import Project, find_project


def export_report(options: argparse.Namespace) -> int:
    """Write the files of one format and say what became of each."""
    project = find_project(Path.cwd())
    output = Path(options.output).absolute() if options.output else None
    progress = _Progress()
    try:
        files = export(
            project,
            options.format,
            options.language,
            output,
            volume=options.volume,
            force=options.force,
            progress=progress.tell,
        )
    finally:
        progress.clear()
    kept = dict.fromkeys(reason for one in files for reason in one.kept)
    for reason in kept:
        print(reason, file=sys.stderr)
    ended = FOUND_WRONG if kept else FINE
    if options.json:
        print_json([{**asdict(one), "file": project.relative(one.file)} for one in files])
        return ended
    redrawn = dict.fromkeys(line for one in files for line in one.redrawn)
    for line in (*redrawn, *(_line(project, one) for one in files)):
        print(line, flush=True)
    lost = _lost(files)
    for page, links in lost.items():
        print(f"{links} {'link' if links == 1 else 'links'} to the page {page}: words only", file=sys.stderr)
    if lost:
        print("  expected: its name in [tool.bifolio.export] appendices, or a site_url", file=sys.stderr)
    return ended


def _line(project: Project, one: Exported) -> str:
    held = "the evidence" if one.volume == "evidence" else f"{one.chapters} chapters"
    return f"{one.state:<9} {project.relative(one.file)}  {_size(one.size)}, {held}"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def _lost(files: tuple[Exported, ...]) -> dict[str, int]:
    """Return how many links of all editions lead to each page that the files do not have."""
    found: dict[str, int] = {}
    for one in files:
        for page, links in one.lost.items():
            found[page] = found.get(page, 0) + links
    return found


class _Progress:
    """One line on a terminal that says what is being worked on; nothing elsewhere."""

    def __init__(self) -> None:
        self._shown = False

    def tell(self, what: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{what}", end="", file=sys.stderr, flush=True)
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
