"""The macros `source`, `formula`, `constant`: code, formulas, numbers that come from elsewhere, not from a run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bifolio.chapters.context.absent import absent
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.values import Markdown
from bifolio.errors import ChapterError, FormulaError, unknown
from bifolio.formats.numbers import format_number, with_unit
from bifolio.formulas.named import load_formula, missing_languages
from bifolio.markdown.escaping import fence
from bifolio.storage import read_source

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def source(page: Page, module: str, name: str = "") -> Markdown:
    """Show a file under experiments/, or one function or class of it, as its syntax tree delimits it."""
    file = f"experiments/{module}.py"
    known = {code.file for code in page.catalogue.sources.modules.values()}
    if file not in known or module in page.catalogue.drafts:
        raise absent(
            page.catalogue, "file of code", module, sorted(path[len("experiments/") : -len(".py")] for path in known)
        )
    text = read_source(page.read(file), file)
    if not name:
        return Markdown(fence(text, "python"))
    definitions = dict(_definitions(ast.parse(text)))
    if name not in definitions:
        raise unknown(f"function or class in {file}", name, definitions)
    node = definitions[name]
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    lines = text.splitlines()[first - 1 : node.end_lineno]
    return Markdown(fence("\n".join(line[node.col_offset :] for line in lines), "python"))


def formula(page: Page, name: str, *, symbols: bool = True) -> Markdown:
    """Show a formula that is defined once under templates/formulas/, with what its symbols mean."""
    folder = page.project.templates / "formulas"
    path = folder / f"{name}.toml"
    if not path.is_file():
        raise unknown("formula", name, sorted(file.stem for file in folder.glob("*.toml")))
    found = load_formula(path)
    missing = missing_languages(found, [page.language.code])
    if missing:
        raise FormulaError("a symbol lacks its meaning", file=path, found=", ".join(missing), expected="one a language")
    lines = [f"$$\n{found.latex}\n$$"]
    if symbols and found.symbols:
        lines += ['<div class="bf-symbols" markdown="1">']
        lines += ["\n".join(f"- ${symbol.latex}$ {symbol.meaning[page.language.code]}" for symbol in found.symbols)]
        lines += ["</div>"]
    return Markdown("\n\n".join(lines))


def constant(
    page: Page, number: float, *, source: str, unit: str = "", digits: int | None = None, shown: bool = True
) -> Markdown:
    """Show a number that is not measured here, with where it comes from unless the sentence says so already."""
    if not source.strip():
        raise ChapterError("a number that is not measured here names its source", found=number, expected='source="…"')
    if digits is not None and digits < 0:
        raise ChapterError("`digits` counts digits after the point", found=digits, expected="0 or more")
    text = with_unit(page.language, format_number(page.language, number, digits), unit)
    return Markdown(page.say("value.sourced", number=text, source=source) if shown else text)


def _definitions(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, _Definition]]:
    for node in tree.body:
        if isinstance(node, _Definition):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _definitions(node, f"{prefix}{node.name}.")
