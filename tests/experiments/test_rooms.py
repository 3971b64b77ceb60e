"""The rooms of experiments/: experiments alone at its top, imports that point down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
ROWS = (("experiment",), ("training",), ("measures",), ("models",), ("splits", "mathematics"), ("datasets",))
"""From the top; a module imports only from the rows below its own, or from its own room. Experiments are no room."""
ROW = {room: number for number, rooms in enumerate(ROWS) for room in rooms}
FILES = {file.relative_to(EXPERIMENTS).as_posix(): file for file in sorted(EXPERIMENTS.rglob("*.py"))}
FORBIDDEN = {"utils", "helpers", "common", "manager", "util", "misc"}

identify = pytest.mark.parametrize("file", FILES)


def room_of(module: str) -> str:
    """Return the room of a file (`models/bert.py`) or of what is imported (`experiments.models.bert`)."""
    room, inside, _ = module.removeprefix("experiments.").replace("/", ".").removesuffix(".py").partition(".")
    return room if inside else "experiment"


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line and module of what a file imports of the report; every import names what it takes of a module."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            assert not [one.name for one in node.names if one.name.split(".")[0] == "experiments"], node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: a relative import"
            module = str(node.module)
            if module.split(".")[0] == "experiments":
                assert "*" not in [name.name for name in node.names], f"{file}:{node.lineno}"
                assert module.replace(".", "/").removeprefix("experiments/") + ".py" in FILES, f"{module} is no module"
                yield node.lineno, module


def is_experiment(file: Path) -> bool:
    definitions = [node for node in ast.parse(file.read_bytes()).body if isinstance(node, ast.FunctionDef)]
    return any(ast.unparse(one).startswith("@experiment(") for one in definitions if one.name == file.stem)


def test_only_experiments_lie_at_the_top_and_all_of_them_do() -> None:
    found = {name for name, file in FILES.items() if is_experiment(file)}
    assert found == {name for name in FILES if "/" not in name} - {"__init__.py"}


def test_every_experiment_has_a_test_file_that_runs_it() -> None:
    for experiment in (name for name in FILES if "/" not in name and name != "__init__.py"):
        assert "(smoke: Smoke" in (Path(__file__).parent / f"test_{experiment}").read_text(encoding="utf-8"), experiment


def test_there_is_no_room_but_those_that_have_a_row() -> None:
    assert {room_of(name) for name in FILES} == set(ROW)


@identify
def test_imports_point_down_to_other_rooms_and_no_experiment_imports_another(file: str) -> None:
    here = room_of(file)
    wrong = [
        f"experiments/{file}:{line}: {here} imports {module}"
        for line, module in imports(FILES[file])
        if ROW[room_of(module)] <= ROW[here] and (room_of(module) != here or here == "experiment")
    ]
    assert wrong == []


@identify
def test_a_file_keeps_the_house_rules(file: str) -> None:
    assert FILES[file].read_text(encoding="utf-8").startswith('"""'), "the first line does not say what it is for"
    assert not FORBIDDEN & set(file.removesuffix(".py").split("/"))
