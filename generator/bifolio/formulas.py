"""LaTeX formulas as accessible HTML, drawn at build time by KaTeX."""

from __future__ import annotations

import functools
import itertools
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bifolio.errors import FormulaError, nearest_name
from bifolio.programs import package_file

# KaTeX asks for a document with a doctype; `self` and `window` are where it looks for its surroundings.
_SURROUNDINGS = 'var self=globalThis,window=globalThis,document={compatMode:"CSS1Compat"};'

# What KaTeX would only show in red or warn about is an error here: bare Chinese in a formula is most often money that
# was read as one (`$5 到 10$`), and a link or an image has no place in a formula.
_RENDER = r"""
function render(latex, display) {
  const options = {
    displayMode: display, output: "htmlAndMathml", throwOnError: true, maxExpand: 1000, maxSize: 50,
    strict: code => code === "newLineInDisplayMode" ? "ignore" : "error",
    trust: context => { throw new katex.ParseError(context.command + " is not permitted in a formula"); },
  };
  try {
    return JSON.stringify({html: katex.renderToString(latex, options)});
  } catch (error) {
    return JSON.stringify({message: error.rawMessage || error.message, position: error.position ?? null});
  }
}
"""
_STRICT_PREFIX = "LaTeX-incompatible input and strict mode is set to 'error': "
# Collecting garbage takes ten times as long as drawing a formula, and reference counts free most of it at once.
_BETWEEN = 500
_calls = itertools.count(1)
_EXCERPT = 24  # characters of a formula shown on either side of what is wrong


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


@functools.lru_cache(maxsize=4096)
def render_formula(latex: str, *, display: bool) -> str:
    """Return KaTeX's HTML with MathML for screen readers; a FormulaError's `line` counts within the formula."""
    answer = json.loads(_katex()(latex, display, run_gc=next(_calls) % _BETWEEN == 0))
    if "html" in answer:
        return cast(str, answer["html"])
    raise _refusal(latex, answer["message"], answer["position"])


def frame_formula(latex: str, *, display: bool, block: bool) -> str:
    """Return a formula in its frame; that of a display formula takes the focus because it may have to scroll.

    A block cannot stand inside a paragraph. Search leaves formulas out: it would index the symbols three times over,
    and none in the order of reading.
    """
    drawing = render_formula(latex, display=display)
    if not display:
        return f'<span class="bf-inline-formula" data-search-exclude>{drawing}</span>'
    element = "div" if block else "span"
    return f'<{element} class="bf-formula" tabindex="0" role="group" data-search-exclude>{drawing}</{element}>'


def load_formula(path: Path) -> Formula:
    """Read `templates/formulas/<name>.toml` and prove that its formula and symbols can be drawn."""
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FormulaError("the formula cannot be read", file=path, found=error.strerror) from error
    except UnicodeDecodeError as error:
        raise FormulaError("the formula is not UTF-8", file=path, found=f"byte {error.start}") from error
    except ValueError as error:
        raise FormulaError("the formula is not TOML", file=path, found=error) from error
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


@functools.cache
def _katex() -> Callable[..., str]:
    """Load KaTeX once a process; its own thread makes calls from any thread safe."""
    import quickjs  # type: ignore[import-untyped]

    script = package_file("assets/katex/katex.min.js").read_text(encoding="utf-8")
    return cast(Callable[..., str], quickjs.Function("render", _SURROUNDINGS + script + _RENDER))


def _refusal(latex: str, message: str, position: int | None) -> FormulaError:
    """Say what KaTeX refused; `position` counts UTF-16 units from 0 and is None when KaTeX does not know it."""
    problem = f"the formula cannot be drawn: {message.removeprefix(_STRICT_PREFIX)}"
    if position is None:
        return FormulaError(problem, line=1, found=_one_line(latex[: 2 * _EXCERPT]))
    before = latex.encode("utf-16-le")[: 2 * position].decode("utf-16-le", errors="ignore")
    rest = latex[len(before) :]
    excerpt = _one_line(f"{before[-_EXCERPT:]} ⟨here⟩ {rest[:_EXCERPT]}".strip())
    return FormulaError(
        problem,
        line=1 + before.count("\n"),
        found=f"{excerpt} (character {len(before) + 1})",
        expected="LaTeX that KaTeX knows, with text inside \\text{…}",
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _symbol(table: dict[str, Any], path: Path) -> Symbol:
    """Read one `[[symbols]]` table: `latex`, and one key a language."""
    meaning = {language: text for language, text in sorted(table.items()) if language != "latex"}
    for language, text in meaning.items():
        if not isinstance(text, str) or not text.strip():
            raise FormulaError(f"a symbol's meaning in {language!r} is no text", file=path, found=repr(text))
    return Symbol(_latex(table, path, display=False), meaning)


def _latex(table: dict[str, Any], path: Path, *, display: bool) -> str:
    """Return the table's `latex`, once it has been drawn."""
    latex = table.get("latex")
    if not isinstance(latex, str) or not latex.strip():
        raise FormulaError("`latex` is missing or no text", file=path, found=repr(latex), expected="latex = '''…'''")
    try:
        render_formula(latex.strip(), display=display)
    except FormulaError as error:
        raise error.at(path, _line_of(latex, path)) from None
    return latex.strip()


def _line_of(latex: str, path: Path) -> int | None:
    """Return the line of the file on which the LaTeX starts, if it stands there as it is."""
    before, found, _ = path.read_text(encoding="utf-8").partition(latex.strip())
    return before.count("\n") + 1 if found else None


def _only(fields: dict[str, Any], known: tuple[str, ...], path: Path) -> None:
    for key in sorted(fields):
        if key not in known:
            expected = " or ".join(known)
            raise FormulaError(
                f"unknown key {key!r}", file=path, found=key, expected=expected, nearest=nearest_name(key, known)
            )
