"""The works that chapters may cite, as references.bib has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bifolio.bibliography import Author, read_works
from bifolio.errors import CitationError
from bifolio.project import Project, find_project


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("@misc{a, title = {x}, author = {B, B}}", 1, "a work lacks what a reference says"),
        ("\n@misc{a, author = {B, B}, year = 2000}", 2, "a work lacks what a reference says"),
        ("\n@misc{a, title = {x\n", 2, "an entry cannot be read"),
        ("@misc{ä, title = {x}, author = {B, B}, year = 2000}", 1, "a key that can be cited"),
        (
            "@misc{a, title={x}, author={B}, year=2000}\n@misc{a, title={x}, author={B}, year=2000}",
            2,
            "an entry cannot",
        ),
    ],
)
def test_a_bad_entry_has_its_line(tiny: Project, text: str, line: int, problem: str) -> None:
    (tiny.root / "references.bib").write_text(text, encoding="utf-8")
    with pytest.raises(CitationError, match=problem) as raised:
        read_works(tiny)
    assert (raised.value.file, raised.value.line) == ("references.bib", line)


NAMES = r"""@misc{a, author = {{The {B}ifolio authors} and M{\"u}ller, {\'E}mile and van der Berg, Jr., Jan and others},
  title = {On {\"U}, and {M}ore}, year = {n.d.}}"""


def test_what_stands_in_braces_is_one_name(tiny: Project) -> None:
    (tiny.root / "references.bib").write_text(NAMES, encoding="utf-8")
    work = read_works(tiny)["a"]
    assert work.authors == (
        Author("The Bifolio authors"),
        Author("Müller", "Émile"),
        Author("van der Berg, Jr.", "Jan"),
    )
    assert (work.title, work.year, work.and_others) == ("On Ü, and More", "n.d.", True)


def test_the_works_of_this_report_can_be_read() -> None:
    works = read_works(find_project(Path(__file__).resolve().parents[1]))
    assert works["mikolov2010recurrent"].authors[0].given == "Tomáš"


def test_a_text_is_parsed_once_and_a_new_one_again(tiny: Project) -> None:
    file = tiny.root / "references.bib"
    entry = "@misc{%s, title = {x}, author = {B, B}, year = 2000}"
    file.write_text(entry % "one", encoding="utf-8")
    first = read_works(tiny)
    assert read_works(tiny) is first
    file.write_text(entry % "two", encoding="utf-8")
    assert (list(first), list(read_works(tiny))) == (["one"], ["two"])
