"""Whether two editions call up the same: formulas as they are drawn, code without its comments and strings.

What looks into them is loaded when two editions spell something differently, which a warm check remembers.
"""

from __future__ import annotations

from functools import partial

from bifolio.memo import Memo


def same_form(memo: Memo, entry: str) -> str:
    """Return an entry of a section so that what is drawn or computed alike is equal, however it is spelled."""
    kind, _, name = entry.partition(" $")
    if name and kind in ("formula", "inline formula"):
        latex = name.removesuffix("$")
        return f"{kind} {memo.recall(f'form of a {kind}', latex, partial(_formula_form, kind, latex))}"
    if _is_code(entry):
        return f"code {memo.recall('form of code', entry, partial(_code_form, entry))}"
    return entry


def _is_code(entry: str) -> bool:
    """Tell whether an entry is code that an author wrote out."""
    return entry.startswith("code ") and "\n" in entry


def shown_beside(entry: str, other: str) -> tuple[str, str]:
    """Return two entries that differ, as they are told: of code the first line in which it differs."""
    from bifolio.check.code import first_difference, first_line

    if _is_code(entry) and _is_code(other):
        (language, code), (_, another) = _code(entry), _code(other)
        line, otherwise = first_difference(language, code, another)
        return _shown(entry, line), _shown(other, otherwise)
    return _shown(entry, first_line(_code(entry)[1])), _shown(other, first_line(_code(other)[1]))


def _shown(entry: str, line: str) -> str:
    return f"code {_code(entry)[0]}: {line or 'nothing'}" if _is_code(entry) else entry


def _code(entry: str) -> tuple[str, str]:
    language, _, code = entry.removeprefix("code ").partition("\n")
    return language, code


def _code_form(entry: str) -> str:
    from bifolio.check.code import code_form

    language, code = _code(entry)
    return f"{language} {code_form(language, code)}"


def _formula_form(kind: str, latex: str) -> str:
    from bifolio.check.formula import formula_form

    return formula_form(latex, display=kind == "formula")
