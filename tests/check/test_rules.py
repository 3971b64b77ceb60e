"""Every rule finds what it is for, and says nothing about a report that is right."""

from __future__ import annotations

import shutil

import pytest
from bifolio.check import Finding, check
from bifolio.markdown.headings import find_headings
from bifolio.markdown.tree import Heading
from bifolio.project import Project

from tests.check.conftest import edit, only


def test_a_good_report_has_no_findings_and_stays_as_it_is(edited: Project) -> None:
    before = {path: path.read_bytes() for path in edited.docs.rglob("*") if path.is_file()}
    shutil.rmtree(edited.cache)
    assert check(edited) == ()
    assert {path: path.read_bytes() for path in edited.docs.rglob("*") if path.is_file()} == before


def test_stale_results(edited: Project) -> None:
    edit(edited.experiments / "sides.py", "[1, 2", "[0, 2")
    (finding,) = only(edited, "stale-result")
    assert (finding.file, finding.edition, finding.expected) == ("experiments/dice.py", "", "`bifolio run dice`")
    assert finding.found == "dice (cpu): code of experiments.sides changed"


def test_missing_results(edited: Project) -> None:
    shutil.rmtree(edited.experiments / "results" / "dice" / "cpu" / "loaded")
    files = {finding.file for finding in only(edited, "missing-result")}
    assert files == {"experiments/dice.py", *(f"templates/pages/chance/{language}.md" for language in edited.languages)}
    assert not only(edited, "outdated-docs") or {f.file for f in only(edited, "outdated-docs")} <= {
        f"docs/{language}/evidence/{name}.md" for language in edited.languages for name in ("dice", "index", "letters")
    }


def test_corrupt_results(edited: Project) -> None:
    edit(edited.experiments / "results/letters/cpu/default/seed-1.json", '"seed": 1', '"seed": 2')
    (finding,) = only(edited, "corrupt-result")
    assert finding.file == "experiments/results/letters/cpu/default/seed-1.json"
    assert finding.found == "this result does not match its checksum; it was edited"
    assert not only(edited, "stale-result")


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        ("unknown-name", "{{ dcie.fair.mean }}", "there is no such name: dcie"),
        ("broken-formula", "$\\frac{1$", "the formula cannot be drawn"),
        ("broken-diagram", "```mermaid\nflowchart LR\n  A[a (b)] --> B\n```", ""),
        ("broken-page", "{% if x %}", "the template is not valid"),
    ],
)
def test_broken_pages(edited: Project, rule: str, text: str, found: str) -> None:
    with open(edited.templates / "pages/index/en.md", "a", encoding="utf-8") as stream:
        stream.write(f"\n{text}\n")
    (finding,) = (finding for finding in check(edited) if finding.rule == rule)
    assert (finding.rule, finding.file, finding.edition) == (rule, "templates/pages/index/en.md", "en")
    assert finding.line >= 7 and finding.found.startswith(found)


def test_outdated_docs(edited: Project) -> None:
    edit(edited.templates / "pages/index/en.md", "Three languages", "Four languages")
    (edited.docs / "de" / "letters.md").unlink()
    edit(edited.docs / "zh" / "figures" / "chance" / "dice-running_mean.csv", "mean", "median")
    edit(edited.root / "docs" / "files.txt", "de/index.md\n", "de/index.md\nde/left.md\n")
    (edited.docs / "de" / "left.md").write_text("left over")
    assert [
        (finding.file, finding.line, finding.found, finding.expected) for finding in only(edited, "outdated-docs")
    ] == [
        ("docs/de/letters.md", 0, "no such file", "`bifolio build`"),
        (
            "docs/en/index.md",
            2,
            'description: "Three languages, two experiments, one body of evidence."',
            'description: "Four languages, two experiments, one body of evidence."',
        ),
        ("docs/zh/figures/chance/dice-running_mean.csv", 1, "series,x,median,low,high,n", "series,x,mean,low,high,n"),
        ("docs/de/left.md", 0, "no page makes it", "`bifolio build`"),
        ("docs/files.txt", 0, "it lists other files than were made", "`bifolio build`"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "found", "expected"),
    [
        ("{#results}", "{#ergebnisse}", "## Ergebnisse {#ergebnisse}", "## 结果 {#results}, as in zh"),
        ("## Ergebnisse {#results}", "", "## Münzen {#coins}", "## 结果 {#results}, as in zh"),
        ("## Münzen {#coins}", "", "no more headings", "## 硬币 {#coins}, as in zh"),
        ("## Erg", "### Erg", "### Ergebnisse {#results}", "## 结果 {#results}, as in zh"),
        (" {#results}", "", "## Ergebnisse", "## Ergebnisse {#an-id}, the same in all editions"),
    ],
)
def test_heading_parity(edited: Project, before: str, after: str, found: str, expected: str) -> None:
    edit(edited.templates / "pages/chance/de.md", before, after)
    (finding,) = only(edited, "heading-parity")
    assert (finding.file, finding.edition) == ("templates/pages/chance/de.md", "de")
    assert (finding.found, finding.expected) == (found, expected)


def test_an_experiment_that_cannot_be_read(edited: Project) -> None:
    edit(edited.experiments / "dice.py", "frozen=True", "frozen=False")
    finding, *others = (one for one in check(edited) if one.rule == "broken-experiment")
    assert (finding.rule, finding.file, finding.edition) == ("broken-experiment", "experiments/dice.py", "")
    assert {one.file.partition("/")[0] for one in others} == {"templates"}, others
    assert {one.rule for one in check(edited)} == {"broken-experiment", "outdated-docs"}


def test_an_id_given_twice(edited: Project) -> None:
    edit(edited.templates / "pages/chance/zh.md", "{#results}", "{#chance}")
    found = [(finding.file, finding.expected) for finding in only(edited, "heading-parity")]
    assert ("templates/pages/chance/zh.md", "another id than that of line 1") in found


def test_headings_are_not_found_in_code_or_comments() -> None:
    text = "# A {#a}\n\n```sh\n# no\n~~~\n```\n<#-- \n# no\n--#>\n## B { #b .c }\n~~~\n# no\n"
    assert list(find_headings(text)) == [Heading(1, "a", "A", 1), Heading(2, "b", "B", 10)]


def test_a_finding_is_said_like_an_error() -> None:
    finding = Finding("heading-parity", "templates/pages/a/en.md", 3, "en", "# A {#a}", "# B {#b}")
    assert str(finding) == "templates/pages/a/en.md:3: heading-parity (en)\n  found:    # A {#a}\n  expected: # B {#b}"
    assert str(Finding("outdated-docs", "docs/x", 0, "", "x", "")) == "docs/x: outdated-docs\n  found:    x"
