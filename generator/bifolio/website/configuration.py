"""What an edition's MkDocs configuration has to hold so that its pages are drawn, styled and joined to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bifolio.errors import ProjectError
from bifolio.project import Project

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

_EXTENSIONS = ("attr_list", "md_in_html", "tables", "toc", "pymdownx.superfences", "bifolio.website.markdown")
_STYLES = (
    *("assets/bifolio/katex/katex.min.css", "assets/bifolio/drawing.css"),
    *("assets/bifolio/reading.css", "assets/bifolio/bifolio.css"),
)
_SCRIPTS = ("assets/bifolio/frames.js", "assets/bifolio/bifolio.js")


def require(config: MkDocsConfig, project: Project, file: str) -> None:
    """Raise ProjectError for the first thing that the configuration lacks."""
    needs = {"markdown_extensions": _EXTENSIONS, "extra_css": _STYLES, "extra_javascript": _SCRIPTS}
    for key, wanted in needs.items():
        found = [str(entry) for entry in config[key]]
        for name in wanted:
            if name not in found:
                raise ProjectError(f"{key} lacks what the pages need", file=file, found=", ".join(found), expected=name)
    languages = [alternate.get("lang") for alternate in config.extra.get("alternate", ())]
    if len(project.languages) > 1 and sorted(map(str, languages)) != sorted(project.languages):
        raise ProjectError(
            "extra.alternate names other editions than the report has",
            file=file,
            found=", ".join(map(str, languages)) or "none",
            expected=", ".join(project.languages),
        )
