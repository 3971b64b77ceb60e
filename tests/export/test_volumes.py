"""A book in two volumes, and its summary: what each holds, where its links lead, what the files are called."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bifolio.errors import UsageError
from bifolio.export import export, fresh_exports
from bifolio.export.links import Inside, Nowhere, find_aim, lost_pages
from bifolio.export.manuscript import Manuscript, Volume, read_manuscript
from bifolio.export.pdf import write_pdf
from bifolio.formats.language import load_language
from bifolio.project import Export, Project
from bifolio.website.downloads import offer

from tests.export.pdf_structure import Book

EXPERIMENTS = ("coins", "dice", "letters")


@pytest.fixture
def summarised(report: Project) -> Project:
    """Return a report whose first page is its summary."""
    return replace(report, export=Export("tiny", (), "index"))


def book(project: Project, volume: Volume) -> Book:
    return Book(write_pdf(project, read_manuscript(project, "en", volume), lambda _: None))


def names(manuscript: Manuscript) -> list[str]:
    return [page.name for page in manuscript.pages]


def test_a_summary_comes_before_the_chapters_and_once(summarised: Project) -> None:
    manuscript = read_manuscript(replace(summarised, export=Export("tiny", ("index",), "index")), "de")
    assert [(page.part, page.name) for page in manuscript.pages[:2]] == [("summary", "index"), ("chapter", "chance")]
    assert names(manuscript).count("index") == 1


def test_two_volumes_hold_every_page_and_both_the_index_of_the_evidence(report: Project) -> None:
    whole, first, second = (read_manuscript(report, "en", volume) for volume in ("both", "report", "evidence"))
    assert names(first) == ["chance", "letters", "references", "evidence/index"]
    assert names(second) == ["evidence/index", "evidence/claims", *(f"evidence/{one}" for one in EXPERIMENTS)]
    assert {*names(first), *names(second)} == {*names(whole)}
    assert not whole.apart and first.apart == {*names(whole)} - {*names(first)}


def test_what_the_other_volume_holds_is_found_by_the_index_of_the_evidence(report: Project) -> None:
    first, second = read_manuscript(report, "en", "report"), read_manuscript(report, "en", "evidence")
    chapter, index, dice = first.page("chance"), first.page("evidence/index"), second.page("evidence/dice")
    assert chapter and index and dice
    assert find_aim(first, chapter, "evidence/dice.md#loaded-mean") == Inside("evidence/index", "row-dice")
    assert find_aim(first, chapter, "evidence/claims.md#chance-1") == Inside("evidence/index", "row-claims")
    assert find_aim(first, index, "dice.md") == Nowhere("evidence/dice")
    assert find_aim(second, dice, "../chance.md#results") == Nowhere("chance")
    assert (lost_pages(first), lost_pages(second)) == ({}, {"index": 1}), "the other volume's pages are not lost"


def test_a_number_of_the_first_volume_leads_to_the_row_of_its_experiment(report: Project) -> None:
    first = book(report, "report")
    assert "Volume 1: the report" in first.reader.pages[0].extract_text()
    assert not any("dice" in words for _, words in first.bookmarks())
    number = next(page for page in first.reader.pages if "After" in page.extract_text())
    places = [found.get_object().get("/Dest") for found in number["/Annots"]]
    led = {first.page_of(place) for place in places if place}
    shown = [first.reader.pages[one].extract_text() for one in led if one is not None]
    assert any("A Evidence" in text.replace("\n", " ") or "Appendix A" in text for text in shown)


def test_the_second_volume_holds_the_evidence(report: Project) -> None:
    second = book(report, "evidence")
    assert "Volume 2: the evidence" in second.reader.pages[0].extract_text()
    assert [words for level, words in second.bookmarks() if level == 0] == ["Contents", "A Evidence"]
    assert any(words.endswith("dice") for _, words in second.bookmarks())


def test_a_summary_stands_before_the_contents(summarised: Project) -> None:
    whole = book(summarised, "report")
    first = [words for level, words in whole.bookmarks() if level == 0]
    title = read_manuscript(summarised, "en", "report").pages[0].title
    assert first[:3] == [title, "Contents", "1 Chance"]


def test_each_volume_has_a_file_of_its_own_and_an_address_on_the_site(report: Project) -> None:
    (one,) = export(report, "pdf", ["en"], volume="evidence")
    assert (one.file.name, one.volume, one.state) == ("tiny-report.en.evidence.pdf", "evidence", "written")
    assert export(report, "pdf", ["en"], volume="evidence")[0].state == "unchanged"
    assert fresh_exports(report)["en"] == (one.file,)
    english = load_language("en", report.templates)
    files = ["tiny-report.en.pdf", "tiny-report.en.report.pdf", one.file.name]
    assert [download.words for download in offer(english, files)] == [
        "As one file: PDF",
        "The report as one file: PDF",
        "The evidence as one file: PDF",
    ]


def test_only_a_book_has_volumes(report: Project) -> None:
    with pytest.raises(UsageError) as caught:
        export(report, "html", volume="report")
    assert str(caught.value) == "there is no such volume\n  found:    report\n  expected: both"
    with pytest.raises(UsageError, match="nearest:  report"):
        export(report, "pdf", volume="reports")  # type: ignore[arg-type]
