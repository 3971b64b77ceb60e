"""Imports a report's modules from their source only: what runs is what the fingerprint has hashed.

A compiled file counts as current when its source has the same size and second of change, so an edit within a second
would run the old code and store its numbers under the new fingerprint. And an edit after the plan was made would run
new code under the old one, so what is compiled is shown to a check first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from importlib.abc import Loader, PathEntryFinder
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import cast

from bifolio.project import Project


class _FromSource(SourceFileLoader):
    """Compiles a module's source; compiled files are neither read nor written."""

    def __init__(self, check: Callable[[str, bytes], None], fullname: str, path: str) -> None:
        super().__init__(fullname, path)
        self._check = check

    def get_code(self, fullname: str) -> CodeType:
        content = self.get_data(self.path)
        self._check(self.path, content)
        return self.source_to_code(content, self.path)


def import_from_source(project: Project, check: Callable[[str, bytes], None]) -> None:
    """Make this process import everything in the report's folder and its experiments from source.

    `check` is given each file, named from the root, and the bytes that are compiled; what it raises, the import raises.
    """
    root, experiments = str(project.root), str(project.experiments)

    def check_file(path: str, content: bytes) -> None:
        check(project.relative(Path(path)), content)

    loader = cast("type[Loader]", partial(_FromSource, check_file))
    hook = FileFinder.path_hook((loader, [".py"]))

    def is_ours(folder: str) -> bool:
        return folder == root or f"{folder}{os.sep}".startswith(f"{experiments}{os.sep}")

    def find(folder: str) -> PathEntryFinder:
        if not is_ours(folder):
            raise ImportError("no folder of the report", path=folder)  # the next hook is asked
        return hook(folder)

    sys.path_hooks.insert(0, find)
    for folder in [known for known in sys.path_importer_cache if is_ours(known)]:
        del sys.path_importer_cache[folder]
