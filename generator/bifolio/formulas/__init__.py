"""LaTeX formulas as accessible HTML, drawn at build time by KaTeX."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable
from typing import cast

from bifolio.errors import FormulaError
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
MOST_CHARACTERS = 2_000
_SECONDS = 1.0
"""How long KaTeX may take, of the processor's time; the longest formulas that people read take a tenth of it."""


@functools.lru_cache(maxsize=4096)
def render_formula(latex: str, *, display: bool) -> str:
    """Return KaTeX's HTML with MathML for screen readers; a FormulaError's `line` counts within the formula."""
    if len(latex) > MOST_CHARACTERS:
        expected = f"at most {MOST_CHARACTERS:,} characters"
        raise FormulaError("the formula is too long", line=1, found=f"{len(latex):,} characters", expected=expected)
    answer = json.loads(_answer(latex, display))
    if "html" in answer:
        return cast(str, answer["html"])
    raise _refusal(latex, answer["message"], answer["position"])


@functools.cache
def _katex() -> Callable[..., str]:
    """Load KaTeX once a process; its own thread makes calls from any thread safe."""
    import quickjs  # type: ignore[import-untyped]

    script = package_file("assets/katex/katex.min.js").read_text(encoding="utf-8")
    function = quickjs.Function("render", _SURROUNDINGS + script + _RENDER)
    function.set_time_limit(_SECONDS)
    return cast(Callable[..., str], function)


def _answer(latex: str, display: bool) -> str:
    """Return what KaTeX says; a formula whose macros multiply is stopped."""
    import quickjs

    try:
        return _katex()(latex, display, run_gc=next(_calls) % _BETWEEN == 0)
    except quickjs.JSException as error:
        if "interrupted" not in str(error):
            raise
        expected = f"a formula that is drawn in {_SECONDS:g} s: fewer or shorter macros"
        raise FormulaError(
            "the formula grows too large", line=1, found=_one_line(latex[: 2 * _EXCERPT]), expected=expected
        ) from None


def _refusal(latex: str, message: str, position: int | None) -> FormulaError:
    """Say what KaTeX refused; `position` counts UTF-16 units from 0 and is None when KaTeX does not know it."""
    if "call stack" in message:
        message = "it is nested too deeply"
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
