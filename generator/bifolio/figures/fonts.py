"""The fonts in which Vega measures the text of drawings."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from bifolio.leftovers import temporary_prefix
from bifolio.palette import FONT_FAMILY

LATIN_FAMILY = "Bifolio Latin"
"""What the Latin letters of the figures' font are called where nothing else is to be measured."""
_LATIN = frozenset(
    chr(code)
    for codes in (range(0x20, 0x7F), range(0xA0, 0x180), range(0x2010, 0x2060), (0x2212, 0x2248, 0x2264, 0x2265))
    for code in codes
)


def measured_family(text: str) -> str:
    """Return the family in which a drawing of a text is measured: its whole font takes ten times as long as a part."""
    return LATIN_FAMILY if _LATIN.issuperset(text) else FONT_FAMILY


@functools.cache
def register_fonts() -> None:
    """Let text be measured in the font that the figures name first, and in the Latin part of it."""
    import vl_convert
    from pylopdf_fonts_zh_cn import sans_path

    vl_convert.register_font_directory(str(sans_path().parent))
    vl_convert.register_font_directory(_latin_folder().name)


@functools.cache
def _latin_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder, until the process ends, with the font's Latin part: same widths, same kerning, other name."""
    from fontTools import subset  # type: ignore[import-untyped]
    from pylopdf_fonts_zh_cn import sans_path

    folder = tempfile.TemporaryDirectory(prefix=temporary_prefix("fonts"))
    options = subset.Options(layout_features=["*"], name_IDs=["*"])
    with subset.load_font(str(sans_path()), options, lazy=True) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=map(ord, _LATIN))
        subsetter.subset(font)
        for name in font["name"].names:
            if name.nameID in (1, 4, 16):
                name.string = LATIN_FAMILY
        subset.save_font(font, str(Path(folder.name) / "latin.otf"), options)
    return folder
