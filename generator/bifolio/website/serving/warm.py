"""One edition kept ready in MkDocs, so that a single page of it is made at once, to the byte as a build makes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bifolio.errors import BifolioError, ChapterError
from bifolio.markdown.headings import title_of
from bifolio.project import Project
from bifolio.website.build import config_file

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

_MARKUP = re.compile(r"[\\`*_$\[\]<&!]")


@dataclass(frozen=True)
class WarmEdition:
    """What MkDocs knows of an edition before it makes the first page; `pages` are by their path in the site."""

    project: Project
    language: str
    config: MkDocsConfig
    files: Files
    nav: Navigation
    env: jinja2.Environment
    pages: Mapping[str, Page]


class _NoIndex:
    """Takes the place of the search index, which only a whole build can make."""

    def add_entry_from_context(self, page: Page) -> None:
        """Leave the page out."""


def warm_edition(project: Project, language: str) -> WarmEdition:
    """Read an edition's configuration and the titles of its pages; raise BifolioError where MkDocs refuses."""
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException
    from mkdocs.structure.files import get_files, set_exclusions
    from mkdocs.structure.nav import get_navigation
    from mkdocs.structure.pages import Page

    file = config_file(project, language)
    try:
        config = load_config(str(file))
        config.plugins.on_startup(command="build", dirty=False)
        config = config.plugins.on_config(config)
        for plugin in config.plugins.values():
            if hasattr(plugin, "search_index"):  # where the search of MkDocs and that of Material keep it
                plugin.search_index = _NoIndex()
        files, env = get_files(config), config.theme.get_env()
        files.add_files_from_theme(env, config)
        files = config.plugins.on_files(files, config=config)
        set_exclusions(files, config)
        nav = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
        pages = {found.dest_uri: found.page or Page(None, found, config) for found in files.documentation_pages()}
        edition = WarmEdition(project, language, config, files, nav, env, pages)
        for page in pages.values():
            read_title(edition, page)
        config.plugins.on_env(env, config=config, files=files)
    except MkDocsException as error:
        if isinstance(error.__cause__, BifolioError):
            raise error.__cause__ from None
        raise ChapterError(f"MkDocs cannot read the configuration: {error}", file=project.relative(file)) from error
    return edition


def read_title(edition: WarmEdition, page: Page) -> None:
    """Give a page the title that its text has now, for the navigation of the others."""
    page.read_source(edition.config)
    title = title_of(page.markdown or "")
    if "title" in page.meta or not title or page.file.src_uri.rpartition(".")[2] != "md":
        return
    if not _MARKUP.search(title):
        # nothing public tells a title only until another is read: `page.title`, once set, is for ever
        page._title_from_render = title
        return
    page.markdown = f"# {title}"  # what stands in it is for MkDocs to tell
    page.render(edition.config, edition.files)
    page.read_source(edition.config)


def make_page(edition: WarmEdition, page: Page) -> str:
    """Return a page as a build would write it; raise BifolioError with the file for what cannot be made."""
    from jinja2 import TemplateError
    from mkdocs.commands.build import get_context
    from mkdocs.exceptions import MkDocsException

    config, files = edition.config, edition.files
    shown = f"docs/{edition.language}/{page.file.src_uri}"
    config._current_page = page  # as MkDocs' own build does, for `!relative` in mkdocs.yml; it has no public name
    page.active = True
    try:
        page = config.plugins.on_pre_page(page, config=config, files=files)
        page.read_source(config)
        page.markdown = config.plugins.on_page_markdown(page.markdown or "", page=page, config=config, files=files)
        page.render(config, files)
        page.content = config.plugins.on_page_content(page.content or "", page=page, config=config, files=files)
        context = get_context(edition.nav, files.documentation_pages(), config, page)
        template = edition.env.get_template(page.meta.get("template", "main.html"))
        context = config.plugins.on_page_context(context, page=page, config=config, nav=edition.nav)
        return str(config.plugins.on_post_page(template.render(context), page=page, config=config))
    except BifolioError as error:
        with suppress(MkDocsException):  # our plugin knows the line in the file
            config.plugins.on_build_error(error=error)
        raise error.at(shown, error.line) from error.__cause__
    except (MkDocsException, TemplateError, OSError, ValueError) as error:
        raise ChapterError(f"the page cannot be made: {error}", file=shown) from error
    finally:
        page.active = False
        config._current_page = None


def cool(edition: WarmEdition) -> None:
    """Let the plugins end what they began."""
    edition.config.plugins.on_shutdown()
