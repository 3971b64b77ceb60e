"""The look of a diagram: Mermaid's configuration in the colours of the page."""

from __future__ import annotations

from typing import Any, Literal

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
    }


def _theme_variables(theme: Theme) -> dict[str, Any]:
    """Return Mermaid's `themeVariables`: sheet boxes with ink text, quiet lines, accent where something is special."""
    colours = PALETTES[theme]
    text = (
        "primaryTextColor secondaryTextColor tertiaryTextColor textColor nodeTextColor titleColor actorTextColor "
        "signalTextColor labelTextColor loopTextColor noteTextColor stateLabelColor transitionLabelColor classText "
        "taskTextColor taskTextDarkColor taskTextOutsideColor taskTextLightColor pieTitleTextColor pieLegendTextColor "
        "commitLabelColor tagLabelColor"
    )
    boxes = (
        "primaryColor mainBkg nodeBkg actorBkg labelBoxBkgColor stateBkg sectionBkgColor sectionBkgColor2 taskBkgColor "
        "activationBkgColor activeTaskBkgColor doneTaskBkgColor critBkgColor commitLabelBackground tagLabelBackground "
        "secondaryColor noteBkgColor clusterBkg compositeTitleBackground altBackground attributeBackgroundColorEven"
    )
    grounds = (
        "background edgeLabelBackground labelBackgroundColor tertiaryColor altSectionBkgColor compositeBackground "
        "attributeBackgroundColorOdd"
    )
    lines = (
        "lineColor defaultLinkColor signalColor actorLineColor transitionColor specialStateColor arrowheadColor "
        "primaryBorderColor secondaryBorderColor tertiaryBorderColor nodeBorder actorBorder labelBoxBorderColor "
        "noteBorderColor activationBorderColor taskBorderColor doneTaskBorderColor innerEndBackground tagLabelBorder"
    )
    hairlines = "clusterBorder gridColor pieStrokeColor pieOuterStrokeColor"
    variables: dict[str, Any] = {"darkMode": theme == "dark", "fontFamily": FONT_FAMILY, "pieOpacity": "1"}
    for names, colour in (
        (text, colours.ink),
        (boxes, colours.sheet),
        (grounds, colours.paper),
        (lines, colours.soft),
        (hairlines, colours.line),
        ("critBorderColor activeTaskBorderColor todayLineColor quadrantPointFill", colours.accent),
        ("pieSectionTextColor sequenceNumberColor", colours.paper),
    ):
        variables.update(dict.fromkeys(names.split(), colour))
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
