"""Every Python file under experiments/, with what its syntax says; memoised by content, so warm reads parse nothing."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from bifolio.errors import BifolioError, DeclarationError
from bifolio.memo import Memo
from bifolio.project import Project
from bifolio.provenance.code import Code, Source, same_code
from bifolio.provenance.declaration import (
    PACKAGE,
    DatasetDeclaration,
    Declaration,
    QuantityDeclaration,
    VariantDeclaration,
)
from bifolio.provenance.seeds import resolve_seeds
from bifolio.storage import decode_source

_NO_CODE = {"results", "reproductions", "__pycache__"}


@dataclass(frozen=True)
class Sources:
    """All modules of a report's experiments, by dotted name; `broken` says what is wrong with the others."""

    modules: Mapping[str, Source]
    broken: Mapping[str, BifolioError] = field(default_factory=dict)

    @cached_property
    def _code(self) -> Code:
        return Code(self.modules, self.broken)

    @property
    def broken_experiments(self) -> dict[str, BifolioError]:
        """Return what is wrong with the files that lie where experiments do, by the name that each would have."""
        files = ((module.split("."), error) for module, error in self.broken.items())
        return {
            steps[1]: error for steps, error in files if len(steps) == 2 and not str(error.file).endswith("__init__.py")
        }

    @property
    def declarations(self) -> dict[str, Declaration]:
        """Return every experiment's declaration by the experiment's name, in alphabetical order."""
        declared = (source.declaration for source in self.modules.values())
        return {declaration.name: declaration for declaration in declared if declaration}

    @property
    def drafts(self) -> frozenset[str]:
        """Return the names of the experiments that are drafts."""
        return frozenset(name for name, declared in self.declarations.items() if declared.draft)

    def beginning(self, seeds: Mapping[str, int]) -> Sources:
        """Return the same modules with experiments (name -> first seed) that begin at other seeds."""
        known = self.declarations
        return self.declaring({name: replace(known[name], first_seed=seed) for name, seed in seeds.items()})

    def declaring(self, declarations: Mapping[str, Declaration]) -> Sources:
        """Return the same modules with these declarations (by name) in place of their own."""
        modules = {
            module: replace(source, declaration=declarations.get(source.declaration.name, source.declaration))
            if source.declaration
            else source
            for module, source in self.modules.items()
        }
        return Sources(modules, self.broken)

    def code_digest(self, module: str) -> str:
        """Return the digest of a module with all that it imports of the report; raise DeclarationError."""
        return self._code.of(module)

    def closure(self, module: str) -> tuple[Source, ...]:
        """Return a module with every module of the report whose code counts when it is imported, by name."""
        return tuple(self.modules[name] for name in sorted(self._code.reached(module)))

    def opened(self, module: str) -> tuple[Source, ...]:
        """Return the modules whose files importing a module opens, by name: packages that do nothing too."""
        names = {source.module for source in self.closure(module)}
        around = {package for name in names for package in _packages(name) if package in self.modules}
        return tuple(self.modules[name] for name in sorted(names | around))

    def external(self, module: str) -> frozenset[str]:
        """Return the top-level names that a module's closure imports from outside the report and bifolio."""
        names = {name.split(".")[0] for source in self.closure(module) for name, _ in source.imports}
        return frozenset(names - {"bifolio"})


def _packages(module: str) -> list[str]:
    """Return a and a.b for a.b.c: importing it runs the `__init__` of each."""
    steps = module.split(".")
    return [".".join(steps[:end]) for end in range(1, len(steps))]


def read_sources(project: Project) -> Sources:
    """Return every module under experiments/; one that cannot be read is set apart, and harms who imports it only."""
    memo = Memo(project.cache / "syntax.json", _analysed_by())
    seen: dict[str, Any] = {}
    modules: dict[str, Source] = {}
    broken: dict[str, BifolioError] = {}
    for file in _python_files(str(project.root)):
        with open(os.path.join(project.root, file), "rb") as stream:
            content = stream.read()
        seal = _seal(file, content)
        try:
            seen[seal] = memo.known.get(seal) or _analyse(file, content)
        except BifolioError as error:
            broken[_module_name(file)] = error
            continue
        source = _source(file, seal, seen[seal])
        modules[source.module] = source
    memo.replace(seen)
    sources = Sources(dict(sorted(modules.items())), broken)
    return sources.declaring(resolve_seeds(sources.declarations))


def says_the_same(source: Source, content: bytes) -> bool:
    """Tell whether a module's bytes are still the code that it was read as."""
    seal = _seal(source.file, content)
    if seal == source.seal:
        return True
    try:
        return same_code(source, _source(source.file, seal, _analyse(source.file, content)))
    except BifolioError:
        return False


def _seal(file: str, content: bytes) -> str:
    """Return the digest of a file: its name is part of it because an experiment has the name of its file."""
    return hashlib.sha256(os.fsencode(file) + b"\0" + content).hexdigest()


@cache
def _analysed_by() -> str:
    """Return the digest of this package, which reads the files, and of the Python that parses them.

    `programs` would parse the package to learn what it imports, and take longer than parsing the report.
    """
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    folder = os.path.dirname(__file__)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as stream:
                digest.update(f"{name}\0".encode() + stream.read())
    return digest.hexdigest()


def _python_files(root: str) -> list[str]:
    found: list[str] = []
    for folder, folders, files in os.walk(os.path.join(root, PACKAGE)):
        folders[:] = sorted(name for name in folders if name not in _NO_CODE and not name.startswith("."))
        relative = os.path.relpath(folder, root).replace(os.sep, "/")
        found += [f"{relative}/{name}" for name in sorted(files) if name.endswith(".py")]
    return found


def _module_name(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _analyse(file: str, content: bytes) -> dict[str, Any]:
    try:
        return _said(file, content)
    except (RecursionError, MemoryError):  # how Python's parser, and whoever walks its tree, give up
        raise DeclarationError("its brackets or operators nest too deeply", file=file, line=1) from None


def _said(file: str, content: bytes) -> dict[str, Any]:
    import ast  # paid for only when a file is new
    import io
    import tokenize
    from dataclasses import asdict

    from bifolio.provenance import datasets, reader, refusals, syntax
    from bifolio.provenance.uses import find_uses

    text = decode_source(content, file)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if content.decode(encoding) != content.decode("utf-8-sig"):
            raise SyntaxError(f"Python would read it as {encoding}, not as UTF-8", (file, 1, 0, ""))
        tree = ast.parse(text, filename=file)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise DeclarationError(f"this is no valid Python: {error}", file=file, line=line or 1) from None
    declaration = reader.declare_experiment(tree, file)
    nodes = list(ast.walk(tree))  # once for all
    refusals.refuse(nodes, file)
    form = syntax.normal_form(tree)
    return {
        "form": form.digest,
        "empty": syntax.does_nothing(tree),
        "places": [[list(vars(entry).values()) for entry in place] for place in form.places],
        "imports": syntax.outside_imports(nodes),
        "uses": find_uses(nodes),
        "declaration": None if declaration is None else asdict(declaration),
        "datasets": [asdict(dataset) for dataset in datasets.declare_datasets(tree, file)],
    }


def _source(file: str, seal: str, entry: Mapping[str, Any]) -> Source:
    declaration = entry["declaration"]
    return Source(
        module=_module_name(file),
        file=file,
        seal=seal,
        form=entry["form"],
        empty=entry["empty"],
        places=_tuples(entry["places"]),
        imports=_tuples(entry["imports"]),
        uses=_tuples(entry["uses"]),
        declaration=None if declaration is None else _declaration(declaration),
        datasets=tuple(DatasetDeclaration(**_fields(dataset)) for dataset in entry["datasets"]),
    )


def _declaration(entry: Mapping[str, Any]) -> Declaration:
    variants = {
        name: VariantDeclaration(
            _fields(variant["fields"]),
            variant["optional"],
            None if variant["needs"] is None else tuple(variant["needs"]),
            variant["seeds"],
        )
        for name, variant in entry["variants"].items()
    }
    lists = {name: tuple(entry[name]) for name in ("needs", "inputs", "uses")}
    sizes = {name: _fields(fields) for name, fields in entry["sizes"].items()}
    quantities = {name: QuantityDeclaration(**_fields(one)) for name, one in entry["quantities"].items()}
    defaults = _fields(entry["defaults"])
    return Declaration(
        **{**entry, **lists, "defaults": defaults, "variants": variants, "sizes": sizes, "quantities": quantities}
    )


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Undo what JSON does to tuples."""
    return {name: _tuples(value) for name, value in entry.items()}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, (list, tuple)) else value
