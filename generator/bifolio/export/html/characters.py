"""Which characters a file shows in which style: what its fonts have to hold."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser

from bifolio.errors import ChapterError
from bifolio.export.html.fonts import Style, inked
from bifolio.export.manuscript import Manuscript

_STYLES: Mapping[str, Style] = {
    **dict.fromkeys(("code", "pre", "kbd", "samp"), "mono"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "th", "dt"), "bold"),
    **dict.fromkeys(("em", "i", "cite", "dfn"), "italic"),
    **dict.fromkeys(("table", "figcaption", "summary", "nav", "fieldset", "dl", "header"), "sans"),
    "svg": "drawing",
}
"""The style of an element's text, unless an element around it says the more: see `_OUTRANKS`."""
_CLASSES: Mapping[str, Style] = {
    **dict.fromkeys(("bf-caption", "bf-label", "bf-state", "bf-verdict", "bf-outcome", "bf-claim", "bf-facts"), "sans"),
    **dict.fromkeys(("bf-columns", "bf-card"), "sans"),
    "bf-number": "bold",
}
_OUTRANKS: Mapping[Style, int] = {"serif": 0, "sans": 1, "italic": 2, "bold": 3, "mono": 4, "drawing": 5}
_SILENT = frozenset(("style", "script", "annotation"))
_VOID = frozenset(
    ("br", "img", "input", "meta", "link", "hr", "col", "path", "rect", "line", "circle", "use", "polygon")
)


class _Reader(HTMLParser):
    """Collects characters; formulas bring fonts of their own, but for characters that these lack."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[Style, set[str]] = {style: set() for style in _OUTRANKS}
        self._open: list[tuple[str, Style | None]] = [("", "serif")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = dict(attrs)
        self.shown["sans"].update(words.get("title") or "")  # the card sets it so
        if tag in _VOID:
            return
        self._open.append((tag, self._style(tag, (words.get("class") or "").split())))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        style = self._open[-1][1]
        if style is not None:
            self.shown[style].update(data)

    def _style(self, tag: str, classes: list[str]) -> Style | None:
        around = self._open[-1][1]
        if around is None or tag in _SILENT or "katex" in classes:
            return "serif" if "cjk_fallback" in classes else None
        named = [_CLASSES[name] for name in classes if name in _CLASSES]
        return max([around, _STYLES.get(tag, around), *named], key=lambda style: _OUTRANKS[style])


def shown_characters(body: str) -> Mapping[Style, set[str]]:
    """Return the characters of a page by the style in which it shows them."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return {style: set(inked(marks)) for style, marks in reader.shown.items()}


def refuse_missing(manuscript: Manuscript, missing: frozenset[str]) -> None:
    """Raise ChapterError for the first place at which characters stand that no font has."""
    for page in manuscript.pages:
        for number, line in enumerate(page.text.split("\n"), start=page.first_line):
            found = [mark for mark in dict.fromkeys(line) if mark in missing]
            if found:
                raise _refusal(manuscript, page.file, number, found)
    if missing:
        raise _refusal(manuscript, manuscript.language.file, None, sorted(missing))


def _refusal(manuscript: Manuscript, file: str, line: int | None, found: list[str]) -> ChapterError:
    return ChapterError(
        f"no font has this character ({manuscript.language.code})",
        file=file,
        line=line,
        found=", ".join(f"{mark} (U+{ord(mark):04X})" for mark in found),
        expected="characters of Noto Serif SC, Noto Sans SC, the Source families or Fira Code",
    )
