"""The look of a diagram: Mermaid's configuration and style sheet in the colours of the page."""

from __future__ import annotations

from typing import Any, Literal

from bifolio.diagrams.kinds import MOST_ITEMS
from bifolio.palette import FONT_FAMILY, PALETTES, Theme

LABEL_WIDTH = 200  # pixels; a longer label is wrapped
Layout = Literal["dagre", "cose-bilkent"]


def engine_options(theme: Theme, layout: Layout) -> dict[str, Any]:
    """Return merman's options; the fixed day keeps charts of time the same on every day."""
    return {
        "fixed_today": "2000-01-01",
        "fixed_local_offset_minutes": 0,
        "site_config": {
            "theme": "base",
            "look": "classic",
            "layout": layout,
            "fontFamily": FONT_FAMILY,
            "flowchart": {"wrappingWidth": LABEL_WIDTH},
            "themeVariables": _theme_variables(theme),
        },
        "svg": {"pipeline": "resvg-safe"},
        "resources": {"limits": {"max_model_items": MOST_ITEMS}},
    }


def style_rules(kind: str, theme: Theme, identifier: str) -> str:
    """Return rules for what Mermaid colours without asking its theme, and for the grounds that an author colours."""
    colours = PALETTES[theme]
    line, ground = f"stroke:{colours.soft}", f"fill:{colours.sheet};stroke:{colours.soft}"
    rules = {
        "architecture-beta": {"text": f"paint-order:stroke;stroke:{colours.paper};stroke-width:6px"},
        "gantt": {".exclude-range": f"fill:{colours.line}"},
        "journey": {".legend": f"fill:{colours.ink}", ".task-line": line, ".face": ground, ".mouth": ground},
        "kanban": {".cluster rect": ground},
        "packet": {"text": f"fill:{colours.ink}", ".packetBlock": ground},
        "sankey": {
            ".link": "mix-blend-mode:normal",
            ".links": "stroke-opacity:0.3",
        },  # a flow that is multiplied with a dark page is black
        "sequenceDiagram": {"rect.rect": "fill-opacity:0.25"},
        "timeline": {
            ".lineWrapper line": line,
            ".eventWrapper": "filter:none",
            ".section-11 path": f"fill:{colours.series[4]}",  # the engine has colours for twelve sections only
            ".section-11 text": f"fill:{colours.paper}",
        },
        "treemap": {".treemapSection": "fill-opacity:0.3", "text": f"fill:{colours.ink};fill-opacity:1"},
    }.get(kind, {})
    return "".join(
        f"#{identifier} {what}{{{how.replace(';', '!important;')}!important}}" for what, how in rules.items()
    )


def _theme_variables(theme: Theme) -> dict[str, Any]:
    """Return Mermaid's `themeVariables`: sheet boxes with ink text, quiet lines, accent where something is special."""
    colours = PALETTES[theme]
    text = (
        "primaryTextColor secondaryTextColor tertiaryTextColor textColor nodeTextColor titleColor actorTextColor "
        "signalTextColor labelTextColor loopTextColor noteTextColor stateLabelColor transitionLabelColor classText "
        "taskTextColor taskTextDarkColor taskTextOutsideColor taskTextLightColor pieTitleTextColor pieLegendTextColor "
        "commitLabelColor tagLabelColor taskTextClickableColor quadrant1TextFill quadrant2TextFill quadrant3TextFill "
        "quadrant4TextFill quadrantPointTextFill"
    )
    boxes = (
        "primaryColor mainBkg nodeBkg actorBkg labelBoxBkgColor stateBkg sectionBkgColor sectionBkgColor2 taskBkgColor "
        "activationBkgColor activeTaskBkgColor doneTaskBkgColor critBkgColor commitLabelBackground tagLabelBackground "
        "secondaryColor noteBkgColor clusterBkg compositeTitleBackground altBackground attributeBackgroundColorEven "
        "rowOdd quadrant1Fill quadrant3Fill personBkg"
    )
    grounds = (
        "background edgeLabelBackground labelBackgroundColor tertiaryColor altSectionBkgColor compositeBackground "
        "attributeBackgroundColorOdd rowEven quadrant2Fill quadrant4Fill"
    )
    lines = (
        "lineColor defaultLinkColor signalColor actorLineColor transitionColor specialStateColor arrowheadColor "
        "primaryBorderColor secondaryBorderColor tertiaryBorderColor nodeBorder actorBorder labelBoxBorderColor "
        "noteBorderColor activationBorderColor taskBorderColor doneTaskBorderColor innerEndBackground tagLabelBorder "
        "personBorder archEdgeColor archEdgeArrowColor archGroupBorderColor"
    )
    hairlines = "clusterBorder gridColor pieStrokeColor pieOuterStrokeColor"
    variables: dict[str, Any] = {"darkMode": theme == "dark", "fontFamily": FONT_FAMILY, "pieOpacity": "1"}
    for names, colour in (
        (text, colours.ink),
        (boxes, colours.sheet),
        (grounds, colours.paper),
        (lines, colours.soft),
        (hairlines, colours.line),
        ("vertLineColor critBorderColor activeTaskBorderColor todayLineColor quadrantPointFill", colours.accent),
        ("pieSectionTextColor sequenceNumberColor", colours.paper),
    ):
        variables.update(dict.fromkeys(names.split(), colour))
    variables |= {f"fillType{number}": colours.sheet for number in range(8)}
    variables["xyChart"] = {
        "backgroundColor": colours.paper,
        "dataLabelColor": colours.paper,
        "plotColorPalette": ",".join(colours.series),
    }
    variables["radar"] = {"axisColor": colours.soft, "graticuleColor": colours.soft, "graticuleOpacity": 0.08}
    variables.update(_numbered(colours.series, colours.paper))
    return variables


def _numbered(series: tuple[str, ...], paper: str) -> dict[str, str]:
    """Return the colours that Mermaid numbers: slices of a pie, branches of a mind map or of a commit graph."""
    variables: dict[str, str] = {}
    for number in range(12):
        colour = series[number % len(series)]
        variables |= {f"pie{number + 1}": colour, f"cScale{number}": colour, f"cScaleLabel{number}": paper}
        variables |= {f"cScaleInv{number}": colour, f"cScalePeer{number}": colour}
        if number < 8:
            variables |= {f"git{number}": colour, f"gitBranchLabel{number}": paper}
    return variables
