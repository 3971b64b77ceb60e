"""What is asked for: the tool's extras are the tool's, the report's list is whole, each has its version and reason."""

from __future__ import annotations

import re
import sys
import tomllib
from fnmatch import fnmatchcase
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from bifolio.project import find_project
from bifolio.provenance.sources import read_sources
from bifolio.runner.missing_libraries import how_to_install

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
REQUIREMENTS = ROOT / "experiments" / "requirements.txt"


def plain(name: str) -> str:
    """Return a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names(lines: list[str]) -> set[str]:
    """Return the distributions that lines of requirements name."""
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith(("#", "-")))
    return {plain(match.group()) for match in found if match}


LISTED = names(REQUIREMENTS.read_text(encoding="utf-8").splitlines())
ASKED = names([*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra)]) | LISTED


def test_the_run_side_asks_for_what_the_tool_knows() -> None:
    assert names(EXTRAS["run"]) == {"numpy", "safetensors", "torch"}
    assert how_to_install(find_project(ROOT), EXTRAS["run"]) == "pip install 'bifolio[run]'"


def test_what_the_experiments_import_is_asked_for() -> None:
    sources = read_sources(find_project(ROOT))
    imported = {library for name in sources.declarations for library in sources.external(f"experiments.{name}")}
    brought = packages_distributions()
    libraries = {library: {plain(name) for name in brought.get(library, ())} for library in imported}
    missing = {
        library
        for library, distributions in libraries.items()
        if library not in sys.stdlib_module_names and not distributions & (LISTED | names(EXTRAS["run"]))
    }
    assert missing == set()


def test_all_that_is_asked_for_has_one_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [plain(line.partition("==")[0]) for line in lines if "==" in line]
    assert len(pins) == len({*pins})
    assert {*pins} >= ASKED


def test_the_report_s_list_is_read_with_these_versions() -> None:
    assert "-c ../constraints.txt" in REQUIREMENTS.read_text(encoding="utf-8").splitlines()


def table() -> list[str]:
    """Return the libraries that the architecture page gives a reason for, in its order; `-b` after `x-a` is `x-b`."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## Why these libraries")[2]
    rows = re.findall(r"^\| (?!library)([^|]+) \|", text, re.MULTILINE)
    written = [name.removesuffix(" (vendored)") for row in rows for name in row.split(", ")]
    return [plain(f"fontpkg{name}" if name.startswith("-") else name) for name in written]


def test_each_has_one_line_of_reason() -> None:
    reasons = table()
    assert len(reasons) == len({*reasons}), "a library stands twice"
    assert {name for name in ASKED if not any(fnmatchcase(name, reason) for reason in reasons)} == set()


@pytest.mark.parametrize("kind", ["run", "build", "test"])
def test_no_extra_asks_for_what_another_has(kind: str) -> None:
    others = {name for other, lines in EXTRAS.items() if other != kind for name in names(lines)}
    assert names(EXTRAS[kind]) & (others | LISTED) == set()
