"""Figures and diagrams as SVG inside the page: one drawing whose colours are the style sheet's to change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bifolio.diagrams import draw_diagram
from bifolio.errors import ChapterError
from bifolio.figures import DRAWINGS, unsealed

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|rgba?\([^()]*\)|hsla?\([^()]*\)")
_ROOT = re.compile(r"<svg\b[^>]*>")
_SILENT = re.compile(r' (?:class|role|aria-[a-z]+|pointer-events)="[^"]*"')
_EMPTY = '<path d="M0,0h0v0h0Z"/>'


class Inks:
    """The colours of the drawings: each pair of a light one and a dark one is a custom property of the style sheet."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}

    @property
    def light(self) -> Mapping[str, str]:
        """Return the colour of each property on a light page."""
        return {name: light for (light, _), name in self._names.items()}

    @property
    def dark(self) -> Mapping[str, str]:
        """Return the colour of each property on a dark page."""
        return {name: dark for (_, dark), name in self._names.items()}

    def merged(self, light: str, dark: str) -> str:
        """Return the light drawing with properties for the colours that differ; both where more differs than that."""
        kept, others = _COLOUR.split(light), _COLOUR.split(dark)
        if kept != others:
            return f'<span class="bf-light">{light}</span><span class="bf-dark">{dark}</span>'
        pairs = zip(_COLOUR.findall(light), _COLOUR.findall(dark), strict=True)
        colours = (one if one == other else f"var({self._name(one, other)})" for one, other in pairs)
        return "".join(part for pair in zip(kept, [*colours, ""], strict=True) for part in pair)

    def _name(self, light: str, dark: str) -> str:
        return self._names.setdefault((light, dark), f"--ink-{len(self._names) + 1}")


def show_figure(stem: Path, inks: Inks) -> str:
    """Return a figure's wide and narrow drawing, of which the style sheet shows one; `stem` is its path without .svg.

    Raises ChapterError, with no place, for a drawing that is not there.
    """
    drawn: dict[str, dict[str, str]] = {}
    for ending, (shape, theme) in DRAWINGS.items():
        file = stem.with_name(f"{stem.name}{ending}")
        try:
            drawn.setdefault(shape, {})[theme] = quiet(unsealed(file.read_text(encoding="utf-8")))
        except OSError as error:
            raise ChapterError("a drawing is missing", found=file.name, expected="`bifolio build` first") from error
    merged = {shape: inks.merged(both["light"], both["dark"]) for shape, both in drawn.items()}
    return "".join(f'<span class="bf-{shape}">{svg}</span>' for shape, svg in merged.items())


def show_diagram(source: str, identifier: str, inks: Inks) -> str:
    """Return a diagram in its frame, which takes the focus because it may have to scroll; raise DiagramError."""
    light = draw_diagram(source, theme="light", identifier=identifier)
    dark = draw_diagram(source, theme="dark", identifier=identifier)
    return f'<figure class="bf-diagram" tabindex="0">{inks.merged(light, dark)}</figure>'


def quiet(svg: str) -> str:
    """Return a figure without what nobody hears, for the whole is one image, and nobody sees, for it is empty."""
    root = _ROOT.search(svg)
    if root is None:
        raise ChapterError("a drawing is no SVG", found=svg[:40], expected="<svg …>")
    return svg[: root.end()] + _SILENT.sub("", svg[root.end() :]).replace(_EMPTY, "")
