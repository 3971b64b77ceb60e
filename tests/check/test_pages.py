"""Rules about pages: links, pictures, citations, and how the editions correspond."""

from __future__ import annotations

import pytest
from bifolio.check import Finding, check
from bifolio.check.drift import find_paragraphs, keep_agreement, review
from bifolio.errors import UsageError
from bifolio.project import Project

from tests.check.conftest import add, change, edit, only


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](chnace.md)", "a file of the edition; the nearest is chance.md"),
        ("[a](chance.md#reslts)", "an id on chance.md; the nearest is results"),
        ("[a](#hom)", "an id on index.md; the nearest is home"),
        ("[a](../nowhere/chance.md)", "a file of the edition"),
        ("[a](figures/none.png)", "a file of the edition"),
        ("[a](../de/chance.md)", "a page of this edition; from one to the other every page has its switch"),
        ("[a](javascript:alert)", "an address that begins with https:, http: or mailto:"),
    ],
)
def test_a_link_that_leads_nowhere(edited: Project, text: str, expected: str) -> None:
    add(edited.templates / "pages/index/en.md", text)
    (finding,) = only(edited, "dead-link")
    assert (finding.file, finding.edition) == ("templates/pages/index/en.md", "en")
    assert finding.found in text and finding.expected.startswith(expected)
    line = (edited.templates / "pages/index/en.md").read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert line == text


@pytest.mark.parametrize(
    "text",
    [
        "[a](chance.md#results), [b](#home), [c](evidence/dice.md#fair-mean), [d](references.md#throw1654)",
        "[a](https://a.example/none), [b](mailto:a@a.example), `[c](none.md)`",
        "```\n[c](none.md)\n```",
        "[a](assets/bifolio/favicon.svg)",
    ],
)
def test_links_that_lead_somewhere_or_elsewhere(edited: Project, text: str) -> None:
    add(edited.templates / "pages/index/en.md", text)
    assert only(edited, "dead-link") == []


def test_links_to_evidence_are_not_judged_where_a_chapter_fails(edited: Project) -> None:
    add(edited.templates / "pages/index/en.md", "{{ nothing }} [a](evidence/dice.md) [b](evidence/none.md)")
    assert [finding for finding in only(edited, "dead-link") if finding.language == "en"] == []


def test_pictures_without_words(edited: Project) -> None:
    add(edited.templates / "pages/index/en.md", "![](assets/bifolio/favicon.svg)\n\n![ok](assets/bifolio/favicon.svg)")
    add(edited.templates / "pages/index/de.md", "```mermaid\nflowchart LR\n  accTitle: ja\n  A --> B\n```")
    add(edited.templates / "pages/index/zh.md", "```mermaid\nmindmap\n  root\n    leaf\n```")  # has no place for words
    found = {(finding.file, finding.found) for finding in only(edited, "missing-alt")}
    assert found == {
        ("templates/pages/index/en.md", "an image without words: assets/bifolio/favicon.svg"),
        ("templates/pages/index/de.md", "a diagram without accDescr"),
    }


def test_a_citation_of_nothing(edited: Project) -> None:
    edit(edited.templates / "pages/index/en.md", "@throw1654 [", "@throw1645 [")
    (finding,) = only(edited, "unknown-citation")
    assert (finding.file, finding.edition, finding.found) == (
        "templates/pages/index/en.md",
        "en",
        "no work in references.bib has this key: @throw1645",
    )
    assert finding.line == 7 and finding.expected.endswith("(nearest: throw1654)")


def test_a_work_that_nothing_cites(edited: Project) -> None:
    text = "\n@book{new2000, author = {New, N.}, title = {None}, year = 2000}\n"
    change(edited.root / "references.bib", lambda before: before + text)
    (finding,) = only(edited, "unused-citation")
    assert (finding.file, finding.line, finding.found) == ("references.bib", 12, "no page cites new2000")


@pytest.mark.parametrize(
    ("before", "after", "found", "expected"),
    [
        ("{{ dice.loaded.mean | plain }}", "{{ dice.fair.mean | plain }}", "dice.fair.mean", "dice.loaded.mean"),
        ('x="throws", y="mean"', 'x="throws", y="throws"', "y=throws", "y=mean"),
        (
            'formula("mean")',
            'formula("mean", symbols=False) }}\n\n{{ formula("mean")',
            "formula mean",
            "table dice.fair",
        ),
        ('A["throw"] --> B', 'B["throw"] --> A', "B[] --> A[]", "A[] --> B[]"),
        ("$\\bar x \\to 3.5$", "$\\bar x = 3.5$", "$\\bar x = 3.5$", "$\\bar x \\to 3.5$"),
        ("{{ dice.seeds }}", "[five](letters.md)", "link letters.md", "result dice.seeds"),
    ],
)
def test_editions_that_call_up_different_things(
    edited: Project, before: str, after: str, found: str, expected: str
) -> None:
    edit(edited.templates / "pages/chance/en.md", before, after)
    findings = only(edited, "reference-parity")
    assert findings and {finding.edition for finding in findings} == {"en"}
    assert any(found in finding.found for finding in findings), findings
    if "formula" not in found:
        assert any(expected in finding.expected for finding in findings), findings
        line = (edited.templates / "pages/chance/en.md").read_text(encoding="utf-8").splitlines()[findings[0].line - 1]
        assert found.rpartition(" ")[2].split("=")[-1].strip("$") in line or "mermaid" not in after


def test_words_and_their_order_are_the_translators(edited: Project) -> None:
    path = edited.templates / "pages/chance/en.md"
    edit(path, "{{ dice.seeds }} seeds. Theory", "in {{ dice.seeds }} seeds. Theory")
    edit(path, 'caption="Mean of', 'caption="The mean of')
    edit(path, 'A["throw"]', 'A["throw a die"]')
    assert only(edited, "reference-parity") == []


def test_a_citation_in_one_edition_alone(edited: Project) -> None:
    edit(edited.templates / "pages/index/de.md", "[@throw1654, p. 1]", "")
    (finding,) = only(edited, "reference-parity")
    assert (finding.file, finding.expected) == ("templates/pages/index/de.md", "citation throw1654, as in zh")


def drifted(project: Project) -> list[tuple[str, int, str]]:
    return [(finding.file, finding.line, finding.found) for finding in only(project, "drift")]


def test_a_paragraph_that_changed_in_one_edition(edited: Project) -> None:
    edit(edited.templates / "pages/index/en.md", "Three languages", "Several languages")
    changed = "templates/pages/index/en.md:3 changed, and this did not"
    assert drifted(edited) == [("templates/pages/index/zh.md", 3, changed), ("templates/pages/index/de.md", 3, changed)]
    keep_agreement(edited)  # a build in between takes no side
    assert len(drifted(edited)) == 2
    assert review(edited, "templates/pages/index/de.md") > 0
    assert drifted(edited) == []
    edit(edited.templates / "pages/index/zh.md", "三种语言", "多种语言")
    assert {file for file, _, _ in drifted(edited)} == {"templates/pages/index/en.md", "templates/pages/index/de.md"}


def test_a_paragraph_that_changed_everywhere_and_is_built_has_not_drifted(edited: Project) -> None:
    for language in edited.languages:
        change(edited.templates / f"pages/index/{language}.md", lambda text: text.replace("> ", "> x ", 1))
    assert drifted(edited) == []
    keep_agreement(edited)
    change(edited.templates / "pages/index/de.md", lambda text: text.replace("> x ", "> y ", 1))
    assert {file for file, _, _ in drifted(edited)} == {"templates/pages/index/zh.md", "templates/pages/index/en.md"}


def test_paragraphs_that_were_added_moved_or_taken_away(edited: Project) -> None:
    add(edited.templates / "pages/index/en.md", "One more.")
    assert {file for file, _, _ in drifted(edited)} == {"templates/pages/index/zh.md", "templates/pages/index/de.md"}
    add(edited.templates / "pages/index/zh.md", "又一段。")
    add(edited.templates / "pages/index/de.md", "Noch einer.")
    assert drifted(edited) == []
    keep_agreement(edited)
    edit(edited.templates / "pages/index/en.md", "\nOne more.\n", "")
    assert drifted(edited) != []


def test_moving_wrapping_and_commenting_everywhere_is_no_drift(edited: Project) -> None:
    for language in edited.languages:
        path = edited.templates / f"pages/chance/{language}.md"
        change(path, lambda text: text.replace('{{ formula("mean") }}\n\n', "", 1) + '\n{{ formula("mean") }}\n')
    edit(edited.templates / "pages/chance/en.md", "After {{", "After\n{{")
    edit(edited.templates / "pages/chance/de.md", "<#-- a comment", "<#-- another comment")
    assert drifted(edited) == []


def test_a_report_without_a_lock_is_not_nagged_about(edited: Project) -> None:
    (edited.templates / "parity.lock").unlink()
    assert check(edited) == ()
    review(edited, "templates/pages/index/en.md")
    edit(edited.templates / "pages/index/en.md", "Three languages", "Several languages")
    assert len(drifted(edited)) == 2


def test_only_a_page_can_be_reviewed(edited: Project) -> None:
    with pytest.raises(UsageError, match="no page is made from this file") as error:
        review(edited, "templates/pages/index/fr.md")
    assert error.value.nearest == "templates/pages/index/zh.md" or error.value.nearest


def test_paragraphs_are_told_apart_by_blank_lines_outside_fences() -> None:
    text = "# A {#a}\none\ntwo\n\n```\nx\n\ny\n```\n<#-- no --#>\n\n- b\n"
    assert [(paragraph.line, paragraph.section) for paragraph in find_paragraphs(text)] == [
        *((1, "a"), (2, "a"), (5, "a"), (12, "a")),
    ]


def test_findings_are_data() -> None:
    finding = Finding("drift", "templates/pages/a/en.md", 3, "en", "x", "y")
    assert list(vars(finding)) == ["rule", "file", "line", "edition", "found", "expected"]


@pytest.mark.parametrize(
    ("text", "mark"),
    [("**a", "**"), ("a *b", "*"), ("`a", "`"), ("for $5 and more", "$")],
)
def test_a_mark_that_has_no_partner(edited: Project, text: str, mark: str) -> None:
    add(edited.templates / "pages/index/en.md", text)
    (finding,) = only(edited, "unclosed-mark")
    assert (finding.file, finding.edition) == ("templates/pages/index/en.md", "en")
    assert finding.found.startswith(f"{mark} that has no partner") and "\\" in finding.expected


def test_marks_with_partners_escapes_and_products(edited: Project) -> None:
    add(edited.templates / "pages/index/en.md", r"**a** *b* `c` $d$ \* \$5 2*3 and 2 * 3")
    assert only(edited, "unclosed-mark") == []


@pytest.mark.parametrize("written", ['{{ "<mark>one</mark>" }}', "Words {{ '<iframe src=a>' }} and words."])
def test_html_that_a_template_brings_in_by_the_way_has_its_line(edited: Project, written: str) -> None:
    path = edited.templates / "pages/chance/en.md"
    change(path, lambda text: text.replace("\n## Coins", f"\n{written}\n\n## Coins", 1))
    line = path.read_text(encoding="utf-8").splitlines().index(written) + 1
    found = only(edited, "foreign-html")
    assert {(finding.file, finding.line, finding.edition) for finding in found} == {
        ("templates/pages/chance/en.md", line, "en")
    }
    assert found[0].found.startswith(("<mark>", "<iframe"))


def test_html_of_the_author_is_told_once(edited: Project) -> None:
    add(edited.templates / "pages/chance/en.md", "A <mark>word</mark>.")
    assert only(edited, "foreign-html") == []
    assert len(only(edited, "forbidden-markdown")) >= 1
