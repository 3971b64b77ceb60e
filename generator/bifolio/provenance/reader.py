"""Reads what an experiment's file declares from its syntax tree: nothing is imported, nothing is run."""

from __future__ import annotations

import ast
from pathlib import Path

from bifolio.errors import DeclarationError, nearest_name
from bifolio.project import NAME, PROFILES
from bifolio.provenance.declaration import (
    DEFAULT_VARIANT,
    PACKAGE,
    Declaration,
    Literal,
    VariantDeclaration,
)
from bifolio.provenance.syntax import is_experiment
from bifolio.provenance.system import read_uses, read_variables

_SIZES = tuple(profile for profile in PROFILES if profile != "cpu")  # the defaults of the config are the cpu profile
_ARGUMENTS = {"seeds", "variants", "needs", "inputs", "exclusive", "threads", "variables", "uses", *_SIZES}
_LITERAL = "a number, a string, True, False, None, or a tuple of them"
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
    variants = read.variants(arguments.get("variants"))
    if all(variant.optional for variant in variants.values()):
        variants = {DEFAULT_VARIANT: VariantDeclaration({}), **variants}
    return Declaration(
        name=name,
        question=question,
        file=file,
        line=function.lineno,
        seeds=read.count(arguments.get("seeds"), "seeds", 5),
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
    )


def literal(node: ast.expr, file: str, what: str) -> Literal:
    """Return the value of a literal expression; raise DeclarationError for anything that would have to be run."""
    try:
        value: Literal = ast.literal_eval(node)
    except (ValueError, TypeError):
        raise DeclarationError(
            f"{what} must be a literal, so that it can be read without running the file",
            file=file,
            line=node.lineno,
            found=ast.unparse(node),
            expected=_LITERAL,
        ) from None
    return value


def _is_literal(value: object) -> bool:
    return (
        value is None or isinstance(value, (str, int, float)) or (type(value) is tuple and all(map(_is_literal, value)))
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


class _Reader:
    """Reads the arguments of one `@experiment(...)`; it carries what every message needs."""

    def __init__(self, file: str, config: ast.ClassDef) -> None:
        self._file = file
        self._config = config.name
        self._types = {name: node.annotation for name, node in _fields(config).items()}

    def defaults(self, config: ast.ClassDef) -> dict[str, Literal]:
        """Return the default of every field of the config."""
        defaults: dict[str, Literal] = {}
        for name, node in _fields(config).items():
            if node.value is None:
                raise DeclarationError(
                    "every field of a config has a default",
                    file=self._file,
                    line=node.lineno,
                    found=ast.unparse(node),
                    expected=f"{ast.unparse(node)} = <a literal>",
                )
            defaults[name] = self._field(name, node.value)
        return defaults

    def fields(self, node: ast.expr) -> dict[str, Literal]:
        """Return the fields that `Config(name=literal, ...)` sets."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == self._config):
            raise self._wrong(node, "a config is written out", f"{self._config}(field=literal)")
        if node.args or any(keyword.arg is None for keyword in node.keywords):
            raise self._wrong(node, "a config is written with keywords", f"{self._config}(field=literal)")
        fields: dict[str, Literal] = {}
        for keyword in node.keywords:
            name = str(keyword.arg)
            if name not in self._types:
                raise DeclarationError(
                    "the config has no such field",
                    file=self._file,
                    line=keyword.value.lineno,
                    found=name,
                    expected=", ".join(self._types),
                    nearest=nearest_name(name, self._types),
                )
            fields[name] = self._field(name, keyword.value)
        return fields

    def variants(self, node: ast.expr | None) -> dict[str, VariantDeclaration]:
        """Return `{"name": Config(...)}` or `{"name": Variant(Config(...), optional=True, needs=("name",))}`."""
        if node is None:
            return {}
        if not isinstance(node, ast.Dict):
            raise self._wrong(node, "variants are written out", f'variants={{"name": {self._config}(...)}}')
        variants: dict[str, VariantDeclaration] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            name = key.value if isinstance(key, ast.Constant) else None
            if not isinstance(name, str) or not NAME.fullmatch(name) or name in PROFILES:
                raise self._wrong(key or node, "a variant's name", "small letters, digits and underscores; no profile")
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "Variant":
                words = {word.arg: word.value for word in value.keywords}
                if len(value.args) != 1 or not words.keys() <= {"optional", "needs"}:
                    raise self._wrong(value, "a variant", f"Variant({self._config}(...), optional=True, needs=(...))")
                needs = self.strings(words["needs"], "needs") if "needs" in words else None
                optional = self.flag(words.get("optional"), "optional")
                variants[name] = VariantDeclaration(self.fields(value.args[0]), optional, needs)
            else:
                variants[name] = VariantDeclaration(self.fields(value))
        return variants

    def count(self, node: ast.expr | None, what: str, default: int) -> int:
        value = default if node is None else literal(node, self._file, what)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._wrong(node, what, "a whole number from 1")
        return value

    def flag(self, node: ast.expr | None, what: str) -> bool:
        value = False if node is None else literal(node, self._file, what)
        if not isinstance(value, bool):
            raise self._wrong(node, what, "True or False")
        return value

    def variables(self, node: ast.expr | None) -> dict[str, str]:
        return read_variables(node, {} if node is None else literal(node, self._file, "variables"), self._file)

    def strings(self, node: ast.expr | None, what: str) -> tuple[str, ...]:
        value = () if node is None else literal(node, self._file, what)
        if isinstance(value, (tuple, list)) and all(isinstance(item, str) for item in value):
            return tuple(str(item) for item in value)
        raise self._wrong(node, what, f'{what}=("name",)')

    def _field(self, name: str, node: ast.expr) -> Literal:
        value = literal(node, self._file, f"the config's field {name}")
        annotation = self._types[name]
        types = _SIMPLE_TYPES.get(annotation.id) if isinstance(annotation, ast.Name) else None
        if types and (not isinstance(value, types) or (isinstance(value, bool) and bool not in types)):
            raise self._wrong(node, f"the config's field {name}", ast.unparse(annotation))
        if not _is_literal(value):
            raise self._wrong(node, f"the config's field {name}", _LITERAL)
        return value

    def _wrong(self, node: ast.expr | None, what: str, expected: str) -> DeclarationError:
        return DeclarationError(
            what,
            file=self._file,
            line=None if node is None else node.lineno,
            found=None if node is None else ast.unparse(node),
            expected=expected,
        )
