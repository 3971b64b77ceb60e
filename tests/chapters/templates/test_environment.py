"""Templates as chapters use them: who wrote what of a page is known from how it was written."""

from __future__ import annotations

import pytest
from bifolio.chapters.composition import compose
from bifolio.project import Project, find_project

from tests.chapters.rendering import refused, rendered


def called_up(edited: Project, template: str) -> tuple[str, ...]:
    """Return what the one section of a page calls up in its sentences."""
    (edited.templates / "pages/index/en.md").write_text(f"# Home {{#home}}\n\n{template}\n", encoding="utf-8")
    composition = compose(find_project(edited.root), ["en"])
    assert composition.errors == {}
    return composition.records["en/index"].sections[1].inline


@pytest.mark.parametrize(
    "template",
    [
        "{{ '$x$' }} {% if true %}$x${% endif %}",
        "{% if true %}$x${% endif %} {{ '$x$' }}",
        "{% macro both() %}$x${{ '$x$' }}{% endmacro %}{{ both() }} $x$",
        "{% set formula %}$x${% endset %}{{ formula }} $x$",
    ],
)
def test_the_author_wrote_what_no_expression_did(edited: Project, template: str) -> None:
    assert called_up(edited, template) == ("inline formula $x$",)


def test_a_sentence_of_a_claim_is_the_authors_but_for_its_numbers_and_its_mark(edited: Project) -> None:
    sentence = "$x$ has {{ '$y$' }} and {{ coins.fair.heads | plain }}."
    found = called_up(edited, f"{{% claim coins.fair.heads within 45..56 %}} {sentence} {{% endclaim %}}")
    assert found == (
        "claim coins.fair.heads within 45..56",
        "inline formula $x$",
        "result coins.fair.heads",
    )


def test_an_included_file_is_part_of_the_page(tiny: Project) -> None:
    (tiny.templates / "part.md").write_text("one")
    assert rendered(tiny, '{% include "part.md" %}') == "one"
    (tiny.templates / "part.md").write_text("two {{ dcie }}")
    assert refused(tiny, '{% include "part.md" %}').startswith("templates/part.md:1: there is no such name")
