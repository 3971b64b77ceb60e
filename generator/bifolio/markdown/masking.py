"""What is set aside before a text is read: its front matter, and the bars that cut no cell of a table."""

from __future__ import annotations

import re

_PRIVATE = range(0xE002, 0xF900)
"""Characters for private use: one that the text lacks stands, while tables are cut, for a bar that cuts no cell."""
_TABLE = re.compile(r"^[ \t>]*\|.*\n(?P<rule>[ \t>]*\|[ :|-]*-[ :|-]*)(?:\n[ \t>]*\|.*)*", re.MULTILINE)
_CUT = re.compile(r"(?<!\\)\|")
_WHOLE = re.compile(
    r"\\.|(?P<ticks>(?<!`)`+(?!`)).+?(?<!`)(?P=ticks)(?!`)"
    r"|\$\$(?!\$)(?:\\.|[^$\\])+?\$\$(?!\$)|\$(?![\s$])(?:\\.|[^$\\])+?(?<!\s)\$(?![\d$])"
)
"""What a cell is not cut in: code and formulas. An escaped bar outside of both stays escaped."""
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def front_matter_of(text: str) -> str:
    """Return a page's front matter with its rules, nothing where it has none."""
    match = _FRONT_MATTER.match(text)
    return match[0] if match else ""


def masked(text: str) -> tuple[str, str]:
    """Return a text of the same length without front matter, and what stands in it for each bar that cuts no cell."""
    front = len(front_matter_of(text))
    if front:
        text = re.sub(r"[^\n]", " ", text[:front]) + text[front:]
    if "|" not in text:
        return text, ""
    bar = next(chr(code) for code in _PRIVATE if chr(code) not in text)
    return _TABLE.sub(lambda table: _rows(table, bar), text), bar


def _rows(table: re.Match[str], bar: str) -> str:
    """Return the rows of a table; bars in formulas and code are replaced where a row has more cells than its head.

    An escaped bar in a formula, which is a sign of LaTeX, is replaced in any case.
    """
    columns = _cells(table["rule"])
    rows = table[0].split("\n")
    hidden = ("\\|", f"\\{bar}"), ("|", bar)
    return "\n".join(_hidden(row, *hidden[0 if _cells(row) == columns else 1]) for row in rows)


def _hidden(row: str, written: str, hidden: str) -> str:
    def replaced(one: re.Match[str]) -> str:
        stays = one[0].startswith("\\") or (one["ticks"] and len(written) > 1)
        return one[0] if stays else one[0].replace(written, hidden)

    return _WHOLE.sub(replaced, row)


def _cells(row: str) -> int:
    return len(_CUT.findall(row)) - 1
