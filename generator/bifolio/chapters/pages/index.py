"""The first page of the evidence: a table with a row for each experiment."""

from __future__ import annotations

from collections.abc import Iterable

from bifolio.chapters.context.catalogue import Use, VariantName
from bifolio.chapters.context.edition import CLAIMS_PAGE, Users, row_of
from bifolio.chapters.context.page import Page, evidence_page
from bifolio.chapters.context.questions import question
from bifolio.chapters.macros.card import device
from bifolio.chapters.macros.table import pipe_table
from bifolio.chapters.pages.experiment import state_word
from bifolio.chapters.pages.reproductions import verdict_of_experiment
from bifolio.formats.dates import format_date
from bifolio.formats.numbers import format_number
from bifolio.markdown.escaping import escape
from bifolio.project import DEFAULT_PROFILE


def index_page(page: Page, users: Users, claims: int = 0) -> str:
    """Return the table of all experiments, and where all claims are listed if there are any."""
    rows = {name: _broken(page, name, users) for name in page.catalogue.broken}
    for name, declaration in page.catalogue.declarations.items():
        rows[name] = []
        page.use(Use(VariantName(name, DEFAULT_PROFILE, ""), "declaration", "index"))
        profiles = page.catalogue.profiles(name) or (DEFAULT_PROFILE,)
        for profile in profiles:
            results = [result for stored in page.catalogue.results(name, profile).values() for result in stored]
            here = "" if profile != profiles[0] else f"{{#{row_of(name)}}}"
            rows[name].append(
                [
                    f"[{name}]({page.link(evidence_page(name))}.md){here}<br>{escape(question(page, declaration))}",
                    escape(profile),
                    state_word(page, name, profile),
                    verdict_of_experiment(page, name, profile),
                    format_number(page.language, len({result.name.seed for result in results})),
                    _list(page, (device(result.witness) for result in results)),
                    _list(page, (format_date(page.language, result.witness.date) for result in results)),
                    str(len(users.get(name, ()))),
                ]
            )
    words = ("experiment", "profile", "state", "verdict", "seeds", "device", "date", "pages")
    labels = [page.say(f"evidence.{word}") for word in words]
    right = [word in ("seeds", "pages") for word in words]
    title = f"# {page.say('evidence.title')} {{#evidence}}"
    sections = [
        title,
        page.say("evidence.lead"),
        pipe_table(labels, [row for name in sorted(rows) for row in rows[name]], right),
    ]
    if claims:
        sections.append(
            f"[{page.say('claims.index', count=claims)}]({page.link(CLAIMS_PAGE)}.md){{#{row_of(CLAIMS_PAGE)}}}"
        )
    return "\n\n".join(sections) + "\n"


def _broken(page: Page, name: str, users: Users) -> list[list[str]]:
    """Return the row of a broken experiment: what is wrong with it, and where."""
    there = (page.project.docs / page.language.code / f"{evidence_page(name)}.md").is_file()
    shown = f"[{name}]({page.link(evidence_page(name))}.md){{#{row_of(name)}}}" if there else escape(name)
    word = f'<span class="bf-state bf-missing">{page.say("state.broken")}</span>'
    reason = page.say("evidence.because", reason=escape(page.catalogue.broken[name].summary))
    unknown = page.say("table.empty")
    return [[shown, escape(DEFAULT_PROFILE), word + reason, *[unknown] * 4, str(len(users.get(name, ())))]]


def _list(page: Page, names: Iterable[str]) -> str:
    return page.say("literal.separator").join(dict.fromkeys(map(escape, names))) or page.say("table.empty")
