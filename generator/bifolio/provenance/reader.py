"""Reads what an experiment's file declares from its syntax tree: nothing is imported, nothing is run."""

from __future__ import annotations

import ast
from pathlib import Path

from bifolio.errors import DeclarationError, nearest_name
from bifolio.project import DEFAULT_PROFILE, NAME, PROFILES
from bifolio.provenance.declaration import (
    DEFAULT_VARIANT,
    PACKAGE,
    Declaration,
    Literal,
    VariantDeclaration,
)
from bifolio.provenance.literals import LITERAL, Literals, is_literal
from bifolio.provenance.quantities import read_quantities
from bifolio.provenance.syntax import is_experiment
from bifolio.provenance.system import read_uses, read_variables
from bifolio.provenance.variants import read_variants

_SIZES = tuple(profile for profile in PROFILES if profile != DEFAULT_PROFILE)  # whose config is the defaults
_ARGUMENTS = {
    "seeds",
    "variants",
    "needs",
    "inputs",
    "exclusive",
    "threads",
    "variables",
    "uses",
    "quantities",
    *_SIZES,
}
_SIMPLE_TYPES: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "str": (str,), "bool": (bool,)}


def declare_experiment(tree: ast.Module, file: str) -> Declaration | None:
    """Return what a file declares, None when no function of it is an experiment; raise DeclarationError."""
    functions = [
        (node, decorator)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if is_experiment(decorator)
    ]
    if not functions:
        return None
    function, decorator = functions[0]
    name = Path(file).stem
    if len(functions) > 1 or function.name != name or not NAME.fullmatch(name):
        raise DeclarationError(
            "a file holds one experiment, and both have one name of small letters, digits and underscores",
            file=file,
            line=functions[-1][0].lineno,
            found=", ".join(node.name for node, _ in functions),
            expected=name,
        )
    if file != f"{PACKAGE}/{name}.py":
        expected = f"{PACKAGE}/{name}.py; folders in it are for what experiments import"
        raise DeclarationError(
            f"an experiment lies in {PACKAGE}/ itself", file=file, line=function.lineno, found=file, expected=expected
        )
    question = (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ").strip()
    if not question:
        raise DeclarationError("the file's docstring opens with the experiment's question", file=file, line=1)
    config = _config_class(tree, function, file)
    arguments = _arguments(decorator, file)
    read = _Reader(file, config)
    variants = read_variants(arguments.get("variants"), read, read.fields, config.name)
    if all(variant.optional for variant in variants.values()):
        variants = {DEFAULT_VARIANT: VariantDeclaration({}), **variants}
    return Declaration(
        name=name,
        question=question,
        file=file,
        line=function.lineno,
        seeds=read.count(arguments["seeds"], "seeds", 1) if "seeds" in arguments else None,
        config_class=config.name,
        defaults=read.defaults(config),
        variants=variants,
        sizes={size: read.fields(arguments[size]) for size in _SIZES if size in arguments},
        needs=read.strings(arguments.get("needs"), "needs"),
        inputs=read.strings(arguments.get("inputs"), "inputs"),
        exclusive=read.flag(arguments.get("exclusive"), "exclusive"),
        threads=read.count(arguments["threads"], "threads", 1) if "threads" in arguments else None,
        variables=read.variables(arguments.get("variables")),
        uses=read_uses(arguments.get("uses"), read.strings(arguments.get("uses"), "uses"), file),
        quantities=read_quantities(arguments.get("quantities"), read),
    )


def _arguments(decorator: ast.expr, file: str) -> dict[str, ast.expr]:
    if not isinstance(decorator, ast.Call):
        return {}
    for argument in decorator.args:
        raise DeclarationError("@experiment takes keywords only", file=file, line=argument.lineno)
    for keyword in decorator.keywords:
        if keyword.arg not in _ARGUMENTS:
            raise DeclarationError(
                "@experiment has no such argument",
                file=file,
                line=decorator.lineno,
                found=keyword.arg,
                expected=", ".join(sorted(_ARGUMENTS)),
                nearest=nearest_name(keyword.arg or "", _ARGUMENTS),
            )
    return {keyword.arg: keyword.value for keyword in decorator.keywords if keyword.arg}


def _config_class(tree: ast.Module, function: ast.FunctionDef, file: str) -> ast.ClassDef:
    """Return the class of the function's first argument; it must be a frozen dataclass of the same file."""
    arguments = function.args.args
    if len(arguments) != 2:
        raise DeclarationError(
            "an experiment takes its config and its run",
            file=file,
            line=function.lineno,
            found=f"def {function.name}({ast.unparse(function.args)})",
            expected=f"def {function.name}(config: Config, run: Run) -> None",
        )
    annotation = arguments[0].annotation
    name = annotation.id if isinstance(annotation, ast.Name) else None
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
            if not any(text.endswith("dataclass(frozen=True)") for text in decorators) or node.bases:
                raise DeclarationError(
                    "a config is a frozen dataclass without a base",
                    file=file,
                    line=node.lineno,
                    found=" ".join([*(f"@{text}" for text in decorators), f"class {node.name}"]),
                    expected=f"@dataclass(frozen=True) class {node.name}",
                )
            return node
    raise DeclarationError(
        "the config is a frozen dataclass of the same file, named in the function's first annotation",
        file=file,
        line=function.lineno,
        found=ast.unparse(annotation) if annotation else "no annotation",
        expected=f"def {function.name}(config: Config, run: Run) -> None",
    )


def _fields(config: ast.ClassDef) -> dict[str, ast.AnnAssign]:
    return {
        node.target.id: node
        for node in config.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


class _Reader(Literals):
    """Reads the arguments of one `@experiment(...)`; it carries what every message needs."""

    def __init__(self, file: str, config: ast.ClassDef) -> None:
        super().__init__(file)
        self._config = config.name
        self._types = {name: node.annotation for name, node in _fields(config).items()}

    def defaults(self, config: ast.ClassDef) -> dict[str, Literal]:
        """Return the default of every field of the config."""
        defaults: dict[str, Literal] = {}
        for name, node in _fields(config).items():
            if node.value is None:
                raise DeclarationError(
                    "every field of a config has a default",
                    file=self.file,
                    line=node.lineno,
                    found=ast.unparse(node),
                    expected=f"{ast.unparse(node)} = <a literal>",
                )
            defaults[name] = self._field(name, node.value)
        return defaults

    def fields(self, node: ast.expr) -> dict[str, Literal]:
        """Return the fields that `Config(name=literal, ...)` sets."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == self._config):
            raise self.wrong(node, "a config is written out", f"{self._config}(field=literal)")
        if node.args or any(keyword.arg is None for keyword in node.keywords):
            raise self.wrong(node, "a config is written with keywords", f"{self._config}(field=literal)")
        fields: dict[str, Literal] = {}
        for keyword in node.keywords:
            name = str(keyword.arg)
            if name not in self._types:
                raise DeclarationError(
                    "the config has no such field",
                    file=self.file,
                    line=keyword.value.lineno,
                    found=name,
                    expected=", ".join(self._types),
                    nearest=nearest_name(name, self._types),
                )
            fields[name] = self._field(name, keyword.value)
        return fields

    def variables(self, node: ast.expr | None) -> dict[str, str]:
        return read_variables(node, {} if node is None else self.value(node, "variables"), self.file)

    def _field(self, name: str, node: ast.expr) -> Literal:
        value = self.value(node, f"the config's field {name}")
        annotation = self._types[name]
        types = _SIMPLE_TYPES.get(annotation.id) if isinstance(annotation, ast.Name) else None
        if types and (not isinstance(value, types) or (isinstance(value, bool) and bool not in types)):
            raise self.wrong(node, f"the config's field {name}", ast.unparse(annotation))
        if not is_literal(value):
            raise self.wrong(node, f"the config's field {name}", LITERAL)
        return value
