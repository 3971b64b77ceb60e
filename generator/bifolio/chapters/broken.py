"""Pages that name a broken experiment: what docs/ holds of one is told from there; else it says that it is left out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from bifolio.chapters.context.catalogue import Use, VariantName
from bifolio.chapters.context.numbering import Numbered, Sort, next_numbered
from bifolio.chapters.context.page import FIGURES, OWN_PICTURES, Page, evidence_page
from bifolio.chapters.memory import Record, file_digest, read_manifest
from bifolio.chapters.templates.plan import PAGES
from bifolio.errors import BifolioError
from bifolio.markdown.escaping import escape
from bifolio.markdown.headings import find_headings, title_of
from bifolio.markdown.reading import read
from bifolio.project import DEFAULT_PROFILE
from bifolio.storage import read_source, read_text

UNKNOWN = ""
"""The key of a record of which nobody remembers what it was made from."""
_LEFT_OUT = "---\nstate: broken\n"
"""How a page begins that stands for one that is left out."""
_NUMBERED = re.compile(
    r'^<(?:div|figure) class="bf-[a-z -]+" id="(?P<sort>figure|table)-(?P<name>[\w-]+)"', re.MULTILINE
)
_CLAIM = 'class="bf-tested '
_EVIDENCE = evidence_page("")


def record_in_docs(page: Page) -> Record | None:
    """Return what can be told of a page that stands in docs/, as far as the page came that could not be made anew.

    None where docs/ has no such page, or one that says that it is left out.
    """
    path = f"{page.language.code}/{page.name}"
    listed = read_manifest(page.project)
    if f"{path}.md" not in listed or not (page.project.docs / f"{path}.md").is_file():
        return None
    text = read_text(page.project.docs / f"{path}.md", f"docs/{path}.md", "`bifolio build`")
    if text.startswith(_LEFT_OUT):
        return None
    folders = tuple(f"{page.language.code}/{folder}/{page.name}/" for folder in (FIGURES, OWN_PICTURES))
    made = [f"{path}.md", *(file for file in listed if file.startswith(folders))]
    links = list(_links(page, text))
    shown = {target.removeprefix(_EVIDENCE) for target, _ in links if target.startswith(_EVIDENCE)}
    anchors = {anchor for target, anchor in links if target == "references"}
    return Record(
        key=UNKNOWN,
        title=title_of(text) or page.name,
        uses=tuple(Use(VariantName(name, DEFAULT_PROFILE, ""), "declaration", "page") for name in sorted(shown)),
        experiments={},
        read={},
        made={file: file_digest(page.project.docs / file) for file in sorted(made)},
        claims=tuple(page.claims),
        sections=(),
        cited=tuple(key for key, work in page.works.items() if work.anchor in anchors),
        numbered=tuple(_numbered(page, text)),
        referred={},
    )


def left_out(page: Page, error: BifolioError) -> str:
    """Return the text of a page that says why it is left out, with the headings that others may link to."""
    template = page.project.templates / PAGES / page.name / f"{page.language.code}.md"
    headings = find_headings(read_source(template)) if template.is_file() else ()
    named = next((heading for heading in headings if heading.id and "{" not in heading.title), None)
    title = str(named) if named else f"# {escape(page.name)} {{#left-out}}"
    ids = (heading.id for heading in headings if heading.id and heading is not named)
    places = "".join(f'<span id="{one}"></span>' for one in dict.fromkeys(ids))
    return f"{_LEFT_OUT}---\n\n{title}\n\n{places}{page.say('state.left_out', reason=escape(str(error.found)))}\n"


def claims_in_docs(page: Page) -> int:
    """Return how many claims the page of all claims has in docs/."""
    return page.earlier(f"{page.name}.md").count(_CLAIM)


def _numbered(page: Page, text: str) -> Iterator[Numbered]:
    """Yield the figures and tables with a number that a text has, in order."""
    if page.name in page.project.chapters:
        earlier: list[Numbered] = []
        for match in _NUMBERED.finditer(text):
            sort: Sort = "table" if match["sort"] == "table" else "figure"
            chapter = page.project.chapters.index(page.name) + 1
            earlier.append(next_numbered(chapter, earlier, sort, match["name"], ""))
        yield from earlier


def _links(page: Page, text: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each page of the edition that a text links to, and the place there."""
    for span in read(text).spans:
        target, _, anchor = span.value.partition("#")
        if span.kind == "target" and target.endswith(".md"):
            yield posixpath.normpath(posixpath.join(page.folder, target)).removesuffix(".md"), anchor
