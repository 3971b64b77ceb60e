"""Every Python file under experiments/, with what its syntax says; memoised by content, so warm reads parse nothing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bifolio.errors import DeclarationError, StorageError
from bifolio.project import Project
from bifolio.provenance.declaration import DatasetDeclaration, Declaration, VariantDeclaration
from bifolio.storage import write_file

PACKAGE = "experiments"
_MEMO = 6
"""Raise it when what is memoised of a file changes its shape or meaning."""
_NO_CODE = {"results", "reproductions", "__pycache__"}


@dataclass(frozen=True)
class Source:
    """One module: `digest` is that of its normal form, `imports` are (level, module, name) as written."""

    module: str
    file: str
    digest: str
    imports: tuple[tuple[int, str, str], ...]
    declaration: Declaration | None
    datasets: tuple[DatasetDeclaration, ...]


@dataclass(frozen=True)
class Sources:
    """All modules of a report's experiments, by dotted name."""

    modules: Mapping[str, Source]

    @property
    def declarations(self) -> dict[str, Declaration]:
        """Return every experiment's declaration by the experiment's name, in alphabetical order."""
        declared = (source.declaration for source in self.modules.values())
        return {declaration.name: declaration for declaration in declared if declaration}

    def beginning(self, seeds: Mapping[str, int]) -> Sources:
        """Return the same modules with experiments (name -> first seed) that begin at other seeds."""
        modules = {
            module: replace(source, declaration=replace(source.declaration, first_seed=seeds[source.declaration.name]))
            if source.declaration and source.declaration.name in seeds
            else source
            for module, source in self.modules.items()
        }
        return Sources(modules)

    def closure(self, module: str) -> tuple[Source, ...]:
        """Return a module with every module of the report that importing it runs, transitively, by name."""
        reached: set[str] = set()
        waiting = _with_packages(module)
        while waiting:
            name = waiting.pop()
            if name in self.modules and name not in reached:
                reached.add(name)
                waiting += self._imported(self.modules[name])
        return tuple(self.modules[name] for name in sorted(reached))

    def external(self, module: str) -> frozenset[str]:
        """Return the top-level names that a module's closure imports from outside the report and bifolio."""
        names = {
            name.split(".")[0] for source in self.closure(module) for level, name, _ in source.imports if not level
        }
        return frozenset(names - {PACKAGE, "bifolio"})

    def _imported(self, source: Source) -> list[str]:
        names: list[str] = []
        for level, module, name in source.imports:
            base = module
            if level:
                is_package = source.file.endswith("__init__.py")
                parts = source.module.split(".")
                parts = parts[: len(parts) - level + is_package]
                base = ".".join([*parts, *([module] if module else [])])
            names += _with_packages(f"{base}.{name}" if name else base)
        return names


def _with_packages(module: str) -> list[str]:
    """Return a, a.b and a.b.c for a.b.c: importing it runs the `__init__` of each; what is no module has no source."""
    steps = module.split(".")
    return [".".join(steps[: end + 1]) for end in range(len(steps))]


def read_declarations(project: Project) -> dict[str, Declaration]:
    """Return every experiment's declaration; raise DeclarationError for a file that declares something wrong."""
    return read_sources(project).declarations


def read_sources(project: Project) -> Sources:
    """Return every module under experiments/; raise DeclarationError for one that cannot be read."""
    memo_file = project.cache / "syntax.json"
    memo = _read_memo(memo_file)
    seen: dict[str, Any] = {}
    modules: dict[str, Source] = {}
    for file in _python_files(str(project.root)):
        with open(os.path.join(project.root, file), "rb") as stream:
            content = stream.read()
        # The name is part of the key because an experiment has the name of its file.
        key = hashlib.sha256(file.encode() + b"\0" + content).hexdigest()
        seen[key] = memo.get(key) or _analyse(file, content)
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        modules[module] = _source(module, file, seen[key])
    if seen.keys() != memo.keys():
        _write_memo(memo_file, seen)
    return Sources(dict(sorted(modules.items())))


def _python_files(root: str) -> list[str]:
    found: list[str] = []
    for folder, folders, files in os.walk(os.path.join(root, PACKAGE)):
        folders[:] = sorted(name for name in folders if name not in _NO_CODE and not name.startswith("."))
        relative = os.path.relpath(folder, root).replace(os.sep, "/")
        found += [f"{relative}/{name}" for name in sorted(files) if name.endswith(".py")]
    return found


def _analyse(file: str, content: bytes) -> dict[str, Any]:
    import ast  # paid for only when a file is new
    from dataclasses import asdict

    from bifolio.provenance import datasets, reader, syntax

    try:
        tree = ast.parse(content, filename=file)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise DeclarationError(f"this is no valid Python: {error}", file=file, line=line) from None
    declaration = reader.declare_experiment(tree, file)
    return {
        "digest": syntax.code_digest(tree),
        "imports": syntax.imported_names(tree),
        "declaration": None if declaration is None else asdict(declaration),
        "datasets": [asdict(dataset) for dataset in datasets.declare_datasets(tree, file)],
    }


def _source(module: str, file: str, entry: Mapping[str, Any]) -> Source:
    declaration = entry["declaration"]
    return Source(
        module=module,
        file=file,
        digest=entry["digest"],
        imports=tuple((level, name, member) for level, name, member in entry["imports"]),
        declaration=None if declaration is None else _declaration(declaration),
        datasets=tuple(DatasetDeclaration(**dataset) for dataset in entry["datasets"]),
    )


def _declaration(entry: Mapping[str, Any]) -> Declaration:
    variants = {
        name: VariantDeclaration(
            _fields(variant["fields"]),
            variant["optional"],
            None if variant["needs"] is None else tuple(variant["needs"]),
        )
        for name, variant in entry["variants"].items()
    }
    lists = {name: tuple(entry[name]) for name in ("needs", "inputs")}
    sizes = {name: _fields(fields) for name, fields in entry["sizes"].items()}
    return Declaration(
        **{**entry, **lists, "defaults": _fields(entry["defaults"]), "variants": variants, "sizes": sizes}
    )


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Undo what JSON does to tuples."""
    return {name: _tuples(value) for name, value in entry.items()}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, (list, tuple)) else value


def _read_memo(file: Path) -> dict[str, Any]:
    try:
        with open(file, encoding="utf-8") as stream:
            memo = json.load(stream)
        return dict(memo["files"]) if memo["memo"] == _MEMO else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # a memo that cannot be read is made again


def _write_memo(file: Path, entries: Mapping[str, Any]) -> None:
    # Unsorted: variants and fields keep the order of the file. A read-only checkout works too, only slower.
    with suppress(StorageError):
        write_file(file, json.dumps({"memo": _MEMO, "files": entries}))
