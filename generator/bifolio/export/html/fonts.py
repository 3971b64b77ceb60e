"""The fonts that a file carries: of each one only the characters that the file shows with it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from bifolio.errors import ProjectError
from bifolio.memo import Memo

Style = Literal["serif", "italic", "sans", "bold", "mono", "drawing"]
"""What characters are set in; `drawing` is the font in which the text of figures was measured."""


@dataclass(frozen=True)
class Face:
    """A font file, and the CSS family that a subset of it has; `number` counts the fonts of a collection.

    `axes` limits a variable font to a range (or pins it), because what no page uses only weighs.
    """

    family: str
    weight: str
    package: str
    file: str
    slant: str = "normal"
    number: int = -1
    axes: tuple[tuple[str, float, float], ...] = ()


DISTRIBUTIONS = (
    *("fontpkg-source-serif-4", "fontpkg-source-sans-3", "fontpkg-source-code-pro", "fontpkg-fira-code"),
    *("fontpkg-noto-sans", "fontpkg-noto-sans-arabic", "fontpkg-noto-sans-devanagari", "fontpkg-noto-sans-thai"),
    *("manimgx-fonts-cjk", "pylopdf-fonts-zh-cn", "brotli"),
)
"""The fonts, and what fontTools compresses them with."""

# A subset may not have the reserved name "Source", so what a page carries of those fonts has names of its own.
_WEIGHTS = ("wght", 400, 700)
_SERIF = Face(
    *("Bifolio Serif", "400 700", "fontpkg-source-serif-4", "files/SourceSerif4[opsz,wght].ttf"),
    axes=(("opsz", 17, 17), _WEIGHTS),
)
_ITALIC = Face(
    *("Bifolio Serif", "400 700", "fontpkg-source-serif-4", "files/SourceSerif4-Italic[opsz,wght].ttf", "italic"),
    axes=(("opsz", 17, 17), _WEIGHTS),
)
_SANS = Face(
    *("Bifolio Sans", "400 700", "fontpkg-source-sans-3", "files/SourceSans3[wght].ttf"),
    axes=(_WEIGHTS,),
)
_MONO = Face(
    *("Bifolio Mono", "400 700", "fontpkg-source-code-pro", "files/SourceCodePro[wght].ttf"),
    axes=(_WEIGHTS,),
)
_HAN_SERIF = Face("Noto Serif SC", "400", "pylopdf-fonts-zh-cn", "NotoSerifSC-Regular.otf")
_HAN_SANS = Face("Noto Sans SC", "400", "pylopdf-fonts-zh-cn", "NotoSansSC-Regular.otf")
_HAN_BOLD = Face("Noto Sans SC", "500 900", "manimgx-fonts-cjk", "NotoSansCJK-VF.otf.ttc", number=2)
_SIGNS = Face("Fira Code", "400", "fontpkg-fira-code", "files/FiraCode[wght].ttf", axes=(("wght", 400, 400),))

_UPRIGHT = (("wght", 400, 400), ("wdth", 100, 100))
_DATA = (
    Face("Noto Sans CJK SC", "400", "manimgx-fonts-cjk", "NotoSansCJK-VF.otf.ttc", number=2),
    Face("Noto Sans", "400", "fontpkg-noto-sans", "files/NotoSans[wdth,wght].ttf", axes=_UPRIGHT),
    Face("Noto Sans Arabic", "400", "fontpkg-noto-sans-arabic", "files/NotoSansArabic[wdth,wght].ttf", axes=_UPRIGHT),
    Face(
        *("Noto Sans Devanagari", "400", "fontpkg-noto-sans-devanagari", "files/NotoSansDevanagari[wdth,wght].ttf"),
        axes=_UPRIGHT,
    ),
    Face("Noto Sans Thai", "400", "fontpkg-noto-sans-thai", "files/NotoSansThai[wdth,wght].ttf", axes=_UPRIGHT),
)
"""What is asked last, in every style: rare Han, and the scripts that no author here writes but a model may."""

_STACKS: Mapping[str, Mapping[Style, Sequence[Face]]] = {
    "latin": {
        "serif": (_SERIF, _HAN_SERIF, _HAN_SANS, _MONO, _SIGNS),
        "italic": (_ITALIC, _HAN_SERIF, _HAN_SANS, _MONO, _SIGNS),
        "sans": (_SANS, _HAN_SANS, _MONO, _SIGNS),
        "bold": (_SANS, _HAN_BOLD, _MONO, _SIGNS),
        "mono": (_MONO, _HAN_SANS, _SIGNS),
        "drawing": (_HAN_SANS, _SANS, _SIGNS),
    },
    "han": {
        "serif": (_HAN_SERIF, _HAN_SANS, _SERIF, _MONO, _SIGNS),
        "italic": (_HAN_BOLD, _SANS, _MONO, _SIGNS),
        "sans": (_HAN_SANS, _SANS, _MONO, _SIGNS),
        "bold": (_HAN_BOLD, _SANS, _MONO, _SIGNS),
        "mono": (_MONO, _HAN_SANS, _SIGNS),
        "drawing": (_HAN_SANS, _SANS, _SIGNS),
    },
}
"""For each script, which the word `export.script` of a language names, the faces of a style in the order of asking."""
SCRIPTS = tuple(_STACKS)
_ALWAYS = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027))))
"""What a Latin face holds in any case, so that an edited word costs no new subset."""


@dataclass(frozen=True)
class Fonts:
    """The faces of a file as CSS, and the characters, by style, that none of them has."""

    rules: str
    stacks: Mapping[Style, str]
    missing: frozenset[str]


def embed(script: str, shown: Mapping[Style, Iterable[str]], memo: Memo) -> Fonts:
    """Return the faces that show the characters of each style; subsets are recalled by what they hold."""
    wanted: dict[Face, set[str]] = {}
    missing: set[str] = set()
    stacks = {style: (*faces, *_DATA) for style, faces in _STACKS[script].items()}
    for style, characters in shown.items():
        for character in characters:
            face = next((face for face in stacks[style] if ord(character) in _characters(face)), None)
            if face is None:
                missing.add(character)
            else:
                wanted.setdefault(face, set()).add(character)
    faces = [face for face in dict.fromkeys(face for stack in stacks.values() for face in stack) if face in wanted]
    rules = "\n".join(_rule(face, frozenset(wanted[face]), memo) for face in faces)
    families = {style: tuple(dict.fromkeys(face.family for face in stack)) for style, stack in stacks.items()}
    return Fonts(
        rules, {style: ", ".join(map('"{}"'.format, names)) for style, names in families.items()}, frozenset(missing)
    )


def _rule(face: Face, characters: frozenset[str], memo: Memo) -> str:
    if face.family.startswith("Bifolio"):
        characters |= {character for character in _ALWAYS if ord(character) in _characters(face)}
    text = "".join(sorted(characters))
    data = memo.recall(repr(face), text, lambda: base64.b64encode(_subset(face, text)).decode())
    return (
        f'@font-face{{font-family:"{face.family}";font-style:{face.slant};font-weight:{face.weight};'
        f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
    )


_OPTIONS: Mapping[str, Any] = {
    "hinting": False,
    "glyph_names": False,
    "name_IDs": [0, 13, 14],  # copyright, licence and where it stands
    "drop_tables": ["BASE", "DSIG", "STAT", "VORG", "VVAR", "meta", "vhea", "vmtx"],
    "layout_features": ["kern", "liga", "locl", "mark", "mkmk", "ccmp", "calt", "lnum", "tnum", "halt", "palt"],
}


def _subset(face: Face, characters: str) -> bytes:
    """Return a woff2 file of the characters."""
    from fontTools import subset  # type: ignore[import-untyped]
    from fontTools.varLib import instancer  # type: ignore[import-untyped]

    font = _open(face)
    options = subset.Options(**_OPTIONS)
    if face in _DATA:
        options.layout_features = ["*"]  # letters of these scripts join
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    if face.axes:
        limits = {tag: low if low == high else (low, high) for tag, low, high in face.axes}
        instancer.instantiateVariableFont(font, limits, inplace=True)
    for number, text in ((1, face.family), (4, face.family), (6, face.family.replace(" ", ""))):
        font["name"].setName(text, number, 3, 1, 0x409)
    font.flavor = "woff2"
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()


@cache
def _characters(face: Face) -> frozenset[int]:
    return frozenset(_open(face).getBestCmap())


def _open(face: Face) -> Any:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    content = io.BytesIO(_path(face).read_bytes())  # nothing stays open
    return TTFont(content, fontNumber=face.number, lazy=True, recalcTimestamp=False)


def _path(face: Face) -> Path:
    """Return where a font lies; raise ProjectError where its package is not installed."""
    spec = find_spec(face.package.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise ProjectError("a font is not installed", found=face.package, expected="pip install 'bifolio[build]'")
    return Path(next(iter(spec.submodule_search_locations))) / face.file


def inked(marks: Iterable[str]) -> Iterator[str]:
    """Yield the characters that a font has to draw."""
    import unicodedata

    return (mark for mark in marks if unicodedata.category(mark) not in _NO_INK and mark not in _VARIANTS)


_NO_INK = frozenset(("Cc", "Cf", "Zl", "Zp"))
_VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))
