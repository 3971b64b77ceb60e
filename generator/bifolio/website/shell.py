"""What the theme's templates say around the text of every page, in the words of the edition's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bifolio.formats.language import Language, load_language
from bifolio.project import Project
from bifolio.website import scriptless
from bifolio.website.downloads import Download, offer
from bifolio.website.editions import Address, Alternate, absolute, territory

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_CITE = "cite.md"


@dataclass(frozen=True)
class Shell:
    """`words` are those of the locale's [site] table; `cite` and `dark_style` are addresses from the edition's top."""

    title: str
    version: str
    cite: str
    downloads: tuple[Download, ...]
    dark_style: str
    locale: str
    locales: tuple[str, ...]
    words: Mapping[str, str]
    site_url: str
    alternates: tuple[Alternate, ...]

    def addresses(self, page: str) -> list[Address]:
        """Return where a page stands in every edition, for search engines; nothing for a site without an address."""
        return absolute(self.alternates, self.site_url, page)


def read_shell(
    project: Project,
    code: str,
    config: MkDocsConfig,
    files: Files,
    alternates: tuple[Alternate, ...],
    downloads: Sequence[str],
) -> Shell:
    """Return the shell of an edition's pages; `downloads` are names of files."""
    language = load_language(code, project.templates)
    others = [load_language(other, project.templates) for other in project.languages if other != code]
    cite = files.get_file_from_path(_CITE)
    return Shell(
        title=project.title[code],
        version=language.say("site.version", version=project.version) if project.version else "",
        cite=cite.url if cite else "",
        downloads=offer(language, downloads),
        dark_style=scriptless.NAME,
        locale=territory(language),
        locales=tuple(territory(other) for other in others),
        words=_site_words(language),
        site_url=config.site_url or "",
        alternates=alternates,
    )


def _site_words(language: Language) -> dict[str, str]:
    return {key: language.say(f"site.{key}") for key in ("cite", "missing_title", "missing_text", "home")}
