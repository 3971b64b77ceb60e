"""A formula in the frame in which pages show it."""

from __future__ import annotations

from bifolio.formulas import render_formula
from bifolio.formulas.breaking import in_parts
from bifolio.formulas.parts import longest_part

_PHONE = 36
"""Characters of a part that the line of a phone holds."""


def frame_formula(latex: str, *, display: bool, block: bool) -> str:
    """Return a formula in its frame; that of a display formula takes the focus because it may have to scroll.

    A block cannot stand inside a paragraph. Search leaves formulas out: it would index the symbols three times over,
    and none in the order of reading.
    """
    drawing = render_formula(latex, display=display)
    if not display:
        is_long = longest_part(latex) > _PHONE
        frame = 'bf-inline-formula bf-unbroken" tabindex="0" role="group' if is_long else "bf-inline-formula"
        return f'<span class="{frame}" data-search-exclude>{drawing}</span>'
    element = "div" if block else "span"
    parts = in_parts(drawing)
    return f'<{element} class="bf-formula" tabindex="0" role="group" data-search-exclude>{parts}</{element}>'
