"""A measured text is never a reason to refuse: whatever it holds is set, or shown by its code points."""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import replace

import pytest
from bifolio.export.html import fonts, write_html
from bifolio.export.manuscript import Manuscript, read_manuscript
from bifolio.export.pdf import write_pdf
from bifolio.export.substitutes import with_signs
from bifolio.markdown.escaping import escape
from bifolio.project import Project

ASSIGNED = [
    chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cn", "Co", "Cs", "Cc")
]
STRANGE = [
    *("tab\tand\x00\x1b[31m", "👩‍👩‍👧 ❤️", "𠮷𪚥", "ภาษาไทย", "العربية", "हिन्दी"),
    *("ёжик Ὅμηρος ǆ", "ꙮ", "\ud800", "a\u202eb", "\ufeff", "ﬁ"),
]


def manuscript_of(project: Project, texts: list[str]) -> Manuscript:
    """Return the smallest edition with these texts as an evidence page shows what a model wrote."""
    manuscript = read_manuscript(project, "en")
    page = manuscript.pages[0]
    body = "\n\n".join(escape(text) for text in texts)
    first = replace(page, text=f"# Texts {{#texts}}\n\n{body}\n")
    return replace(manuscript, pages=(first,))


@pytest.mark.parametrize("write", [write_html, write_pdf])
def test_what_a_model_writes_is_set(exported: Project, write: object) -> None:
    assert callable(write)
    manuscript = manuscript_of(exported, STRANGE)
    made = write(exported, manuscript, lambda _: None)
    assert len(made) > 10_000
    if write is write_html:
        text = made.decode()
        assert "⟨U+1F469 U+200D U+1F469 U+200D U+1F467⟩" in text and "⟨U+0009⟩and" in text
        assert all(words in text for words in ("ภาษาไทย", "العربية", "हिन्दी", "ёжик Ὅμηρος ǆ", "𠮷"))
        assert "⟨U+FEFF⟩" in text and "⟨U+0000⟩⟨U+001B⟩" in text and "⟨U+D800⟩" in text


@pytest.mark.parametrize("write", [write_html, write_pdf])
def test_every_assigned_character_is_set_or_shown_by_its_code_point(
    exported: Project, write: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fonts of the HTML file are not cut for it, which takes minutes: which characters they lack is what counts."""
    assert callable(write)
    monkeypatch.setattr(fonts, "_subset", lambda face, characters: b"")
    lines = ["".join(ASSIGNED[start : start + 200]) for start in range(0, len(ASSIGNED), 200)]
    made = write(exported, manuscript_of(exported, lines), lambda _: None)
    assert len(made) > 100_000


def test_a_sign_stands_for_what_is_joined_and_keeps_lines(exported: Project) -> None:
    manuscript = manuscript_of(exported, ["x"])
    page = replace(manuscript.pages[0], text="a 👩‍👧️ b\n\nc 🙂🙂\n")
    shown = with_signs(replace(manuscript, pages=(page,)), {"👩", "👧", "🙂"}).pages[0].text
    assert shown == "a ⟨U+1F469 U+200D U+1F467 U+FE0F⟩ b\n\nc ⟨U+1F642 U+1F642⟩\n"
