"""Captions of figures and tables: in a chapter they begin with a number, to which `ref` leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bifolio.chapters.context.numbering import Sort
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.written import Written, by_expression, joined, stripped
from bifolio.errors import ChapterError


@dataclass(frozen=True)
class Caption:
    """`place` is the attribute, after a space, that gives the figure or table its id; "" where it has no number."""

    text: str
    place: str = ""


NONE = Caption("")


def numbered_caption(page: Page, sort: Sort, caption: str, *, name: str, derived: str) -> Caption:
    """Return a caption with the next number of a chapter; elsewhere as it is, and nothing for none.

    `derived` names what its author gave no `name`.
    """
    numbered = page.number(sort, name, derived) if caption else None
    if numbered is None:
        return Caption(caption)
    number = f'<span class="bf-number">{number_words(page, sort, numbered.number)}</span>'
    return Caption(f"{number} {caption}", f' id="{numbered.anchor}"')


def number_words(page: Page, sort: Sort, number: str) -> str:
    """Return how a language names a numbered figure or table: `Figure 2.3`."""
    return page.say(f"{sort}.number", number=number)


def framed(caption: Caption, content: Written) -> Written:
    """Return blocks with the caption that belongs to all of them."""
    opening = f'<div class="bf-captioned"{caption.place} markdown="1">\n\n'
    closing = f'\n\n<span class="bf-caption">{caption.text}</span>\n\n</div>'
    return joined([by_expression(opening), content, by_expression(closing)])


def captioned(page: Page, *, caption: str, name: str, as_table: bool = False, caller: Callable[[], Written]) -> Written:
    """Make a figure, or a table, of what stands between `{% call captioned(caption="…", name="…") %}` and its end."""
    content = stripped(caller())
    for told, said in {"caption": caption, "name": name, "content": content}.items():
        if not said.strip():
            problem, expected = f"a figure without its {told}", '{% call captioned(caption="…", name="…") %}'
            raise ChapterError(problem, found=f'{told}="{said}"', expected=expected)
    sort: Sort = "table" if as_table else "figure"
    return framed(numbered_caption(page, sort, caption, name=name, derived=name), content)
