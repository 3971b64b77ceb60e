"""The page before the editions, which leads to the reader's language, with the page for addresses that lead nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bifolio.formats.language import load_language
from bifolio.palette import PALETTES
from bifolio.programs import package_file
from bifolio.project import Project
from bifolio.storage import write_file
from bifolio.website.policy import with_policy


@dataclass(frozen=True)
class Door:
    """What the root page says of an edition, in the edition's language."""

    language: str
    name: str
    title: str
    description: str
    missing: str


def write_root(project: Project) -> None:
    """Write index.html, 404.html and the icon beside the editions."""
    write_file(project.site / "index.html", _page(project, base="", missing=False))
    # A server shows it at whatever address was asked for, so its links start from the top.
    base = f"{urlsplit(project.site_url).path.rstrip('/')}/"
    write_file(project.site / "404.html", _page(project, base=base, missing=True))
    write_file(project.site / "favicon.svg", package_file("assets/favicon.svg").read_bytes())


def doors(project: Project) -> tuple[Door, ...]:
    """Return the editions as the reader sees them; a title that a language lacks is shown in the first one's."""
    from babel import Locale

    first = project.languages[0]
    return tuple(
        Door(
            language,
            Locale.parse(language, sep="-").get_display_name(language) or language,
            project.title.get(language, project.title.get(first, "")),
            project.description.get(language, project.description.get(first, "")),
            load_language(language, project.templates).say("site.missing_title"),
        )
        for language in project.languages
    )


def _page(project: Project, *, base: str, missing: bool) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(package_file("website/theme/bifolio")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    template = environment.get_template("root.html")
    page = template.render(
        editions=doors(project),
        base=base,
        address="" if missing or not project.site_url else f"{project.site_url.rstrip('/')}/",
        missing=missing,
        light=PALETTES["light"],
        dark=PALETTES["dark"],
    )
    return with_policy(page)
