"""What an export refuses has the place in the template, however deep in the export it was found."""

from __future__ import annotations

from bifolio.errors import ChapterError
from bifolio.export.origin import at_template
from bifolio.project import Project


def test_a_line_of_docs_becomes_one_of_the_template(report: Project) -> None:
    page = (report.docs / "en" / "chance.md").read_text(encoding="utf-8").splitlines()
    template = (report.templates / "pages/chance/en.md").read_text(encoding="utf-8").splitlines()
    heading = next(line for line in template if line.startswith("## "))
    error = ChapterError("a formula is wider than the page", file="docs/en/chance.md", line=page.index(heading) + 1)
    told = at_template(report, error)
    assert (told.file, told.line) == ("templates/pages/chance/en.md", template.index(heading) + 1)


def test_a_page_of_the_evidence_and_a_style_stay_what_they_are(report: Project) -> None:
    for file in ("docs/en/evidence/dice.md", "templates/export/book.typ", None):
        told = at_template(report, ChapterError("no", file=file, line=4))
        assert (told.file, told.line) == (file, 4)
