"""What an export contains, in which order, and where its links lead."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from bifolio.errors import ChapterError
from bifolio.export.html.document import facts_of
from bifolio.export.links import Beside, Inside, Nowhere, Outside, find_aim, lost_pages
from bifolio.export.manuscript import read_manuscript
from bifolio.export.pdf.settings import settings_code
from bifolio.export.refusals import refuse
from bifolio.project import Export, Project
from bifolio.provenance.declaration import RunName
from bifolio.results.store import read_result, write_result


def test_the_pages_come_in_reading_order(report: Project) -> None:
    manuscript = read_manuscript(report, "en")
    assert [(page.part, page.name) for page in manuscript.pages] == [
        ("chapter", "chance"),
        ("chapter", "letters"),
        ("references", "references"),
        ("evidence", "evidence/index"),
        ("evidence", "evidence/claims"),
        *(("evidence", f"evidence/{name}") for name in ("coins", "dice", "letters")),
    ]
    assert (manuscript.title, manuscript.description) == ("A Tiny Report", "Without PyTorch.")


def test_appendices_follow_the_chapters(report: Project) -> None:
    named = replace(report, export=Export("tiny", ("index",)))
    assert [page.name for page in read_manuscript(named, "de").pages][:3] == ["chance", "letters", "index"]


def test_a_page_knows_its_lines(report: Project) -> None:
    for page in read_manuscript(report, "zh").pages:
        lines = (report.root / page.file).read_text(encoding="utf-8").splitlines()
        assert lines[page.first_line - 1].startswith("# ")
        assert lines[page.first_line - 1 :] == page.text.splitlines()
        assert lines[page.first_line - 1].startswith(f"# {page.title}")


def test_the_evidence_is_dated_by_its_newest_result(report: Project) -> None:
    files = sorted((report.experiments / "results").rglob("seed-*.json"))
    newest = max(json.loads(file.read_text(encoding="utf-8"))["witness"]["date"] for file in files)
    assert read_manuscript(report, "en").evidence_date == newest[:10]


@pytest.mark.parametrize(
    ("target", "aim"),
    [
        ("letters.md", Inside("letters", "")),
        ("letters.md#code", Inside("letters", "code")),
        ("#results", Inside("chance", "results")),
        ("evidence/dice.md#loaded-mean", Inside("evidence/dice", "loaded-mean")),
        ("https://a.example/b#c", Outside("https://a.example/b#c")),
        ("mailto:a@b.example", Outside("mailto:a@b.example")),
        ("index.md#home", Nowhere("index")),
    ],
)
def test_links_lead_somewhere_or_say_that_they_do_not(report: Project, target: str, aim: object) -> None:
    manuscript = read_manuscript(report, "en")
    assert find_aim(manuscript, manuscript.pages[0], target) == aim


def test_links_from_the_evidence_are_relative_to_it(report: Project) -> None:
    manuscript = read_manuscript(report, "en")
    dice = manuscript.page("evidence/dice")
    assert dice
    assert find_aim(manuscript, dice, "../chance.md") == Inside("chance", "")
    assert find_aim(manuscript, dice, "coins.md#a") == Inside("evidence/coins", "a")
    assert find_aim(manuscript, dice, "../figures/a.csv") == Beside(report.docs / "en" / "figures" / "a.csv")


def test_a_published_report_has_the_pages_that_an_export_lacks(report: Project) -> None:
    published = replace(report, site_url="https://report.example/a")
    manuscript = read_manuscript(published, "en")
    aim = find_aim(manuscript, manuscript.pages[0], "index.md#home")
    assert aim == Outside("https://report.example/a/en/index.html#home")


def test_links_that_lead_nowhere_are_counted(report: Project, rewrite: Callable[[str, str, str], None]) -> None:
    before = lost_pages(read_manuscript(report, "en"))
    assert before == {"index": 1}  # the evidence says where it is shown
    rewrite(
        "docs/en/letters.md", "# Letters {#letters}\n", "# Letters {#letters}\n\n[a](index.md), [b](index.md#home)\n"
    )
    assert lost_pages(read_manuscript(report, "en")) == {"index": 3}


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("!!! note\n    Text.", "an admonition or tab: !!! note"),
        ('=== "Tab"\n    Text.', 'an admonition or tab: === "Tab"'),
        ("Term\n\n: What it is.", "a definition list: : What it is."),
        ("Text.[^1]\n\n[^1]: A note.", "a reference link or footnote: [^1]"),
        ("- [ ] to do", "a task list: - [ ] to do"),
        ("```python {hl_lines=1}\nx = 1\n```", "a fence with more than a language: ```python {hl_lines=1}"),
        ("<video src=a.mp4></video>", "raw HTML: <video src=a.mp4>"),
        ("![](figures/a.png)", "an image without words: figures/a.png"),
        ("```mermaid\nflowchart LR\n  A --> B\n```", "a diagram without accTitle and accDescr"),
    ],
)
def test_what_an_export_cannot_hold_is_refused_with_its_line(
    report: Project, rewrite: Callable[[str, str, str], None], markdown: str, found: str
) -> None:
    for file in ("templates/pages/letters/en.md", "docs/en/letters.md"):
        rewrite(file, "# Letters {#letters}\n", f"# Letters {{#letters}}\n\n{markdown}\n")
    with pytest.raises(ChapterError) as told:
        refuse(report, read_manuscript(report, "en"))
    message = str(told.value)
    assert f"  found:    {found}" in message
    line = 5 if "[^1]:" in markdown or ": What" in markdown else 3
    assert f"templates/pages/letters/en.md:{line}" in message


def test_what_is_permitted_is_not_refused(report: Project) -> None:
    for language in report.languages:
        refuse(report, read_manuscript(report, language))


def test_every_commit_that_measured_is_named(report: Project) -> None:
    assert read_manuscript(report, "en").commits == (), "a copy without history"
    for run, commit in ((0, "ab" * 20), (1, "cd" * 20), (2, "ab" * 20)):
        name = RunName("dice", "cpu", "fair", run)
        result = read_result(report, name)
        write_result(report, replace(result, witness=replace(result.witness, commit=commit)), {})
    manuscript = read_manuscript(report, "en")
    assert sorted(manuscript.commits) == ["", "ab" * 20, "cd" * 20] and manuscript.commits[-1] == ""
    (told,) = (line for line in settings_code(manuscript).splitlines() if line.startswith("#let settings"))
    assert "measured at commits {commit}" in told and f'"{"ab" * 20}"' in told and f'"{"cd" * 20}"' in told
    facts = "\n".join(facts_of(manuscript))
    assert "<code>abababa</code>" in facts and "<code>cdcdcdc</code>" in facts and "not recorded" in facts
