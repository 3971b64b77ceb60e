"""Says what is wrong with a diagram that cannot be drawn, and on which of its lines."""

from __future__ import annotations

import json
import re
from typing import Any

from bifolio.diagrams.kinds import MOST_CHARACTERS, MOST_ITEMS
from bifolio.errors import DiagramError

# `B[卷积(CNN)]`: a label that holds parentheses and is not in quotes. A second bracket after the first is another
# shape (`[(database)]`, `([stadium])`), not a label.
_UNQUOTED = re.compile(r"""\w(?P<open>[\[{])(?!["(\[{/\\])(?P<label>[^"\[\]{}|]*?[()][^"\[\]{}|]*)(?P<close>[\]}])""")
_LIMIT = re.compile(r"resource limit `(?P<name>\w+)` exceeded.*?actual=(?P<actual>\d+)")


def refusal(source: str, analysis: str, message: str) -> DiagramError:
    """Return the error for a source that the engine refused; `analysis` is its `analyze_json`."""
    limit = _LIMIT.search(message)
    if limit:
        size = f"{limit['actual']} nodes and edges" if limit["name"] == "max_model_items" else "more than can be drawn"
        most = f"at most {MOST_ITEMS} nodes and edges, and {MOST_CHARACTERS:,} characters"
        return DiagramError("the diagram is too large", line=1, found=size, expected=most)
    diagnostics = json.loads(analysis).get("diagnostics", [])
    error: dict[str, Any] = next((item for item in diagnostics if item.get("severity") == "error"), {})
    lines = source.splitlines()
    line, expected = _unquoted_parentheses(lines) or (_line(error), error.get("help"))
    found = lines[line - 1].strip() if line is not None and line <= len(lines) else None
    problem = f"the diagram cannot be drawn: {error.get('message') or message}"
    return DiagramError(problem, line=line, found=found or None, expected=expected)


def _line(error: dict[str, Any]) -> int | None:
    """Return the line that the engine points at, unless it says itself that it only guesses."""
    guesses = any("fallback location" in related.get("message", "") for related in error.get("related", ()))
    line = (error.get("span") or {}).get("line")
    return line if isinstance(line, int) and not guesses else None


def _unquoted_parentheses(lines: list[str]) -> tuple[int, str] | None:
    """Return the first line with a label whose parentheses need quotes, and the label as it has to be."""
    for number, line in enumerate(lines, start=1):
        match = _UNQUOTED.search(line)
        if match:
            return number, f'a label with parentheses in quotes: {match["open"]}"{match["label"]}"{match["close"]}'
    return None
