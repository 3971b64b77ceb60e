"""Mermaid diagrams as SVG with real text, drawn at build time by merman."""

from __future__ import annotations

import atexit
import functools
import json
import re

from bifolio.diagrams.extent import with_room
from bifolio.diagrams.kinds import DRAWN, check_source, diagram_type
from bifolio.diagrams.mending import accessible, in_one_font, own_ids, shown_labels, styled, well_formed, wrapped_labels
from bifolio.diagrams.preparing import prepared
from bifolio.diagrams.refusals import refusal
from bifolio.diagrams.style import Layout, engine_options, style_rules
from bifolio.errors import DiagramError
from bifolio.palette import Theme

__all__ = ["described", "diagram_type", "draw_diagram"]

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_ACCESSIBLE_TITLE = re.compile(r"^\s*accTitle\s*:\s*(.+?)\s*$", re.MULTILINE)
_ACCESSIBLE_DESCRIPTION = re.compile(
    r"^\s*accDescr\s*(?::\s*(?P<line>.+?)\s*$|\{\s*(?P<block>[^}]*?)\s*\})", re.MULTILINE
)


@functools.lru_cache(maxsize=1024)
def draw_diagram(source: str, *, theme: Theme, identifier: str, title: str = "", description: str = "") -> str:
    """Return one `<svg>` whose ids start with `identifier`; a DiagramError's `line` counts within the source.

    Without `title` and `description` the source's own `accTitle` and `accDescr` serve; without these, the text of its
    labels is the title, so that no diagram is silent to a screen reader.
    """
    if not _IDENTIFIER.fullmatch(identifier):
        raise ValueError(f"not an identifier: {identifier!r}")
    check_source(source)
    kind = DRAWN.get(diagram_type(source), "")
    svg = _render(source, theme, "cose-bilkent" if kind == "mindmap" else "dagre", identifier)
    svg = well_formed(in_one_font(styled(wrapped_labels(svg), style_rules(kind, theme, identifier))))
    own_title, own_description = described(source)
    title = title or own_title or " · ".join(shown_labels(svg)) or kind
    return accessible(own_ids(with_room(svg), identifier), identifier, title, description or own_description)


def described(source: str) -> tuple[str, str]:
    """Return the title and the description that the source gives itself with `accTitle` and `accDescr`."""
    title = _ACCESSIBLE_TITLE.search(source)
    description = _ACCESSIBLE_DESCRIPTION.search(source)
    text = (description["line"] or description["block"] or "") if description else ""
    return title[1] if title else "", " ".join(text.split())


def _render(source: str, theme: Theme, layout: Layout, identifier: str) -> str:
    import merman  # type: ignore[import-untyped]

    engine = _engine(theme, layout)
    try:
        svg: str = engine.render_svg(prepared(source), json.dumps({"svg": {"diagram_id": identifier}}))
    except merman.MermanError as error:
        raise refusal(source, engine.analyze_json(source, None), getattr(error, "message", str(error))) from None
    if "<text" not in svg and "<path" not in svg:
        raise DiagramError("the diagram is empty", line=1, found=source.strip() or "nothing")
    return svg


@functools.cache
def _engine(theme: Theme, layout: Layout) -> merman.MermanEngine:  # type: ignore[name-defined]  # noqa: F821
    import merman

    from bifolio.diagrams.text_widths import TextMeasurer

    atexit.register(_engine.cache_clear)  # an engine that outlives merman's module complains on standard error
    services = merman.MermanEngineServices().with_text_measurer(TextMeasurer())
    return merman.MermanEngine(options_json=json.dumps(engine_options(theme, layout)), services=services)
