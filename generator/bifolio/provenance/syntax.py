"""The normal form of a Python file: what of it can change a number, the same on every supported Python."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bifolio.provenance.declaration import PACKAGE

NORMAL_FORM = 2
"""Raise it when the normal form of an unchanged file changes; it is part of every memo and every code digest."""

_IGNORED_FIELDS = {"kind", "type_comment", "type_ignores", "ctx"}
_AUTHORS_PART = ("bifolio", "bifolio.authoring")
_SAYING = ("Quantity", "Variant", "grid")
"""What authors import only to say something in the arguments of `@experiment(...)`, which do not count either."""


@dataclass(frozen=True)
class OwnImport:
    """A name that a module of the report imports from another one; `level` counts the dots before `module`."""

    line: int
    level: int
    module: str
    name: str
    bound: str
    """The name that it has here."""


@dataclass(frozen=True)
class Form:
    """A file's normal form: the digest of all but the modules of the report that it imports, and those, by place.

    Statements that import and follow one another are one place: in what order a formatter puts them, and whether two
    names come in one statement or in two, changes nothing.
    """

    digest: str
    places: tuple[tuple[OwnImport, ...], ...]


@dataclass
class _Places:
    found: list[tuple[OwnImport, ...]] = field(default_factory=list)


def normal_form(tree: ast.Module) -> Form:
    """Return a file's normal form.

    It lists every node's class with its non-empty fields, depth first. Left out are positions, comments and formatting
    (not in the tree), docstrings, string prefixes, the arguments of `@experiment(...)` with the imports
    of `Quantity`, `Variant` and `grid`, and where the report's own modules lie: the digest of a module stands in its
    name's place. Empty fields are skipped because newer Pythons add new ones (`type_params`) to old nodes.
    """
    places = _Places()
    digest = hashlib.sha256(f"normal form {NORMAL_FORM}\n".encode())
    for token in _tokens(tree, places):
        digest.update(token.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return Form(digest.hexdigest(), tuple(places.found))


def _tokens(node: object, places: _Places) -> Iterator[str]:
    if isinstance(node, ast.AST):
        yield f"({type(node).__name__}"
        for field, child in ast.iter_fields(node):
            if field in _IGNORED_FIELDS:
                continue
            if field == "body" and isinstance(child, list):
                child = without_docstring(child)
            elif field == "decorator_list":
                child = [_bare(decorator) for decorator in child]
            elif isinstance(node, ast.JoinedStr):
                child = [value for value in node.values if not _is_empty_text(value)]
            if (child is None and not isinstance(node, ast.Constant)) or child == []:
                continue
            yield f".{field}"
            yield from _tokens(child, places)
        yield ")"
    elif isinstance(node, list):
        yield "["
        yield from _items(node, places)
        yield "]"
    else:
        # repr of int, float, complex, str, bytes, bool, None and Ellipsis is the same on all Pythons since 3.1.
        yield f"{type(node).__name__} {node!r}"


def _items(items: list[object], places: _Places) -> Iterator[str]:
    """Yield the tokens of a list; what stands side by side and imports from the report becomes one place."""
    own: list[OwnImport] = []
    for item in items:
        if isinstance(item, ast.ImportFrom) and is_own(item):
            own += own_imports(item)
            continue
        if isinstance(item, ast.ImportFrom) and item.module in _AUTHORS_PART:
            item = _counting(item)
            if not item.names:
                continue
        if own and not isinstance(item, ast.Import | ast.ImportFrom):
            yield from _place(own, places)
            own = []
        yield from _tokens(item, places)
    yield from _place(own, places)


def _counting(statement: ast.ImportFrom) -> ast.ImportFrom:
    """Return an import without what is only said with: the first quantity, variant or grid stales nothing."""
    names = [alias for alias in statement.names if alias.name not in _SAYING]
    return ast.ImportFrom(module=statement.module, names=names, level=statement.level)


def _place(own: list[OwnImport], places: _Places) -> Iterator[str]:
    if own:
        places.found.append(tuple(own))
        yield "imports from the report"


def _is_empty_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == ""  # Python 3.12.1 leaves some in f-strings


def does_nothing(tree: ast.Module) -> bool:
    """Tell whether a file holds nothing but comments and a docstring."""
    return all(isinstance(statement, ast.Pass) for statement in without_docstring(tree.body))


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return a body without its leading string; one that holds nothing else is a body that does nothing."""
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        body = body[1:]
    return body or [ast.Pass()]


def _bare(decorator: ast.expr) -> ast.expr:
    return decorator.func if is_experiment(decorator) and isinstance(decorator, ast.Call) else decorator


def is_experiment(decorator: ast.expr) -> bool:
    """Tell whether a decorator is `@experiment(...)`, however it was imported."""
    name = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (isinstance(name, ast.Name) and name.id == "experiment") or (
        isinstance(name, ast.Attribute) and name.attr == "experiment"
    )


def is_own(statement: ast.stmt) -> bool:
    """Tell whether a statement imports a module of the report."""
    if isinstance(statement, ast.ImportFrom):
        return statement.level > 0 or _is_inside(statement.module or "")
    return isinstance(statement, ast.Import) and any(_is_inside(alias.name) for alias in statement.names)


def own_imports(statement: ast.stmt) -> tuple[OwnImport, ...]:
    """Return what `from module import name, ...` imports of the report; nothing for any other statement."""
    if not isinstance(statement, ast.ImportFrom) or not is_own(statement):
        return ()
    return tuple(
        OwnImport(statement.lineno, statement.level, statement.module or "", alias.name, alias.asname or alias.name)
        for alias in statement.names
    )


def outside_imports(nodes: Iterable[ast.AST]) -> list[tuple[str, str]]:
    """Return every import among a file's nodes from outside the report, as (module, name).

    `from a.b import c` is ("a.b", "c"), `import a.b` is ("a.b", "").
    """
    names: set[tuple[str, str]] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {(alias.name, "") for alias in node.names if not _is_inside(alias.name)}
        elif isinstance(node, ast.ImportFrom) and not is_own(node):
            names |= {(node.module or "", alias.name) for alias in node.names}
    return sorted(names)


def _is_inside(module: str) -> bool:
    return module.split(".")[0] == PACKAGE
