"""The rule that a sentence names every figure and table with a number."""

from __future__ import annotations

from bifolio.check import WARNINGS, check
from bifolio.project import Project

from tests.check.conftest import edit


def found(project: Project) -> list[str]:
    return [str(finding) for finding in check(project) if finding.rule == "unnamed-figure"]


def test_a_figure_that_no_sentence_names_is_a_warning(edited: Project) -> None:
    assert found(edited) == [] and "unnamed-figure" in WARNINGS
    english = edited.templates / "pages/letters/en.md"
    edit(english, '{{ ref("letters-stripes") }}', "That is")
    edit(
        english,
        'title="Vowels are seldom neighbours", caption="Seed 0.") }}\n\n{{ figure({',
        'title="T", caption="C.", name="of-vowels") }}\n\n{{ figure({',
    )
    edit(english, 'ref("letters-vowels")', 'ref("letters/of-vowels")')
    assert found(edited) == [
        "templates/pages/letters/en.md: unnamed-figure (en)\n  found:    the figure letters-stripes\n"
        '  expected: {{ ref("letters-stripes") }} in a sentence about it'
    ]
    edit(english, 'ref("letters/of-vowels")', 'ref("letters-seen_pairs")')
    assert found(edited)[1].startswith(
        "templates/pages/letters/en.md:15: unnamed-figure (en)\n  found:    the figure of-vowels"
    )


def test_another_chapter_may_not_do_it_in_its_place(edited: Project) -> None:
    edit(edited.templates / "pages/chance/zh.md", 'ref("dice-mean-table")', 'ref("letters/letters-vowels")')
    assert len(found(edited)) == 1 and "the table dice-mean-table" in found(edited)[0]
