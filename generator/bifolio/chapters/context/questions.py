"""What an experiment asks, in the language of the edition."""

from __future__ import annotations

from bifolio.chapters.context.page import Page
from bifolio.chapters.context.samples import Untrusted
from bifolio.provenance.declaration import Declaration


def question(page: Page, declaration: Declaration) -> Untrusted:
    """Return what an experiment asks: the word `question.<experiment>` of the language, or else its docstring's."""
    return Untrusted(page.language.words.get(f"question.{declaration.name}", declaration.question))
