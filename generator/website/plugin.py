"""The MkDocs plugin `bifolio`: an edition's chapters are rendered before MkDocs reads its pages."""

from __future__ import annotations

import logging
import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config.base import Config
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, get_plugin_logger

from generator.chapters import render
from generator.errors import BifolioError, ProjectError
from generator.project import Project, find_project
from generator.website.watcher import watch

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

log = get_plugin_logger("bifolio")

_THEME = Path(__file__).parent / "theme"
_NO_DATE = "1980-01-01"  # MkDocs stamps every page with today; a site is the same whenever it is built


class Settings(Config):  # type: ignore[no-untyped-call]
    """None: what the plugin needs stands in pyproject.toml."""


class BifolioPlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]
    """Renders the edition that the configuration's docs folder holds; while serving, whenever its sources change."""

    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None
        self._alternates: list[dict[str, str]] = []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Keep this one object through all the builds of a `mkdocs serve`: MkDocs does if this method is there."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Find the edition, and put our templates before the theme's."""
        self._project, self._language = edition(config)
        if str(_THEME) not in config.theme.dirs:
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(_THEME))
        if self._project.site_url and not config.site_url:
            config.site_url = f"{self._project.site_url.rstrip('/')}/{self._language}/"
        self._alternates = list(config.extra.get("alternate", ()))
        logging.getLogger("jieba").setLevel(logging.WARNING)  # it tells how long its dictionary took
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Render the chapters; while serving the watcher does, so that one save is one build."""
        if self._stop is None:
            render(self._project, [self._language])

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """Take the date from the pages."""
        for file in files.documentation_pages():
            if file.page is not None:
                file.page.update_date = _NO_DATE
        return env

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Let the language switcher, and what tells search engines of the other editions, stay on the page."""
        config.extra["alternate"] = [
            {**alternate, "link": posixpath.join(alternate["link"], page.url)} for alternate in self._alternates
        ]
        return context

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., Any]
    ) -> LiveReloadServer:
        """Watch what the chapters are made of; MkDocs watches docs/, which rendering writes."""
        project = self._project
        self._stop = watch([project.templates, project.experiments], self._render_again)
        return server

    def on_shutdown(self) -> None:
        """End the watch."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def on_build_error(self, *, error: Exception) -> None:
        """Say what the author can mend, without a traceback."""
        if isinstance(error, BifolioError):
            log.error(str(error))
            raise Abort("The site was not built.") from error

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
