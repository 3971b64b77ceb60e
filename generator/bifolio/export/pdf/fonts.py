"""The fonts of a book, which have to have every character of it."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bifolio.errors import ChapterError, ProjectError
from bifolio.export.manuscript import Manuscript, ManuscriptPage
from bifolio.export.pdf.places import Trees
from bifolio.export.pdf.tree import Node, walk
from bifolio.export.pdf.typst import literal, string

if TYPE_CHECKING:
    from typst import Fonts

DISTRIBUTIONS = (
    *("fontpkg-source-serif-4", "fontpkg-source-sans-3", "fontpkg-source-code-pro"),
    *("pylopdf-fonts-zh-cn", "manimgx-fonts-cjk"),
    *("fontpkg-noto-sans", "fontpkg-noto-sans-arabic", "fontpkg-noto-sans-devanagari", "fontpkg-noto-sans-thai"),
)
"""Source Serif 4, Source Sans 3 and Source Code Pro; Noto Sans SC and Serif SC; Noto Sans CJK in all weights; and for
measured texts Noto Sans, with Arabic, Devanagari and Thai.
"""
FAMILIES = (
    *("Source Serif 4", "Source Sans 3", "Source Code Pro", "Noto Serif SC", "Noto Sans SC", "Noto Sans CJK SC"),
    *("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Thai"),
    *("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"),
)
"""The families of the packages, and those that Typst brings."""
_MOST_ASKED = 64
"""How many characters Typst is asked about, one by one; where a text has more that are unknown, signs stand for all."""
_WITHOUT_GLYPH = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f")
"""Characters that a line is broken or joined at, and that nothing is drawn for."""


@functools.cache
def font_folders() -> tuple[Path, ...]:
    """Return the folders in which Typst looks for fonts, and in no others; raise ProjectError for one that lacks."""
    folders = []
    for package in DISTRIBUTIONS:
        spec = find_spec(package.replace("-", "_"))
        if spec is None or not spec.submodule_search_locations:
            raise ProjectError("a font is not installed", found=package, expected="pip install bifolio[build]")
        folders.append(Path(next(iter(spec.submodule_search_locations))))
    return tuple(folders)


@functools.cache
def all_fonts() -> Fonts:
    """Read the fonts once a process; those in Typst itself have the signs of mathematics."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(font_folders()))


def missing_characters(trees: Trees) -> set[str]:
    """Return the characters of a book that no font can show."""
    shown = {mark for blocks in trees.values() for node in walk(blocks) for mark in _shown(node)}
    if _can_show("".join(sorted(shown))):
        return set()
    unsure = sorted(mark for mark in shown if ord(mark) not in _covered())
    lacking = set(unsure) if len(unsure) > _MOST_ASKED else _missing(unsure)
    return lacking | _missing(sorted(shown.difference(unsure)))  # of spaces, for one, a font's table says too much


def check_characters(manuscript: Manuscript, trees: Trees) -> None:
    """Raise ChapterError for the first characters that no font can show, where they stand."""
    missing = missing_characters(trees)
    if not missing:
        return
    for page in manuscript.pages:
        for node in walk(trees[page.name]):
            found = [mark for mark in dict.fromkeys(_shown(node)) if mark in missing]
            if found:
                raise _refusal(manuscript, page, node, found)


@functools.cache
def _covered() -> frozenset[int]:
    """Return the code points that the fonts of the packages have; Typst's own have some more."""
    from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]

    covered: set[int] = set()
    for folder in font_folders():
        for path in sorted(folder.rglob("*.[ot]t[fc]")):
            content = io.BytesIO(path.read_bytes())  # nothing stays open
            fonts = TTCollection(content).fonts if path.suffix == ".ttc" else [TTFont(content, lazy=True)]
            for font in fonts:
                covered.update(font.getBestCmap())
    return frozenset(covered)


def _shown(node: Node) -> Iterator[str]:
    """Yield the characters that a node shows itself; a formula's are KaTeX's, as LaTeX or in words."""
    text = node.drawn.source if node.drawn else node.text
    return (mark for mark in text if mark not in _WITHOUT_GLYPH)


def _missing(marks: Sequence[str]) -> set[str]:
    """Ask Typst, which alone knows what all its fonts cover, by halves."""
    if not marks or _can_show("".join(marks)):
        return set()
    if len(marks) == 1:
        return set(marks)
    middle = len(marks) // 2
    return _missing(marks[:middle]) | _missing(marks[middle:])


def _can_show(text: str) -> bool:
    """Tell whether Typst sets a text; under PDF/UA a character without a glyph is an error."""
    import typst

    source = f"#set document(title: {string(text[:1])})\n#text(font: {literal(FAMILIES)}, {string(text)})"
    try:
        typst.compile(source.encode(), font_paths=all_fonts(), format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError:
        return False
    return True


def _refusal(manuscript: Manuscript, page: ManuscriptPage, node: Node, missing: Sequence[str]) -> ChapterError:
    return ChapterError(
        f"no font has this character ({manuscript.language.code})",
        file=page.file,
        line=node.line,
        found=", ".join(f"{mark} (U+{ord(mark):04X})" for mark in missing),
        expected=f"characters of {', '.join(FAMILIES)}",
    )
