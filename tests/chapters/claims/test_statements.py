"""Statements and questions: blocks of their own that say whose sentence it is, and what came of it on what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bifolio.errors import BifolioError
from bifolio.project import Project

from tests.chapters.claims.test_claims import page, refused, written

BLOCK = """\
<div class="bf-tested bf-statement" markdown="1">

<span class="bf-caption">[Tester (n.d.)](references.md#tester2026invented), table 1; \
[Pascal (1654)](references.md#pascal1654)</span>

Bent coins are fair.

[fails](…){#statement-1 .bf-outcome .bf-fails} mean: … · held against: 45 to 55

<span class="bf-caption">\
tested on: 1,000 tosses · seeds: 5, compared one by one</span>

</div>
"""


@pytest.fixture
def cited(tiny: Project) -> Project:
    """Return a tiny report whose first work has no date, with a second one."""
    works = tiny.root / "references.bib"
    text = works.read_text(encoding="utf-8").replace("{2026}", "{n.d.}")
    works.write_text(f"{text}@misc{{pascal1654, author = {{Pascal, B}}, title = {{L}}, year = 1654}}\n", "utf-8")
    return tiny


def said(tag: str, sentence: str = "Bent coins are fair.") -> str:
    kind = tag.split()[0]
    return f"{{% {tag} %}}{sentence}{{% end{kind} %}}\n"


def test_a_statement_says_who_says_it_what_came_of_it_and_on_what(cited: Project) -> None:
    tag = (
        'statement source="tester2026invented, table 1; pascal1654" about="{{ coins.fair.config.tosses }} tosses" '
        'expected="fails" if=coins.bent.heads ≈ 50 by 5'
    )
    text = written(cited, said(tag)).replace("\u00a0", " ")
    text = re.sub(r"\(evidence/claims\.md#index-1 \"[^\"]*\"\)", "(…)", text)
    text = re.sub(r"mean: \S+, 99 % interval \S+ to \S+", "mean: …", text)
    text = re.sub(r"\[1,000\]\([^)]*\)\{[^}]*\}|1000 tosses", "1,000 tosses", text) if "1000 tosses" in text else text
    assert text == BLOCK
    listed = page(cited, "en/evidence/claims.md")
    assert '<span class="bf-caption">Tester (n.d.), table 1; Pascal (1654)</span>' in listed
    assert '<span class="bf-caption">tested on: ' in listed


def test_a_question_is_ours_and_is_answered(cited: Project) -> None:
    tag = 'question expected="fails" if=coins.bent.heads ≈ 50 by 5'
    text = written(cited, said(tag, "Is a bent coin fair?"))
    assert '<div class="bf-tested bf-question" markdown="1">\n\n<span class="bf-caption">A question of this' in text
    assert "\n\nIs a bent coin fair?\n\n[no](" in text and "{#question-1 .bf-outcome .bf-fails}" in text
    listed = page(cited, "en/evidence/claims.md")
    assert "Nobody is quoted for 1 further sentences" in listed and ">no</span> Is a bent coin fair?" in listed


def test_what_is_wrong_by_definition_says_why(cited: Project) -> None:
    tag = 'statement source="pascal1654" expected="wrong by definition" because="a coin has two sides"'
    text = written(cited, said(tag, "A coin is a die."))
    assert "[wrong by definition](" in text and ".bf-outcome .bf-wrong}" in text
    assert '<span class="bf-caption">a coin has two sides</span>' in text


def test_a_statement_without_a_source_says_so(cited: Project) -> None:
    text = written(cited, said('statement expected="fails" if=coins.bent.heads ≈ 50 by 5'))
    assert '<span class="bf-caption">No source is named</span>' in text


def test_what_was_not_decided_says_what_could_have_been_shown(cited: Project) -> None:
    text = written(cited, said('statement source="pascal1654" expected="not supported" if=coins.fair.heads > 50'))
    assert "could have been shown: " in text.split("</span>")[-2]


def test_a_claim_may_say_what_it_is_about_on_the_page_of_claims(cited: Project) -> None:
    text = written(cited, '{% claim about="two coins" coins.fair.heads < coins.bent.heads %}So is it.{% endclaim %}')
    assert text.startswith("So is it.") and "two coins" not in text
    assert '<span class="bf-caption">tested on: two coins</span>' in page(cited, "en/evidence/claims.md")


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("Yet " + said('statement expected="fails" if=coins.bent.heads ≈ 50 by 5'), "a block of its own"),
        (said('question expected="fails" if=coins.bent.heads ≈ 50 by 5') + "And so on.", "a block of its own"),
        ("- " + said('statement expected="fails" if=coins.bent.heads ≈ 50 by 5'), "a block of its own"),
        (said('question source="pascal1654" expected="fails" if=coins.bent.heads ≈ 50 by 5'), "no such argument"),
        (said('statement sauce="x" expected="fails" if=coins.bent.heads ≈ 50 by 5'), "no such argument"),
        (said('statement about="x" about="y" expected="fails" if=coins.bent.heads ≈ 50 by 5'), "given twice"),
        (said('statement source="pascal, p. 1" expected="fails" if=coins.bent.heads ≈ 50 by 5'), "has this key"),
        (said('statement about="{{ coin.heads }}" expected="fails" if=coins.bent.heads ≈ 50 by 5'), "coin"),
        (said('statement expected="wrong by definition"'), "a reason for having none"),
        (
            said('statement expected="wrong by definition" because="x" if=coins.bent.heads > 5'),
            "a reason for having none",
        ),
    ],
)
def test_what_an_author_is_told(cited: Project, template: str, problem: str) -> None:
    error = refused(cited, template)
    assert isinstance(error, BifolioError) and problem in str(error)
    assert error.file == "templates/pages/index/en.md" and error.line == 3


def test_the_outcome_of_a_question_has_to_be_the_expected_one(cited: Project) -> None:
    error = refused(cited, said('question expected="holds" if=coins.bent.heads ≈ 50 by 5', "Is it?"))
    assert "the outcome of this question is “fails”: Is it?" in str(error)


def test_the_editions_name_the_same_work(rendered: Path) -> None:
    texts = [(rendered / f"docs/{language}/chance.md").read_text(encoding="utf-8") for language in ("en", "zh", "de")]
    assert all(text.count("(references.md#tester2026invented)") == 4 for text in texts)


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ("coins.fair.heads < coins.bent.heads", ""),
        ("coins.fair.heads < coins.bent.heads - 5", "less than −5"),
        ("coins.bent.heads - 5 > coins.fair.heads", "more than 5"),
        ("coins.bent.heads > coins.fair.heads + 5", "more than 5"),
        ("coins.fair.heads ≈ coins.fair.heads + 1 by 5", "−4 to 6"),
        ("coins.bent.heads < 2 * coins.fair.heads", "less than 2"),
        ("coins.bent.heads / 1.2 > coins.fair.heads", "more than 1.2"),
        ("coins.bent.heads / coins.fair.heads > 1", ""),
        ("coins.bent.heads / coins.fair.heads within 1.1..1.9", "1.1 to 1.9"),
        ("60 < coins.bent.heads", "more than 60"),
        ("coins.bent.heads + 3 < 90", "less than 87"),
        ("50 ≈ coins.fair.heads by 5", "45 to 55"),
    ],
)
def test_what_a_condition_is_held_against_is_shown_beside_the_effect(tiny: Project, condition: str, held: str) -> None:
    written(tiny, f"{{% claim {condition} %}}So.{{% endclaim %}}")
    told = page(tiny, "en/evidence/claims.md").replace("&#160;", " ")
    found = re.search(r"held against: ([^·<]*?) ·", told)
    assert (found[1] if found else "") == held
