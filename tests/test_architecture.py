"""The hourglass, held: imports point down, the two sides meet only in results, files keep the house rules."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIFOLIO = ROOT / "generator" / "bifolio"

# From the top, as DESIGN.md draws it: a module imports only from the rows below its own.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("runner", "check", "website", "export", "changes", "starter"),
    ("authoring", "chapters"),
    ("bibliography", "claims", "figures", "formulas", "diagrams", "formats", "markdown"),
    ("results",),
    ("provenance",),
    ("project", "programs", "palette", "statistics"),
    ("memo",),
    ("calls", "leftovers", "storage", "turns"),
    ("owner",),
    ("errors",),
    ("",),  # the package itself: its version, and the names that authors import
)
ROW = {module: row for row, modules in enumerate(LAYERS) for module in modules}

# The same inside the packages that have rooms; those of the report's own experiments: tests/experiments/test_rooms.py.
ROOMS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "chapters": (
        ("",),
        ("writing", "power"),
        ("composition",),
        ("making", "broken", "composed", "draft"),
        ("assets", "memory", "front_matter", "gate"),
        ("pages", "templates"),
        ("claims",),
        ("macros",),
        ("context",),
    ),
    "runner": (
        ("new_seeds", "trial"),
        ("reproduction",),
        ("execution",),
        ("executors",),
        ("sharing",),
        ("keeping", "locks", "plan", "schedule"),
        ("measuring",),
        ("missing_libraries", "interrupts", "progress", "task"),
        ("",),
    ),
}
OFFERED = ("", "authoring")
"""The one import that points up: `from bifolio import Run` is what authors write, and it loads when it is asked for."""
RUN_SIDE = ("runner", "authoring")
BUILD_SIDE = (
    "check",
    "website",
    "export",
    "changes",
    "chapters",
    "claims",
    "figures",
    "formulas",
    "diagrams",
    "formats",
    "markdown",
    "bibliography",
)
NOT_FOR_RUNNING = {
    *(
        "mkdocs",
        "jinja2",
        "markdown",
        "markdown_it",
        "babel",
        "merman",
        "quickjs",
        "vl_convert",
        "fontTools",
        "pygments",
    ),
    *("jieba", "watchdog", "typst", "pypandoc", "yaml", "bibtexparser", "pylatexenc"),
}
NOT_FOR_BUILDING = {"torch", "transformers", "safetensors", "numpy", "sklearn", "snownlp"}

STARTED = BIFOLIO / "starter" / "report"
"""What `bifolio init` copies: a report's own files, which import as reports do."""
FILES = sorted(file for file in BIFOLIO.rglob("*.py") if not file.is_relative_to(STARTED))
EXPERIMENTS = ROOT / "experiments"
PROGRAM = [*FILES, *sorted(EXPERIMENTS.rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION, MOST_MODULES, LONGEST_TESTS = 250, 60, 20, 400
identify = pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(BIFOLIO).as_posix())


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_bytes())


def module_name(file: Path) -> str:
    """Return the dotted name below `bifolio`: chapters.values, or chapters for its __init__."""
    return ".".join(file.relative_to(BIFOLIO).with_suffix("").parts).removesuffix("__init__").rstrip(".")


MODULES = {module_name(file): file for file in FILES}


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of everything a file imports, in functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: a relative import"
            for alias in node.names:
                dotted = f"{node.module}.{alias.name}"
                is_module = dotted.removeprefix("bifolio.") in MODULES
                yield node.lineno, dotted if is_module else str(node.module)


def own_imports(file: Path) -> list[tuple[int, str]]:
    """Return line and name, below `bifolio`, of what a file imports of bifolio itself."""
    names = ((line, name.partition(".")) for line, name in imports(file))
    return [(line, rest) for line, (package, _, rest) in names if package == "bifolio"]


def top(name: str) -> str:
    return name.split(".")[0]


def test_every_module_has_its_row() -> None:
    assert {top(name) for name in MODULES} <= set(ROW)


@identify
def test_imports_point_down(file: Path) -> None:
    here = top(module_name(file))
    wrong = [
        f"{file.relative_to(ROOT)}:{line}: {here} imports {top(name)}"
        for line, name in own_imports(file)
        if top(name) != here and ROW[top(name)] <= ROW[here] and (here, name) != OFFERED
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_import_down(package: str) -> None:
    row = {room: number for number, rooms in enumerate(ROOMS[package]) for room in rooms}
    inside = {name: file for name, file in MODULES.items() if top(name) == package}
    assert {room_of(name) for name in inside} == set(row)
    wrong = [
        f"{file.relative_to(ROOT)}:{line}: {room_of(name)} imports {room_of(other)}"
        for name, file in inside.items()
        for line, other in own_imports(file)
        if top(other) == package and room_of(other) != room_of(name) and row[room_of(other)] <= row[room_of(name)]
    ]
    assert wrong == []


def room_of(name: str) -> str:
    """Return what a package of rooms calls the one that a module belongs to: values for chapters.values.shown."""
    return [*name.split("."), ""][1]


def test_there_are_no_circles() -> None:
    graph = {name: {other for _, other in own_imports(file)} - {name} for name, file in MODULES.items()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@identify
def test_the_sides_do_not_import_what_is_the_others(file: Path) -> None:
    here = top(module_name(file))
    shared = here not in (*RUN_SIDE, *BUILD_SIDE)
    forbidden = (NOT_FOR_BUILDING if here not in RUN_SIDE else set()) | (
        NOT_FOR_RUNNING if here in RUN_SIDE or shared else set()
    )
    assert [f"{file}:{line}: {name}" for line, name in imports(file) if top(name) in forbidden] == []


def loaded(statement: str) -> set[str]:
    """Return the top-level modules that a fresh process has loaded after a statement, over those it starts with."""
    script = f"import sys; before = set(sys.modules)\n{statement}\nprint(*set(sys.modules) - before)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(ended.stdout.split())


def test_the_command_line_imports_next_to_nothing() -> None:
    modules = loaded("import bifolio.cli")
    assert {name for name in modules if name.startswith("bifolio")} == {
        "bifolio",
        "bifolio.cli",
        "bifolio.cli.arguments",
        "bifolio.cli.colours",
        "bifolio.cli.terminal",
        "bifolio.errors",
    }
    heavy = {"json", "tomllib", "dataclasses", "hashlib", "multiprocessing", "subprocess", "ast", "inspect", "logging"}
    assert modules & heavy == set()


@pytest.mark.parametrize("module", ["bifolio.runner.execution", "bifolio.authoring", "bifolio.results.archive"])
def test_importing_the_run_side_loads_no_library_of_the_build_side_and_no_torch(module: str) -> None:
    assert {top(name) for name in loaded(f"import {module}")} & (NOT_FOR_RUNNING | NOT_FOR_BUILDING) == set()


@pytest.mark.parametrize("module", ["bifolio.chapters", "bifolio.check", "bifolio.website"])
def test_the_build_side_works_where_torch_is_not_installed(module: str) -> None:
    without = "".join(f"sys.modules[{name!r}] = None\n" for name in sorted(NOT_FOR_BUILDING))
    assert module in loaded(f"{without}import {module}")


@pytest.mark.parametrize("module", ["status", "freshness", "reports", "new_claims", "new_seeds", "store"])
def test_what_only_compares_digests_does_not_load_what_reads_records_in_full(module: str) -> None:
    assert {top(name) for name in loaded(f"import bifolio.results.{module}")} & {"cattrs", "attrs"} == set()


@identify
def test_a_file_says_what_it_is_for(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith('"""'), "the first line is no docstring"
    assert (ast.get_docstring(tree(file)) or "").splitlines()[0].endswith((".", ":", ";"))


@identify
def test_names_keep_the_house_rules(file: Path) -> None:
    assert not {"utils", "helpers", "common", "manager", "util", "misc"} & set(module_name(file).split("."))


def parts(file: Path) -> list[str]:
    return file.relative_to(ROOT).as_posix().split("/")


@pytest.mark.parametrize("file", PROGRAM, ids=lambda file: "/".join(parts(file)))
def test_a_module_and_its_functions_can_be_read_at_a_sitting(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    functions = [node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_a_folder_can_be_read_at_a_glance() -> None:
    modules = Counter(file.parent for file in PROGRAM if file.name != "__init__.py")
    del modules[EXPERIMENTS]  # a list of experiments, one file each
    assert {folder: count for folder, count in modules.items() if count > MOST_MODULES} == {}


def test_a_test_file_tests_one_thing() -> None:
    lengths = {"/".join(parts(file)): len(file.read_text(encoding="utf-8").splitlines()) for file in TESTS}
    assert {file: length for file, length in lengths.items() if length > LONGEST_TESTS} == {}


def test_tests_mirror_the_program() -> None:
    """Each folder of tests has its package; what tests a package lies in its folder."""
    own = {
        "browser",
        "corpora",
        "experiments",
        "tiny_report",
    }  # browsers; sources of others; the report's code; a report
    folders = {file.parent.relative_to(ROOT / "tests") for file in TESTS if parts(file)[1] not in own}
    assert [folder for folder in sorted(folders) if not (BIFOLIO / folder).is_dir()] == []
    alone = [file for file in TESTS if file.parent == ROOT / "tests" and file.name.startswith("test_")]
    assert [file.name for file in alone if (BIFOLIO / file.stem.removeprefix("test_")).is_dir()] == []


@identify
def test_only_the_command_line_ends_the_process_and_nothing_is_evaluated(file: Path) -> None:
    here = module_name(file)
    calls = [node for node in ast.walk(tree(file)) if isinstance(node, ast.Call)]
    found = {ast.unparse(call.func) for call in calls} & {
        "sys.exit",
        "exit",
        "quit",
        "pickle.load",
        "pickle.loads",
        "eval",
        "exec",
    }
    assert found <= ({"sys.exit"} if top(here) in ("cli", "__main__") else set())


def test_the_types_of_all_code_but_the_tests_are_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    folders = {Path(folder).parts[0] for folder in settings["files"]}
    assert folders == {"generator", *(folder.name for folder in ROOT.iterdir() if any(folder.glob("*.py")))} - {"tests"}
