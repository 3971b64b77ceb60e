"""What `bifolio export` writes, skips and says."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from bifolio.errors import UsageError
from bifolio.export import export, fresh_exports
from bifolio.export.freshness import export_key
from bifolio.export.manuscript import read_manuscript
from bifolio.project import Project

from tests.conftest import Ended

Bifolio = Callable[..., Ended]


def states(project: Project, *languages: str) -> list[str]:
    return [one.state for one in export(project, "html", languages)]


def test_an_unchanged_export_is_skipped(again: Project) -> None:
    assert states(again) == ["unchanged"] * 3  # in a copy of the folder too: nothing depends on where it lies


def test_force_makes_it_again_and_finds_the_same(again: Project) -> None:
    told: list[str] = []
    (one,) = export(again, "html", ["en"], force=True, progress=told.append)
    assert one.state == "unchanged"
    assert any("Letters" in what for what in told)


def test_a_file_that_somebody_changed_or_removed_is_written_again(again: Project) -> None:
    export(again, "html", ["en", "de"])
    (again.root / "dist" / "tiny-report.en.html").write_text("mine", encoding="utf-8")
    (again.root / "dist" / "tiny-report.de.html").unlink()
    assert states(again, "en", "de") == ["written", "written"]


def test_another_version_of_a_library_is_noticed(again: Project, install: Callable[..., None]) -> None:
    manuscript = read_manuscript(again, "en")
    html, pdf = (export_key(again, manuscript, format) for format in ("html", "pdf"))
    install(typst="0.16")
    assert export_key(again, manuscript, "html") == html and export_key(again, manuscript, "pdf") != pdf
    install(fontpkg_source_serif_4="5", jinja2="99")
    assert states(again, "en") == ["unchanged"], "made again, to the same bytes"
    assert export_key(again, manuscript, "html") != html


@pytest.mark.parametrize("damaged", [b"", b"{}", b"\xff", b"{}\n{}"])
def test_damaged_memos_change_nothing(again: Project, damaged: bytes) -> None:
    for memo in again.cache.glob("*.json"):
        memo.write_bytes(damaged)
    assert states(again, "en") == ["unchanged"]


def test_a_changed_chapter_concerns_its_edition_only(again: Project) -> None:
    export(again, "html", ["en", "de"])
    template = again.templates / "pages/letters/en.md"
    template.write_text(template.read_text(encoding="utf-8").replace("## Code", "More.\n\n## Code"), encoding="utf-8")
    assert states(again, "en", "de") == ["written", "unchanged"]
    assert "More." in (again.root / "dist" / "tiny-report.en.html").read_text(encoding="utf-8")


def test_a_site_is_given_what_is_fresh_only(again: Project) -> None:
    dist = again.root / "dist"
    assert fresh_exports(again) == {one: (dist / f"tiny-report.{one}.html",) for one in again.languages}
    (dist / "tiny-report.zh.html").unlink()
    page = again.docs / "en" / "letters.md"
    page.write_text(page.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    (dist / "tiny-report.de.html").write_text("mine", encoding="utf-8")
    assert fresh_exports(again) == {"en": (), "de": ()}


@pytest.mark.parametrize(
    ("format", "language", "message"),
    [
        ("htm", "en", "there is no such format\n  found:    htm\n  expected: html, pdf\n  nearest:  html"),
        ("html", "fr", "there is no such language\n  found:    fr\n  expected: zh, en, de"),
    ],
)
def test_a_format_or_language_that_there_is_not(report: Project, format: str, language: str, message: str) -> None:
    with pytest.raises(UsageError) as told:
        export(report, format, [language])
    assert str(told.value) == message


@pytest.fixture
def here(again: Project, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch) -> Bifolio:
    """Return the command line in the folder of the exported report."""
    monkeypatch.chdir(again.root)
    return bifolio


def test_the_files_are_said(here: Bifolio, again: Project) -> None:
    (again.root / "dist" / "tiny-report.en.html").unlink()
    ended = here("export", "html", "--language", "zh", "--language", "en")
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["unchanged", "dist/tiny-report.zh.html"],
        ["written", "dist/tiny-report.en.html"],
    ]
    assert lines[0].endswith(" kB, 2 chapters")
    assert ended.err.splitlines() == [
        "2 links to the page index: words only",
        "  expected: its name in [tool.bifolio.export] appendices, or a site_url",
    ]


def test_they_are_said_to_tools(here: Bifolio, again: Project) -> None:
    ended = here("export", "html", "--language", "de", "--output", "elsewhere", "--json")
    (one,) = json.loads(ended.out)
    size = (again.root / "elsewhere" / "tiny-report.de.html").stat().st_size
    assert one == {
        "format": "html",
        "language": "de",
        "volume": "both",
        "file": "elsewhere/tiny-report.de.html",
        "size": size,
        "state": "written",
        "chapters": 2,
        "kept": [],
        "lost": {"index": 1},
        "redrawn": [],
    }


def test_a_wrong_word_is_wrong_usage(here: Bifolio) -> None:
    ended = here("export", "docx")
    assert ended.status == 2
    assert ended.err.startswith("there is no such format\n  found:    docx\n  expected: html, pdf")


def test_what_stands_in_the_way_is_told(here: Bifolio, again: Project) -> None:
    (again.root / "file").write_text("no folder")
    ended = here("export", "html", "--language", "en", "--output", "file")
    assert ended.status == 1
    assert "the file cannot be written" in ended.err
