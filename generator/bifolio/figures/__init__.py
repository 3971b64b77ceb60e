"""Figures as SVG: Vega-Lite specifications drawn at build time by vl-convert."""

from __future__ import annotations

import functools
import html
import json
import math
import re
from collections.abc import Mapping

from bifolio.figures.bars import bar_specification
from bifolio.figures.checking import check_figure
from bifolio.figures.colouring import colour_pairs, recolour
from bifolio.figures.compact import compact
from bifolio.figures.data import (
    Axis,
    Bar,
    BarFigure,
    Figure,
    HeatmapFigure,
    LineFigure,
    Point,
    Series,
    Strip,
    StripFigure,
    breaks_lines,
    cuts_intervals,
)
from bifolio.figures.fonts import measured_family, register_fonts
from bifolio.figures.heatmap import heatmap_specification
from bifolio.figures.lines import line_specification
from bifolio.figures.seal import digest, is_sealed, makers_of, sealed, unsealed
from bifolio.figures.strips import strip_specification
from bifolio.figures.style import DRAWINGS, LAYOUTS, Shape, Specification, configuration
from bifolio.palette import FONT_FAMILY, PALETTES, Theme
from bifolio.programs import version_of

__all__ = [
    "DRAWINGS",
    "Axis",
    "Bar",
    "BarFigure",
    "Figure",
    "HeatmapFigure",
    "LineFigure",
    "Point",
    "Series",
    "Shape",
    "Strip",
    "StripFigure",
    "breaks_lines",
    "cuts_intervals",
    "draw",
    "makers_of",
    "size",
    "specification",
    "unsealed",
]

DRAWING = 1
"""Raise it when what is made of Vega's drawings changes; a test of finished drawings tells when."""
_VEGA_LITE = "6.1"  # the version whose defaults the specifications were looked at with
_ROOT = re.compile(
    r"\A<svg\b[^>]*?(?P<size> width=\"(?P<width>[^\"]*)\" height=\"(?P<height>[^\"]*)\" viewBox=\"[^\"]*\")[^>]*>"
)


def specification(figure: Figure, *, theme: Theme, shape: Shape = "wide") -> Specification:
    """Return the Vega-Lite specification of a figure; raises FigureError for data that cannot be drawn."""
    check_figure(figure)
    colours, layout = PALETTES[theme], LAYOUTS[shape]
    if isinstance(figure, LineFigure):
        drawing = line_specification(figure, colours, layout)
    elif isinstance(figure, BarFigure):
        drawing = bar_specification(figure, colours, layout)
    elif isinstance(figure, StripFigure):
        drawing = strip_specification(figure, colours, layout)
    else:
        drawing = heatmap_specification(figure, colours, layout)
    autosize = {"type": "pad" if isinstance(figure, HeatmapFigure) else "fit", "contains": "padding"}
    return {"autosize": autosize, "config": configuration(colours, layout), **drawing}


def draw(
    figure: Figure, *, theme: Theme, title: str, description: str, shape: Shape = "wide", earlier: str = ""
) -> str:
    """Return one `<svg>` without ids; screen readers hear the description, which states the finding in numbers.

    It carries a seal: what drew it, what it was drawn from, and its own bytes. An `earlier` drawing with the right
    seal is returned.
    """
    wanted = specification(figure, theme=theme, shape=shape)
    origin = digest(_VEGA_LITE, _written(wanted), title, description)
    if is_sealed(earlier, _makers(), origin):
        return earlier
    svg = _in_colours(specification(figure, theme="light", shape=shape), wanted)
    root = _ROOT.match(svg)
    if root is None:
        raise ValueError("vl-convert returned no SVG with a size")
    name = html.escape(description or title)
    drawn = compact(
        f'<svg xmlns="http://www.w3.org/2000/svg"{root["size"]} style="max-width:100%;height:auto" role="img" '
        f'aria-label="{name}"><title>{html.escape(title, quote=False)}</title>{svg[root.end() :]}'
    )
    return sealed(drawn, _makers(), origin)


def _in_colours(light: Specification, wanted: Specification) -> str:
    """Return the drawing that is wanted, made from the light one where they differ only in colours."""
    pairs = colour_pairs(light, wanted)
    return _draw(_written(wanted)) if pairs is None else recolour(_draw(_written(light)), pairs)


def _written(specified: Specification) -> str:
    return json.dumps(specified, ensure_ascii=False)


@functools.lru_cache(maxsize=1024)  # themes share drawings, editions those without words; a loop draws a page often
def _draw(written: str) -> str:
    """Return what Vega-Lite makes of a specification, measured in as small a font as it can be."""
    import vl_convert

    register_fonts()
    family = measured_family(written)
    drawing = json.loads(written, parse_int=_whole)
    drawing["config"]["font"] = family
    svg = vl_convert.vegalite_to_svg(drawing, vl_version=_VEGA_LITE)
    return re.sub(f'font-family="{family}"(?=[^<>]*>)', f'font-family="{FONT_FAMILY}"', svg)  # in tags only


def _whole(digits: str) -> float:
    """Return a whole number of a specification; vl-convert reads none that is longer than a machine's."""
    return int(digits) if len(digits) < 16 else float(digits)


def _makers() -> Mapping[str, str]:
    """Return the versions of what draws: Vega, the font that text is measured in, and what we make of the drawing."""
    libraries = ("vl-convert-python", "pylopdf-fonts-zh-cn")
    return {**{name: version_of(name) for name in libraries}, "drawing": str(DRAWING)}


def size(svg: str) -> tuple[int, int]:
    """Return the width and the height, in pixels, of what `draw` returned."""
    root = _ROOT.match(svg)
    if root is None:
        raise ValueError("not a drawing of ours")
    return math.ceil(float(root["width"])), math.ceil(float(root["height"]))
