"""A page is told what it does through its methods, so that nobody writes to it from afar."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import bifolio

PROGRAM = Path(bifolio.__file__).parent
OWNER = "bifolio.chapters.context.page"
CHANGES = {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"}
FROM_AFAR = """
from bifolio.chapters.context.page import Page

def write(page: Page) -> None:
    page.sections = ()
    page.place += 1
    page.claims.append(None)
    page.made["a"] = b""
    page._uses.add(None)
    page.note("result", "a.b")

class Reference:
    page: Page

    def member(self) -> None:
        del self.page.name
        self.page.reads |= {"a"}
"""


def writes_from_afar(tree: ast.Module) -> Iterator[int]:
    """Yield the lines at which something annotated Page is changed, or asked for what is its own."""
    typed = [node for node in ast.walk(tree) if isinstance(node, ast.arg | ast.AnnAssign)]
    annotated = [node for node in typed if node.annotation and ast.unparse(node.annotation) == "Page"]
    names = {node.arg if isinstance(node, ast.arg) else ast.unparse(node.target) for node in annotated}
    pages = {*names, *(f"self.{name}" for name in names)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            node, changed = node.value, isinstance(node.ctx, ast.Store | ast.Del)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node, changed = node.func.value, node.func.attr in CHANGES
        else:
            changed = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del)
        of_page = isinstance(node, ast.Attribute) and ast.unparse(node.value) in pages
        if of_page and (changed or node.attr.startswith("_")):
            yield node.lineno


def test_only_a_page_writes_to_a_page() -> None:
    trees = {file: ast.parse(file.read_bytes()) for file in PROGRAM.rglob("*.py")}
    users = {
        file: tree
        for file, tree in trees.items()
        if any(isinstance(node, ast.ImportFrom) and node.module == OWNER for node in ast.walk(tree))
    }
    assert len(users) > 20
    assert [f"{file}:{line}" for file, tree in users.items() for line in writes_from_afar(tree)] == []


def test_what_writes_from_afar_is_found() -> None:
    lines = FROM_AFAR.splitlines()
    found = {lines[line - 1].strip() for line in writes_from_afar(ast.parse(FROM_AFAR))}
    assert found == {
        "page.sections = ()",
        "page.place += 1",
        "page.claims.append(None)",
        'page.made["a"] = b""',
        "page._uses.add(None)",
        "del self.page.name",
        'self.page.reads |= {"a"}',
    }
