"""Puts an edition into one HTML file: contents, chapters, references, evidence, and all that they need."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bifolio.chapters.context.edition import EVIDENCE_INDEX
from bifolio.export.html.characters import refuse_missing, shown_characters
from bifolio.export.html.fonts import SCRIPTS, Fonts, embed
from bifolio.export.html.identifiers import Identifiers, assign_identifiers
from bifolio.export.html.merging import merged_pages
from bifolio.export.html.rendering import PageRenderer
from bifolio.export.html.styles import style_sheet
from bifolio.export.manuscript import Manuscript, Part
from bifolio.export.substitutes import with_signs
from bifolio.export.tokens import Reading, read_page
from bifolio.formats.dates import format_date
from bifolio.memo import Memo
from bifolio.programs import package_file, programs
from bifolio.project import Project

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

_TEMPLATE = "document.html"
_SCRIPTS = ("frames.js", "bifolio.js", "export/document.js")
_TOP = "top"
_TAKEN = (_TOP, *(f"colours-{name}" for name in ("system", "light", "dark")), "bf-card")
"""The ids of the file around the pages."""
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; script-src 'sha256-{digest}'; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Entry:
    """A line of the contents; `words` is HTML."""

    address: str
    words: Markup
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Article:
    """A page in the file; one that `begins` starts a part or a chapter, on paper a sheet."""

    part: Part
    address: str
    begins: bool
    html: Markup


def write_html(project: Project, manuscript: Manuscript, progress: Callable[[str], None]) -> bytes:
    """Return an edition as one file of HTML.

    Raises ChapterError, FormulaError or DiagramError, with the page's file and line, for what cannot be shown.
    """
    script = _script_of(manuscript)
    made_by = programs(project.cache, "bifolio.export.html.fonts").digest
    memo = Memo(project.cache / f"fonts.{manuscript.language.code}.json", made_by)
    fonts, write = _draft(project, manuscript, script, memo, progress)
    if fonts.missing:
        signed = with_signs(manuscript, fonts.missing)
        fonts, write = _draft(project, signed, script, memo, progress)
        refuse_missing(signed, fonts.missing)
    memo.keep()
    return write().encode()


def _draft(
    project: Project, manuscript: Manuscript, script: str, memo: Memo, progress: Callable[[str], None]
) -> tuple[Fonts, Callable[[], str]]:
    """Return a file without its styles, the fonts that it needs, and what writes it with these."""
    progress("Markdown")
    readings = [read_page(page) for page in manuscript.pages]
    identifiers = assign_identifiers(readings, _TAKEN)
    pages = merged_pages(manuscript, identifiers)
    renderers = [PageRenderer(pages, reading, _levels(reading)) for reading in readings]
    articles = [_article(renderer, identifiers, progress) for renderer in renderers]
    contents = tuple(_contents(renderers, identifiers))
    progress("HTML")
    page = _fill(project, manuscript, articles, contents, styles="")
    progress("fonts")
    fonts = embed(script, shown_characters(page), memo)

    def write() -> str:
        styles = style_sheet(project, page, fonts, pages.inks)
        return _fill(project, manuscript, articles, contents, styles=styles)

    return fonts, write


def _script_of(manuscript: Manuscript) -> str:
    """Return the script of a language, which decides the order of fonts: Latin unless its words name another."""
    script = manuscript.language.words.get("export.script", SCRIPTS[0])
    if script not in SCRIPTS:
        from bifolio.errors import ChapterError, nearest_name

        raise ChapterError(
            "the word export.script names no script that there are fonts for",
            file=manuscript.language.file,
            found=script,
            expected=" or ".join(SCRIPTS),
            nearest=nearest_name(script, SCRIPTS),
        )
    return script


def _levels(reading: Reading) -> int:
    """Return how much deeper a page's headings stand than on the site: an experiment's below those of the evidence."""
    page = reading.page
    return 2 if page.part == "evidence" and page.name != EVIDENCE_INDEX else 1


def _article(renderer: PageRenderer, identifiers: Identifiers, progress: Callable[[str], None]) -> Article:
    from markupsafe import Markup

    page = renderer.reading.page
    progress(page.title)
    return Article(page.part, identifiers.names[page.name, ""], renderer.levels == 1, Markup(renderer.page()))


def _contents(renderers: Sequence[PageRenderer], identifiers: Identifiers) -> Iterator[Entry]:
    """Yield an entry for each page: a chapter holds its sections, the evidence its pages."""
    below = [renderer for renderer in renderers if renderer.levels > 1]
    for renderer in renderers:
        if renderer not in below:
            page = renderer.reading.page
            is_index = page.name == EVIDENCE_INDEX
            entries = [_entry(one, identifiers, ()) for one in below] if is_index else []
            if page.part in ("chapter", "appendix"):
                entries = list(_sections(renderer))
            yield _entry(renderer, identifiers, tuple(entries))


def _entry(renderer: PageRenderer, identifiers: Identifiers, entries: tuple[Entry, ...]) -> Entry:
    from markupsafe import Markup

    reading = renderer.reading
    pairs = pairwise(reading.tokens)
    title = next((renderer.title(inline) for token, inline in pairs if token.tag == "h1"), "")
    words = Markup(title or html.escape(reading.page.title))
    return Entry(identifiers.names[reading.page.name, ""], words, entries)


def _sections(renderer: PageRenderer) -> Iterator[Entry]:
    from markupsafe import Markup

    tokens = renderer.reading.tokens
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h2" and "id" in token.attrs:
            yield Entry(str(token.attrs["id"]), Markup(renderer.title(inline)), ())


def _fill(
    project: Project, manuscript: Manuscript, articles: Sequence[Article], contents: Sequence[Entry], *, styles: str
) -> str:
    from markupsafe import Markup

    language = manuscript.language
    said = ", ".join(f"{word}: {_quoted(language.say(f'export.{word}'))}" for word in ("copy", "copied"))
    words = f"const words = {{ {said} }};"
    script = "\n".join([words, *(_asset(name) for name in _SCRIPTS)])
    digest = base64.b64encode(hashlib.sha256(f"\n{script}\n".encode()).digest()).decode()
    template = _environment(project).get_template(_TEMPLATE)
    page: str = template.render(
        manuscript=manuscript,
        lang=language.locale.replace("_", "-"),
        say=language.say,
        top=_TOP,
        first=articles[0].address if articles else _TOP,
        facts=list(facts_of(manuscript)),
        contents=contents,
        articles=articles,
        policy=_POLICY.format(digest=digest),
        styles=Markup(styles),
        script=Markup(script),
    )
    return page


def facts_of(manuscript: Manuscript) -> Iterator[Markup]:
    """Yield what a reader wants to know of a file that was sent to them: which version, measured when, how to check."""
    from markupsafe import Markup, escape

    language = manuscript.language

    def say(key: str, **fields: str) -> Markup:
        marked = {name: f"\ue000{name}\ue001" for name in fields}
        text = str(escape(language.say(key, **marked)))
        for name, value in fields.items():
            text = text.replace(f"\ue000{name}\ue001", value)
        return Markup(text)

    if manuscript.version:
        yield say("site.version", version=str(escape(manuscript.version)))
    if manuscript.evidence_date:
        yield say("export.evidence", date=str(escape(format_date(language, manuscript.evidence_date))))
    if manuscript.commits:
        names = [
            f"<code>{escape(commit[:7])}</code>" if commit else escape(language.say("witness.unrecorded"))
            for commit in manuscript.commits
        ]
        word = "export.commit" if len(names) == 1 else "export.commits"
        yield say(word, commit=language.say("literal.separator").join(names))
        yield say("export.verify", command="<code>bifolio reproduce</code>")
    if manuscript.url:
        address = escape(manuscript.url)
        yield say("export.published", link=f'<a href="{address}">{address}</a>')


def _environment(project: Project) -> jinja2.Environment:
    """Return where templates are looked for: in the report's templates/export/, then here; ours are `bifolio/…` too."""
    import jinja2

    ours = jinja2.FileSystemLoader(package_file("assets/export"))
    loaders = [jinja2.FileSystemLoader(project.templates / "export"), ours, jinja2.PrefixLoader({"bifolio": ours})]
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=False,
    )


def _asset(name: str) -> str:
    return package_file(f"assets/{name}").read_text(encoding="utf-8")


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c")
