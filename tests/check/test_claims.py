"""The rules about claims: each by its name, with what was found and in which edition."""

from __future__ import annotations

import pytest
from bifolio.check import check
from bifolio.project import Project

from tests.check.conftest import edit, only


@pytest.mark.parametrize(
    ("rule", "before", "after", "found"),
    [
        ("contradicted-claim", "coins.fair.heads < coins.bent", "coins.fair.heads > coins.bent", "contradicted: "),
        (
            "unsupported-claim",
            "coins.fair.heads within 45..55",
            "coins.fair.heads within 49.9..50.1",
            "not supported: ",
        ),
        ("changed-outcome", 'expected="fails"', 'expected="holds"', "“fails”: "),
    ],
)
def test_claims_that_fail(edited: Project, rule: str, before: str, after: str, found: str) -> None:
    for language in edited.languages:
        edit(edited.templates / f"pages/chance/{language}.md", before, after)
    findings = check(edited)
    assert [(finding.rule, finding.edition) for finding in findings] == [(rule, one) for one in edited.languages]
    for finding in findings:
        assert finding.file == f"templates/pages/chance/{finding.edition}.md" and finding.line > 25
        assert found in finding.found and finding.expected


def test_another_condition_in_one_edition(edited: Project) -> None:
    edit(edited.templates / "pages/chance/de.md", "within 45..55", "within 45..56")
    (finding,) = only(edited, "reference-parity")
    line = (edited.templates / "pages/chance/de.md").read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert (finding.file, finding.edition) == ("templates/pages/chance/de.md", "de") and "45..56" in line
    assert finding.found == "in the section coins: claim coins.fair.heads within 45..56"
    assert finding.expected == "claim coins.fair.heads within 45..55, as in zh"


def test_another_expectation_in_one_edition(edited: Project) -> None:
    before = 'expected="fails" if=coins.bent.heads ≈ 50 by 5 %}'
    edit(edited.templates / "pages/chance/en.md", before, before.replace("≈ 50 by 5", "~= 50 by 6"))
    (finding,) = only(edited, "reference-parity")
    assert finding.found == "in the section coins: statement @tester2026invented “fails” coins.bent.heads ≈ 50 by 6"
    assert finding.expected == "statement @tester2026invented “fails” coins.bent.heads ≈ 50 by 5, as in zh"
    line = (edited.templates / "pages/chance/en.md").read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert "~= 50 by 6" in line


def test_a_claim_too_few(edited: Project) -> None:
    edit(edited.templates / "pages/chance/en.md", "{% claim coins.fair.heads within 45..55 %}", "")
    edit(edited.templates / "pages/chance/en.md", "half the time.{% endclaim %}", "half the time.")
    (finding,) = only(edited, "reference-parity")
    assert finding.found == "in the section coins: nothing"
    assert finding.expected == "claim coins.fair.heads within 45..55, as in zh"


def test_sentences_may_change_places_within_a_section(edited: Project) -> None:
    path = edited.templates / "pages/chance/en.md"
    text = path.read_text(encoding="utf-8")
    first, second = (line for line in text.splitlines(keepends=True) if line.startswith("{% claim"))
    path.write_text(text.replace(first + second, second + first), encoding="utf-8")
    assert only(edited, "reference-parity") == []


def test_what_a_sentence_shows_is_noted_once(edited: Project) -> None:
    before = "more often ({{ coins.bent.heads | bare }})"
    edit(edited.templates / "pages/chance/en.md", before, before.replace("bent", "fair"))
    (finding,) = only(edited, "reference-parity")
    assert finding.found == "in the section coins: result coins.fair.heads"
    assert finding.expected == "result coins.bent.heads, as in zh"


def test_numbers_and_marks_of_a_sentence_are_read_as_its_words_are(edited: Project) -> None:
    edit(
        edited.templates / "pages/chance/zh.md", "{% claim coins.fair.heads within", "{% claim  coins.fair.heads within"
    )
    assert check(edited) == ()
    edit(edited.templates / "pages/chance/en.md", "about half the time.", "49.6 % of the time.")
    (finding,) = only(edited, "typed-number")
    assert finding.file == "templates/pages/chance/en.md" and "49.6 %" in finding.found
