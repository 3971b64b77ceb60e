"""The rules about claims: each by its name, with what was found and in which edition."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.check import check
from generator.project import Project


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("rule", "before", "after", "found"),
    [
        ("contradicted-claim", "coins.fair.heads < coins.bent", "coins.fair.heads > coins.bent", "contradicted: "),
        ("unsupported-claim", "coins.fair.heads within 45..55", "dice.fair.mean within 0..6", "not supported: "),
        ("changed-outcome", 'expected="fails"', 'expected="holds"', "“fails”: "),
    ],
)
def test_claims_that_fail(edited: Project, rule: str, before: str, after: str, found: str) -> None:
    for language in edited.languages:
        edit(edited.templates / f"01-chance.{language}.md", before, after)
    findings = check(edited)
    assert [(finding.rule, finding.edition) for finding in findings] == [(rule, one) for one in edited.languages]
    for finding in findings:
        assert finding.file == f"templates/01-chance.{finding.edition}.md" and finding.line > 25
        assert found in finding.found and finding.expected


@pytest.mark.parametrize(
    ("before", "after", "found", "expected"),
    [
        (
            "within 45..55",
            "within 45..56",
            "claim coins.fair.heads within 45..56",
            "claim coins.fair.heads within 45..55",
        ),
        ("- {% claim dice.fair.sides < dice.loaded.sides %}", "{% if 0 %}{% claim 1 < 2 %}", "", ""),
    ],
)
def test_editions_make_the_same_claims(edited: Project, before: str, after: str, found: str, expected: str) -> None:
    file = edited.templates / "01-chance.de.md"
    edit(file, before, after)
    if not found:
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("Seiten.{% endclaim %}", "{% endclaim %}{% endif %}"), encoding="utf-8")
        found = "statement “fails” coins.bent.heads ≈ 50 by 5"
        expected = "claim dice.fair.sides < dice.loaded.sides"
    (finding,) = [finding for finding in check(edited) if finding.rule == "reference-parity"]
    assert (finding.file, finding.edition) == ("templates/01-chance.de.md", "de") and finding.line > 25
    assert (finding.found, finding.expected) == (found, f"{expected}, as in zh")


def test_a_claim_too_few(edited: Project) -> None:
    file = edited.templates / "01-chance.en.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index('- {% statement expected="cannot')], encoding="utf-8")
    (finding,) = [finding for finding in check(edited) if finding.rule == "reference-parity"]
    assert (finding.found, finding.expected) == ("no more claims", "statement “cannot be tested here”, as in zh")
