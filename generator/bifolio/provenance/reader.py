"""Reads what an experiment's file declares from its syntax tree: nothing is imported, nothing is run."""

from __future__ import annotations

import ast
from pathlib import Path

from bifolio.errors import DeclarationError, nearest_name
from bifolio.project import DEFAULT_PROFILE, NAME, PROFILES
from bifolio.provenance.configs import ConfigReader, config_class
from bifolio.provenance.declaration import (
    DEFAULT_VARIANT,
    PACKAGE,
    Declaration,
    VariantDeclaration,
)
from bifolio.provenance.literals import Literals
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
    "draft",
    *_SIZES,
}


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
    config = config_class(tree, function, file)
    arguments = _arguments(decorator, file)
    read = ConfigReader(file, config)
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
        variables=_variables(arguments.get("variables"), read),
        uses=read_uses(arguments.get("uses"), read.strings(arguments.get("uses"), "uses"), file),
        quantities=read_quantities(arguments.get("quantities"), read),
        draft=read.flag(arguments.get("draft"), "draft"),
    )


def _variables(node: ast.expr | None, read: Literals) -> dict[str, str]:
    return read_variables(node, {} if node is None else read.value(node, "variables"), read.file)


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
