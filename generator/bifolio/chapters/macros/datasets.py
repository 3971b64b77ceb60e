"""The macro `datasets`: the data sets that experiments declare, with their licences."""

from __future__ import annotations

from bifolio.chapters.context.catalogue import SUMMARY, Use, VariantName
from bifolio.chapters.context.page import Page, evidence_page
from bifolio.chapters.macros.table import pipe_table
from bifolio.chapters.macros.values import Markdown
from bifolio.markdown.escaping import escape
from bifolio.project import DEFAULT_PROFILE
from bifolio.provenance.declaration import DatasetDeclaration

_DATA = "about-data"
"""The id of an evidence page's part on data, which has sizes, sources and the files' hashes."""


def datasets(page: Page) -> Markdown:
    """Show every data set with its version, its licence and the experiments that read it, as they declare it."""
    readers: dict[str, tuple[DatasetDeclaration, list[str]]] = {}
    for experiment in page.catalogue.declarations:
        page.use(Use(VariantName(experiment, DEFAULT_PROFILE, ""), SUMMARY, "datasets"))
        link = f"[{experiment}]({page.link(evidence_page(experiment))}.md#{_DATA})"
        for dataset in page.catalogue.datasets(experiment):
            readers.setdefault(dataset.name, (dataset, []))[1].append(link)
    rows = [
        [
            f"**{escape(name)}**",
            escape(dataset.version),
            escape(dataset.licence),
            page.say("literal.separator").join(by),
        ]
        for name, (dataset, by) in sorted(readers.items())
    ]
    words = ("dataset.name", "dataset.version", "dataset.licence", "dataset.readers")
    return pipe_table([page.say(word) for word in words], rows)
