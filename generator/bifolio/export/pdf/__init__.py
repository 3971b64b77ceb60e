"""The PDF of an edition: a typeset book in which every number leads to its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from bifolio.export.manuscript import Manuscript, ManuscriptPage
from bifolio.export.pdf.blocks import write_page
from bifolio.export.pdf.book_page import BookPage
from bifolio.export.pdf.compiling import compile_book
from bifolio.export.pdf.drawings import Files
from bifolio.export.pdf.fonts import check_characters, missing_characters
from bifolio.export.pdf.places import find_places
from bifolio.export.pdf.settings import formulas_code, settings_code
from bifolio.export.pdf.tree import read_tree
from bifolio.export.pdf.typst import literal, string
from bifolio.export.substitutes import with_signs
from bifolio.project import Project

__all__ = ["write_pdf"]

Progress = Callable[[str], None]


def write_pdf(project: Project, manuscript: Manuscript, progress: Progress) -> bytes:
    """Return an edition as a PDF/UA-1 file; the same manuscript gives the same bytes.

    Raises ChapterError, with the file and line in docs/, for what a page has and a book cannot hold.
    """
    progress("reading")
    trees = {page.name: read_tree(page) for page in manuscript.pages}
    missing = missing_characters(trees)
    if missing:
        manuscript = with_signs(manuscript, missing)
        trees = {page.name: read_tree(page) for page in manuscript.pages}
        check_characters(manuscript, trees)
    places = find_places(manuscript, trees)
    files, pages = Files(), {}
    for page in manuscript.pages:
        progress(page.name)
        written = write_page(BookPage(manuscript, page, places, files, _deeper(manuscript, page)), trees[page.name])
        pages[_source(page)] = f'#import "/book.typ": *\n#{{\n{written}\n}}\n'
    progress("typesetting")
    sources: Mapping[str, str | bytes] = {
        "settings.typ": settings_code(manuscript),
        "formulas.typ": formulas_code(files.formulas),
        "main.typ": "\n".join(_main(manuscript)),
        **pages,
        **files.contents,
    }
    return compile_book(project, sources, manuscript.evidence_date)


def _main(manuscript: Manuscript) -> Iterator[str]:
    """Yield the lines of the file that brings the pages together, part by part; appendices begin again at A."""
    yield '#import "/book.typ": *'
    summary = "".join(f"#include {literal('/' + _source(page))}" for page in manuscript.part("summary"))
    yield f"#show: book.with(summary: [{summary}])" if summary else "#show: book"
    lettered = False
    bound = [page for page in manuscript.pages if page.part != "summary"]
    for name, pages in groupby(bound, key=lambda page: page.part):
        is_lettered = name in ("appendix", "evidence")
        restarts = is_lettered and not lettered
        lettered = lettered or is_lettered
        body = "\n".join(f"  #include {literal('/' + _source(page))}" for page in pages)
        yield f"#part({string(name)}, {literal(restarts)})[\n{body}\n]"


def _source(page: ManuscriptPage) -> str:
    return f"pages/{page.name}.typ"


def _deeper(manuscript: Manuscript, page: ManuscriptPage) -> int:
    """Return by how many levels a page's headings sink: the evidence is one appendix, its first page the opening."""
    return int(page.part == "evidence" and page != manuscript.part("evidence")[0])
