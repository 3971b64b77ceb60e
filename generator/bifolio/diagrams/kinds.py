"""The kinds of diagrams that are drawn, and the parts of Mermaid that pages and books cannot show alike."""

from __future__ import annotations

import re

from bifolio.errors import DiagramError, nearest_name

_KINDS = (
    "architecture-beta", "classDiagram", "erDiagram", "flowchart", "gantt", "gitGraph", "journey", "kanban",
    "mindmap", "packet", "pie", "quadrantChart", "radar-beta", "requirementDiagram", "sankey", "sequenceDiagram",
    "stateDiagram", "timeline", "treemap", "xychart",
)  # fmt: skip
_OTHER_NAMES = {
    **{f"{name}-beta": name for name in ("packet", "sankey", "treemap", "xychart")},
    **{f"{name}-v2": name for name in ("classDiagram", "stateDiagram")},
    "graph": "flowchart",
}
DRAWN = {**{name: name for name in _KINDS}, **_OTHER_NAMES}
"""How a source may name its kind -> the kind: those that are drawn right, in Han and Latin, light and dark."""
MOST_CHARACTERS = 10_000
MOST_ITEMS = 300
"""Nodes and edges, or messages, of one diagram: nobody finds their way through more."""

_NOT_THE_TYPE = re.compile(r"\A(?:\s*---\n.*?\n\s*---\s*?(?=\n)|\s*%%\{.*?\}%%|\s*%%[^\n]*(?=\n|\Z))*\s*", re.DOTALL)
_SETTINGS = re.compile(r"\A\s*---\n.*?\n\s*---\s*?(?=\n)|%%\{.*?\}%%", re.DOTALL)
_COMMENT = re.compile(r"^[ \t]*%%(?!\{)[^\n]*", re.MULTILINE)
_LOOK = re.compile(
    r"[\"']?\b(?:theme(?:Variables|CSS)?|look|handDrawnSeed|font(?:Family|Size)|darkMode|securityLevel|htmlLabels"
    r"|maxTextSize|maxEdges|deterministicIds)[\"']?\s*:"
)
_TAGS = (
    "a|b|big|button|center|code|del|div|em|font|h[1-6]|hr|i|iframe|img|input|ins|kbd|li|mark|object|ol|p|pre|s|script"
    "|small|span|strike|strong|style|sub|sup|svg|table|td|th|tr|tt|u|ul|video"
)
_FOREIGN = {
    "a diagram has no links and no scripts": (
        r"^[ \t]*(?:click|callback)[ \t]+\w[^\n]*|^[ \t]*link[ \t]+[^\s:]+[ \t]+\"[^\n]*"
        r"|^[ \t]*(?:links?|properties|details)[ \t]+[^\n:]+:[^\n]*[@{][^\n]*",
        "a link in the text beside it",
    ),
    "a diagram has no icons and no pictures": (
        r"\bfa[bsrlkd]?:fa-[\w-]+|::icon\([^)]*\)|@\{[^}]*?\b(?:icon|img)[ \t]*:[^}]*\}",
        "words; a picture stands beside a diagram",
    ),
    "a label holds no HTML": (rf"(?<!<)</?(?:{_TAGS})(?:\s[^<>]*)?/?>(?!>)", "words, and <br> for a new line"),
    "a diagram has no formulas": (r"\$\$[^\n]+\$\$", "signs such as x² in words, or the formula beside it"),
}
_REFUSED = {problem: (re.compile(pattern, re.M | re.I), expected) for problem, (pattern, expected) in _FOREIGN.items()}
_SERVICE = re.compile(r"^[ \t]*(?:group|service)[ \t]+[\w-]+\((?P<icon>[^)]*)\)", re.MULTILINE)
_ICONS = ("cloud", "database", "disk", "internet", "server")


def diagram_type(source: str) -> str:
    """Return the word that says what kind of diagram it is (`flowchart`), or an empty string."""
    words = source[_start(source) :].split(maxsplit=1)
    return re.split("[:;]", words[0])[0] if words else ""


def check_source(source: str) -> None:
    """Raise DiagramError, with a line of the source, for what is too long, of another kind, or not drawn alike."""
    if len(source) > MOST_CHARACTERS:
        expected = f"at most {MOST_CHARACTERS:,} characters, and {MOST_ITEMS} nodes and edges"
        raise DiagramError("the diagram is too large", line=1, found=f"{len(source):,} characters", expected=expected)
    kind = diagram_type(source)
    if kind and kind not in DRAWN:
        raise DiagramError(
            "a diagram of this kind is not drawn",
            line=source.count("\n", 0, _start(source)) + 1,
            found=kind,
            expected=", ".join(_KINDS),
            nearest=nearest_name(kind, DRAWN),
        )
    _check_settings(source)
    body = _COMMENT.sub("", source)
    for problem, (pattern, expected) in _REFUSED.items():
        found = pattern.search(body)
        if found:
            raise _at(body, found, problem, expected)
    if kind == "architecture-beta":
        for found in _SERVICE.finditer(body):
            if found["icon"] not in _ICONS:
                raise _at(body, found, "a diagram has no icon of this name", ", ".join(_ICONS))


def _start(source: str) -> int:
    return _NOT_THE_TYPE.match(source).end()  # type: ignore[union-attr]  # it matches an empty text, too


def _check_settings(source: str) -> None:
    """Refuse a look of its own: diagrams have the colours and the type of the page, light or dark."""
    for settings in _SETTINGS.finditer(source):
        found = _LOOK.search(source, settings.start(), settings.end())
        if found:
            raise _at(source, found, "a diagram has the look of its page", "settings of its layout only, or none")


def _at(source: str, found: re.Match[str], problem: str, expected: str) -> DiagramError:
    line = source.count("\n", 0, found.start()) + 1
    return DiagramError(problem, line=line, found=" ".join(found[0].split())[:80], expected=expected)
