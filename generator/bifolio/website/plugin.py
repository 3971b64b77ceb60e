"""The MkDocs plugin `bifolio`: an edition's chapters are rendered before MkDocs reads its pages."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config.base import Config
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger

from bifolio.chapters import render
from bifolio.errors import BifolioError, ProjectError
from bifolio.formats.language import load_language
from bifolio.leftovers import at_work
from bifolio.programs import package_file
from bifolio.project import Project, find_project
from bifolio.storage import read_source, write_file
from bifolio.website import navigation, scriptless
from bifolio.website.configuration import require
from bifolio.website.editions import Alternate, beside, from_the_top
from bifolio.website.policy import with_policy
from bifolio.website.searching import mend_search
from bifolio.website.shell import read_shell
from bifolio.website.watcher import watch

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

log = get_plugin_logger("bifolio")

_THEME = package_file("website/theme")
_NO_DATE = "1980-01-01"  # MkDocs stamps every page with today; a site is the same whenever it is built


class Settings(Config):  # type: ignore[no-untyped-call]
    """None: what the plugin needs stands in pyproject.toml."""


class BifolioPlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Renders the edition that the configuration's docs folder holds; while serving, whenever its sources change."""

    def __init__(self) -> None:
        self.rendered = False
        """Whether somebody else has rendered the chapters already."""
        self.downloads: tuple[str, ...] = ()
        """The files that somebody else puts into the edition's folder of downloads."""
        self._stop: Callable[[], None] | None = None
        self._serves = False
        self._work = ExitStack()
        self._alternates: tuple[Alternate, ...] = ()
        self._page: Page | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Keep this one object through all the builds of a `mkdocs serve`: MkDocs does if this method is there."""
        self._serves = command == "serve"
        self._work.enter_context(at_work(os.getcwd()))

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Find the edition, and put our templates before the theme's."""
        self._project, self._language = edition(config)
        require(config, self._project, self._project.relative(Path(config.config_file_path).resolve()))
        if str(_THEME) not in config.theme.dirs:
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(_THEME))
        if self._project.site_url and not config.site_url:
            config.site_url = f"{self._project.site_url.rstrip('/')}/{self._language}/"
        self._alternates = tuple(config.extra.get("alternate", ()))
        logging.getLogger("jieba").setLevel(logging.WARNING)  # it tells how long its dictionary took
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Render the chapters; while serving the watcher does, so that one save is one build."""
        if self._stop is None and not self.rendered:
            for line in render(self._project, [self._language]).redrawn:
                log.info(line)

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Name the groups, and join the evidence pages, which stand in no menu."""
        navigation.name(nav, load_language(self._language, self._project.templates))
        navigation.join(nav, files)
        self._nav = nav
        return nav

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Remember the page, for a formula that cannot be drawn knows its line and no file."""
        self._page = page
        return markdown

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Take the date from the pages, and tell the templates what stands around every page."""
        for file in files.documentation_pages():
            if file.page is not None:
                file.page.update_date = _NO_DATE
        self._files, self._page = files, None
        self._shell = read_shell(self._project, self._language, config, files, self._alternates, self.downloads)
        env.globals["report"] = self._shell
        return env

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Let the language switcher, and what tells search engines of the other editions, stay on the page."""
        config.extra["alternate"] = beside(self._alternates, page.url)
        config.extra["scope"] = f"{context['base_url']}/.."  # a reader who wants it dark wants all editions dark
        index = navigation.index_of(page, nav, self._files)
        if index:
            index.active = True
        return context

    @event_priority(-100)  # what other plugins put into the page counts too
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Give the page its policy; nothing of the menu stays marked."""
        index = navigation.index_of(page, self._nav, self._files)
        if index:
            index.active = False
        return self._with_policy(output)

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Let what a server shows at any address, the page for those that lead nowhere, start from the top."""
        if template_name == "404.html":
            base, alternates = from_the_top(self._alternates, config.site_url or "", self._language)
            config.extra["alternate"], config.extra["scope"] = alternates, f"{base}.."
            context["base_url"] = base
        return context

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Give pages that come from no Markdown their policy."""
        return self._with_policy(output_content) if template_name.endswith(".html") else output_content

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the dark style sheet of readers without scripts, from those of pages; mend the theme's search."""
        site = Path(config.site_dir)
        sheets = {str(sheet): sheet for sheet in sorted((site / "assets" / "stylesheets").glob("*.css"))}
        sheets |= {f"docs/{self._language}/{css}": site / str(css) for css in config.extra_css}
        texts = [read_source(sheet, file) for file, sheet in sheets.items() if sheet.is_file()]
        write_file(site / scriptless.NAME, scriptless.dark_style(texts))
        mend_search(site)

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., Any]
    ) -> LiveReloadServer:
        """Watch what the chapters are made of; MkDocs watches docs/, which rendering writes."""
        project = self._project
        self._stop = watch([project.templates, project.experiments], lambda _changed: self._render_again())
        return server

    def on_shutdown(self) -> None:
        """End the watch, and let others know that this process writes no more."""
        self._work.close()
        if self._stop is not None:
            self._stop()
            self._stop = None

    def on_build_error(self, *, error: Exception) -> None:
        """Say what the author can mend, without a traceback."""
        if isinstance(error, BifolioError):
            self._place(error)
            log.error(str(error))
            raise Abort("The site was not built.") from error

    def _place(self, error: BifolioError) -> None:
        """Give an error that arose while a page was built the page's file, and count the lines above its text."""
        page = self._page
        if page and error.file is None and page.file.abs_src_path:
            source, text = page.file.content_string, page.markdown or ""
            above = source[: len(source) - len(text)].count("\n") if source.endswith(text) else 0
            error.at(self._project.relative(Path(page.file.abs_src_path)), (error.line or 1) + above)

    def _with_policy(self, page: str) -> str:
        # What `mkdocs serve` puts into a page after us, to reload it, is a script that no digest can foresee.
        return page if self._serves else with_policy(page)

    def _render_again(self) -> None:
        try:
            written = render(self._project, [self._language]).written
        except BifolioError as error:
            log.error(str(error))
        else:
            log.info(f"Rendered: {', '.join(written) or 'nothing changed'}")


def edition(config: MkDocsConfig) -> tuple[Project, str]:
    """Return the report that a configuration belongs to, and the language of the edition in its docs folder."""
    file = Path(config.config_file_path or "mkdocs.yml").resolve()
    project = find_project(file.parent)
    folder = Path(config.docs_dir).resolve()
    for language in project.languages:
        if folder == (project.docs / language).resolve():
            return project, language
    raise ProjectError(
        "docs_dir holds no edition of this report",
        file=project.relative(file),
        found=project.relative(folder),
        expected=" or ".join(f"docs/{language}" for language in project.languages),
    )
