"""The signs of a formula in Typst: letters, operators, numbers, words, spaces, fences."""

from __future__ import annotations

import re
import unicodedata
from xml.etree.ElementTree import Element

_INVISIBLE = "\u2061\u200b"
"""The application of a function, and nothing."""
_SPACES = {  # what KaTeX writes for the spaces of LaTeX, the longest first
    "\u2005\u200a\u2063": "#h(-0.2778em)",
    "\u2009\u2063": "#h(-0.1667em)",
    "\u200a\u2063": "#h(-0.1667em)",
    "\u2005\u2063": "#h(-0.2222em)",
    "\u2005\u200a": "thick",
    "\u2009": "thin",
    "\u200a": "thin",
    "\u2005": "med",
    "\u00a0": "#h(0.25em)",
}
_READ_AS_CODE = "√∛∜⌈⌉⌊⌋⌜⌝⌞⌟⟦⟧⟨⟩⟪⟫⟮⟯⦃⦄⎰⎱"
"""Signs by which Typst would look for a root or for the other end of a pair."""
_VARIANTS = {
    "normal": "upright({})",
    "italic": "italic({})",
    "bold": "bold(upright({}))",
    "bold-italic": "bold(italic({}))",
    "double-struck": "bb({})",
    "script": "cal({})",
    "fraktur": "frak({})",
    "sans-serif": "sans({})",
    "bold-sans-serif": "bold(sans({}))",
    "sans-serif-italic": "italic(sans({}))",
    "monospace": "mono({})",
}
_FENCES = {"∥": "‖", "∣": "|"}
"""Fences have glyphs that grow; relations that look like them have not."""
_BARS = "|‖∣∥"
"""They are the same at both ends, so that no space tells an opening one from a closing one."""


class Unknown(Exception):
    """MathML that has no counterpart."""


def identifier(element: Element) -> str:
    """Return a letter, or the name of a function."""
    text, kind = element.text or "", element.get("mathvariant", "")
    if len(text) > 1:
        return f"op({quoted(text)}, limits: #true)"
    signs = letters(_FENCES.get(text, text))
    if kind == "normal" and text and not text.isalpha():
        return f'class("normal", {signs})'
    return variant(kind, signs)


def operator(element: Element) -> str:
    """Return an operator; one that has a size of its own keeps it, and a bar is no relation to what it fences."""
    text, size = (element.text or "").strip(), element.get("minsize")
    if size and not element.get("fence"):
        return f"stretch({letters(text)}, size: #{size})"
    written = f"lr(size: #{size}, {fence(element)})" if size else letters(text)
    if text in _BARS and (size or element.get("stretchy") == "false"):
        return f'class("normal", {written if size else fence(element)})'
    return written


def number(element: Element) -> str:
    """Return a number; a mark inside it is no punctuation."""
    marks = element.text or ""
    return "".join(mark if mark.isdigit() or mark == "." else f'class("normal", {letters(mark)})' for mark in marks)


def words(element: Element) -> str:
    """Return text as it is, or the space that it stands for."""
    text = element.text or ""
    if text and not text.strip("\u00a0 \u2005\u2009\u200a\u2063"):
        for space, written in _SPACES.items():
            text = text.replace(space, f" {written} ")
        return text.strip()
    return variant(element.get("mathvariant", ""), quoted(text.replace("\u00a0", " ")))


def space(element: Element) -> str:
    """Return a space; a rule, which is a space with a colour, has no counterpart, but a strut needs none."""
    width = element.get("width", "0em")
    if width == "0em":
        return ""
    if element.get("mathbackground"):
        raise Unknown("a rule")
    return f"#h({width})" if re.fullmatch(r"-?[\d.]+em", width) else ""


def is_fence(element: Element) -> bool:
    """Tell whether an element is a fence that grows with what it encloses."""
    return element.tag == "mo" and element.get("fence") == "true" and element.get("minsize") is None


def fence(element: Element) -> str:
    """Return a fence; nothing where there is to be none."""
    text = (element.text or "").strip()
    return letters(_FENCES.get(text, text))


def quoted(text: str) -> str:
    """Return text as a literal of Typst's code."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def letters(text: str) -> str:
    """Return characters that stand for themselves."""
    return " ".join(
        f"\\{mark}" if mark in _READ_AS_CODE or not (mark.isalnum() or ord(mark) > 127) else mark
        for mark in unicodedata.normalize("NFC", text)
        if mark not in _INVISIBLE and not mark.isspace()
    )


def variant(name: str, signs: str) -> str:
    """Return signs in a style of letters."""
    if name and name not in _VARIANTS:
        raise Unknown(f"mathvariant={name}")
    return _VARIANTS[name].format(signs) if name and signs else signs
