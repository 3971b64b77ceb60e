"""Imports a report's modules from their source only: what runs is what the fingerprint has hashed.

A compiled file counts as current when its source has the same size and second of change, so an edit within a second
would run the old code and store its numbers under the new fingerprint.
"""

from __future__ import annotations

import os
import sys
from importlib.abc import PathEntryFinder
from importlib.machinery import FileFinder, SourceFileLoader
from types import CodeType

from bifolio.project import Project


class _FromSource(SourceFileLoader):
    """Compiles a module's source; compiled files are neither read nor written."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


def import_from_source(project: Project) -> None:
    """Make this process import everything in the report's folder and its experiments from source."""
    root, experiments = str(project.root), str(project.experiments)
    hook = FileFinder.path_hook((_FromSource, [".py"]))

    def is_ours(folder: str) -> bool:
        return folder == root or f"{folder}{os.sep}".startswith(f"{experiments}{os.sep}")

    def find(folder: str) -> PathEntryFinder:
        if not is_ours(folder):
            raise ImportError("no folder of the report", path=folder)  # the next hook is asked
        return hook(folder)

    sys.path_hooks.insert(0, find)
    for folder in [known for known in sys.path_importer_cache if is_ours(known)]:
        del sys.path_importer_cache[folder]
