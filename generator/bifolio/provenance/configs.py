"""Reads configs from the syntax tree: their class, what `Config(field=literal)` sets, what a command line sets."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from bifolio.errors import DeclarationError, UsageError, nearest_name
from bifolio.provenance.declaration import Declaration, Literal
from bifolio.provenance.literals import LITERAL, Literals, is_literal

_SIMPLE_TYPES: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "str": (str,), "bool": (bool,)}


def config_class(tree: ast.Module, function: ast.FunctionDef, file: str) -> ast.ClassDef:
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


class ConfigReader(Literals):
    """Reads the configs of one experiment; it carries what every message needs."""

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

    def _field(self, name: str, node: ast.expr) -> Literal:
        value = self.value(node, f"the config's field {name}")
        annotation = self._types[name]
        if isinstance(annotation, ast.Name) and not _fits(value, annotation):
            raise self.wrong(node, f"the config's field {name}", ast.unparse(annotation))
        if not is_literal(value):
            raise self.wrong(node, f"the config's field {name}", LITERAL)
        return value


def read_settings(tree: ast.Module, declared: Declaration, settings: Sequence[str]) -> dict[str, Literal]:
    """Return the fields that `field=value` texts set in a config of an experiment's file, read as if they stood there.

    In a field that is a string, letters stand for themselves. Raises UsageError for what its class does not allow.
    """
    config = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == declared.config_class)
    read = ConfigReader(declared.file, config)
    texts: dict[str, str] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not equals or not name.isidentifier() or name in texts:
            raise UsageError("a setting of a config", found=setting, expected="FIELD=VALUE, each field once")
        texts[name] = text
    keywords = [ast.keyword(name, _value(text, _fields(config).get(name))) for name, text in texts.items()]
    call = ast.Call(ast.Name(declared.config_class, ast.Load()), [], keywords)
    try:
        fields = read.fields(ast.fix_missing_locations(call))
    except DeclarationError as error:  # of the command line, which is no file and has no lines
        raise UsageError(error.problem, found=error.found, expected=error.expected, nearest=error.nearest) from None
    for name, value in fields.items():
        annotation = _fields(config)[name].annotation
        if not _fits(value, annotation):
            raise UsageError(f"the config's field {name}", found=texts[name], expected=ast.unparse(annotation))
    return fields


def _value(text: str, field: ast.AnnAssign | None) -> ast.expr:
    """Return what a text on the command line stands for in a field; raise UsageError for no expression of Python."""
    letters = field is not None and ast.unparse(field.annotation) == "str"
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        if letters:
            return ast.Constant(text)
        raise UsageError("the value of a setting", found=text, expected=LITERAL) from None
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return ast.Constant(text) if letters and not is_text else node


def _fields(config: ast.ClassDef) -> dict[str, ast.AnnAssign]:
    return {
        node.target.id: node
        for node in config.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def _fits(value: Literal, annotation: ast.expr) -> bool:
    """Tell whether a literal is of the type that a field declares, as far as that is one of the types of literals."""
    match annotation:
        case ast.Name(id=name) if name in _SIMPLE_TYPES:
            return isinstance(value, _SIMPLE_TYPES[name]) and (name == "bool" or not isinstance(value, bool))
        case ast.Constant(value=None):
            return value is None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _fits(value, left) or _fits(value, right)
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=[each, ast.Constant(value=last)])) if (
            last is ...
        ):
            return isinstance(value, tuple) and all(_fits(item, each) for item in value)
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=types)):
            return (
                isinstance(value, tuple)
                and len(value) == len(types)
                and all(_fits(item, each) for item, each in zip(value, types, strict=True))
            )
    return True
