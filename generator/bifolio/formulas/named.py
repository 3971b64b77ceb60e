"""Formulas that both editions use: each in a file of its own under templates/formulas/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bifolio.errors import FormulaError, nearest_name
from bifolio.formulas.typesetting import typst_formula
from bifolio.storage import read_source, read_toml


@dataclass(frozen=True)
class Symbol:
    """One symbol of a formula; `meaning` maps a language to what it stands for."""

    latex: str
    meaning: Mapping[str, str]


@dataclass(frozen=True)
class Formula:
    """A formula that both editions use, defined once."""

    name: str
    latex: str
    symbols: tuple[Symbol, ...]


def load_formula(path: Path) -> Formula:
    """Read `templates/formulas/<name>.toml` and prove that its formula and symbols can be drawn."""
    fields = read_toml(path)
    _only(fields, ("latex", "symbols"), path)
    tables = fields.get("symbols", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise FormulaError("`symbols` is no list of tables", file=path, found=tables, expected="[[symbols]]")
    symbols = tuple(_symbol(table, path) for table in tables)
    return Formula(path.stem, _latex(fields, path, display=True), symbols)


def missing_languages(formula: Formula, languages: Iterable[str]) -> tuple[str, ...]:
    """Return `symbol: language` for each meaning that an edition in one of the languages would lack."""
    wanted = tuple(languages)
    return tuple(
        f"{symbol.latex}: {language}"
        for symbol in formula.symbols
        for language in wanted
        if language not in symbol.meaning
    )


def _symbol(table: dict[str, Any], path: Path) -> Symbol:
    """Read one `[[symbols]]` table: `latex`, and one key a language."""
    meaning = {language: text for language, text in sorted(table.items()) if language != "latex"}
    for language, text in meaning.items():
        if not isinstance(text, str) or not text.strip():
            raise FormulaError(f"a symbol's meaning in {language!r} is no text", file=path, found=repr(text))
    return Symbol(_latex(table, path, display=False), meaning)


def _latex(table: dict[str, Any], path: Path, *, display: bool) -> str:
    """Return the table's `latex`, once it has been drawn and set."""
    latex = table.get("latex")
    if not isinstance(latex, str) or not latex.strip():
        raise FormulaError(
            "`latex` is missing or no text", file=path, line=1, found=repr(latex), expected="latex = '''…'''"
        )
    try:
        typst_formula(latex.strip(), display=display)
    except FormulaError as error:
        raise error.at(path, _line_of(latex, path)) from None
    return latex.strip()


def _line_of(latex: str, path: Path) -> int | None:
    """Return the line of the file on which the LaTeX starts, if it stands there as it is."""
    before, found, _ = read_source(path).partition(latex.strip())
    return before.count("\n") + 1 if found else None


def _only(fields: dict[str, Any], known: tuple[str, ...], path: Path) -> None:
    for key in sorted(fields):
        if key not in known:
            expected = " or ".join(known)
            line = next(
                (place for place, text in enumerate(read_source(path).splitlines(), 1) if _begins(text, key)), None
            )
            raise FormulaError(
                f"unknown key {key!r}",
                file=path,
                line=line,
                found=key,
                expected=expected,
                nearest=nearest_name(key, known),
            )


def _begins(text: str, key: str) -> bool:
    """Tell whether a line of a file sets a key, or opens its table."""
    return text.partition("=")[0].strip(" \t[]\"'") == key
