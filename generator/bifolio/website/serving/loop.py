"""What happens after a save: pages are rendered and shown, the site is built behind them, what is wrong is told."""

from __future__ import annotations

import gc
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Literal

from bifolio.chapters import render
from bifolio.chapters.composed import Composition
from bifolio.chapters.composition import compose
from bifolio.chapters.writing import grouped
from bifolio.errors import BifolioError
from bifolio.project import DEFAULT_PROFILE, Project, find_project
from bifolio.results.status import status_rows
from bifolio.website.build import stale_editions
from bifolio.website.serving.overlay import Overlay
from bifolio.website.serving.rebuild import Rebuilder, Rebuilt
from bifolio.website.serving.server import Server

PROGRAM = Path(__file__).parents[2]
_NAMED = 4
"""How many pages are named before the others are counted."""

Say = Callable[[str], None]
Source = Literal["chapters", "site"]


class Loop:
    """What happens after a save; `outdated` is set when the program that runs is no longer the one on disk."""

    def __init__(self, project: Project, overlay: Overlay, server: Server, say: Say) -> None:
        self.outdated = threading.Event()
        self._project, self._overlay, self._server = project, overlay, server
        self._say = partial(_if_heard, say)
        self._one_at_a_time = threading.Lock()
        self._problems: dict[Source, str] = {}
        self._stale: list[str] = []
        self._opened: set[str] = set()
        self._program_changed = False
        self._last: Composition | None = None
        """What was rendered last, for as long as nothing but templates changed, as most saves are."""
        self._rebuilder = Rebuilder(project.root, self._built)

    def begin(self) -> None:
        """Render what changed since the last time; what is not built yet is shown as it will be."""
        self._guard(self._begin)

    def saved(self, changed: frozenset[Path]) -> None:
        """Bring what was saved into the open pages, then into the site."""
        self._guard(lambda: self._saved(changed))

    def opened(self, path: str) -> None:
        """Draw once what a page that somebody opened shows, so that the first save of it is as quick as the others."""
        if path not in self._opened:
            self._opened.add(path)
            self._guard(lambda: self._prepare(path))

    def end(self) -> None:
        """End what runs beside."""
        self._rebuilder.end()

    def _guard(self, act: Callable[[], None]) -> None:
        """Let an author's loop outlive whatever went wrong, and tell it."""
        with self._one_at_a_time:
            try:
                act()
            except BifolioError as error:
                self._problem("chapters", str(error))
            except Exception as error:
                traceback.print_exc()
                self._problem("chapters", f"the program failed: {type(error).__name__}: {error}")

    def _begin(self) -> None:
        self._render()
        self._tell_stale()
        stale = stale_editions(self._project)
        if stale:
            self._say(f"building {', '.join(stale)} behind what is shown")
        self._show_everything(stale)

    def _saved(self, changed: frozenset[Path]) -> None:
        names = {self._project.relative(path) for path in changed}
        if not all(path.is_relative_to(self._project.templates) for path in changed):
            self._last = None
        if self._program_changed or any(path.is_relative_to(PROGRAM) for path in changed):
            self._say("the program changed: building everything, then starting anew")
            self._program_changed = True
            self._rebuilder.ask(self._overlay.now, render=True)
            return
        if any(map(_is_setting, names)):
            self._settings_changed(sorted(names))
            return
        if not self._render():
            self._show_everything(stale_editions(self._project))  # the theme's own words, say
        if any(name.startswith("experiments/") for name in names):
            self._tell_stale()

    def _settings_changed(self, names: Iterable[str]) -> None:
        self._say(f"the settings changed ({', '.join(names)}): building everything")
        self._project = find_project(self._project.root)
        self._render()
        self._show_everything(self._project.languages)

    def _prepare(self, path: str) -> None:
        source = self._overlay.source(path)
        if source:
            page = source.removesuffix(".md")
            compose(self._project, [source.partition("/")[0]], again={page}, since=self._last).keep()
            self._overlay.prepare(path)

    def _show_everything(self, languages: Sequence[str]) -> None:
        if not languages:
            return
        built = [language for language in languages if (self._project.site / language).is_dir()]
        self._overlay.change_everything(self._project, built)
        self._server.tell()
        self._rebuilder.ask(self._overlay.now)

    def _render(self) -> bool:
        """Render the chapters that changed, and show them; return whether there is something new, if only an error."""
        began = time.perf_counter()
        try:
            rendering = render(self._project, since=self._last, shown=lambda changed: self._show(changed, began))
        except BifolioError as error:
            self._problem("chapters", str(error))
            return True
        harmed = (*rendering.kept, *rendering.left_out)
        if self._last is None:
            # The evidence stays: looking through it for garbage takes as long as rendering a page. What was read before
            # it goes.
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        self._last = None if harmed else rendering.composition
        for line in rendering.redrawn:
            self._say(line)
        self._problem("chapters", "\n\n".join(grouped(harmed)))
        return bool(rendering.written or rendering.removed)

    def _show(self, changed: tuple[str, ...], began: float) -> None:
        """Show what was rendered at once; the rest of what a rendering does, and the site, can wait."""
        if changed:
            self._overlay.change(changed)
            self._server.tell()
            self._rebuilder.ask(self._overlay.now)
            pages = [path for path in changed if path.endswith(".md")]
            named = [*pages[:_NAMED], *([f"{len(pages) - _NAMED} more"] if len(pages) > _NAMED else [])]
            self._say(f"rendered {', '.join(named) or 'files'} in {time.perf_counter() - began:.2f} s")

    def _built(self, rebuilt: Rebuilt) -> None:
        """Show what was built; a program that changed, and still builds, starts anew."""
        if not rebuilt.problem:
            self._overlay.built(rebuilt.number)
            for line in rebuilt.lines:
                if line.endswith("built"):
                    self._say(line)
        self._problem("site", rebuilt.problem)
        if self._program_changed and not rebuilt.problem:
            self.outdated.set()

    def _problem(self, source: Source, problem: str) -> None:
        """Tell the author, in the terminal and over the open pages, what has to be mended; nothing means mended."""
        before = self._problems.get(source, "")
        self._problems[source] = problem
        if problem and problem != before:
            self._say(problem)
        if before and not problem:
            self._say("mended")
        self._server.tell("\n\n".join(dict.fromkeys(filter(None, self._problems.values()))))

    def _tell_stale(self) -> None:
        """Say which experiments' results are not worth what the code says now; nothing is run."""
        try:
            rows = status_rows(os.fspath(self._project.root), (), None)
        except BifolioError:
            return  # rendering has told it
        stale = [
            f"{row['experiment']} is {row['state']} at profile {row['profile']}: {row['reason']}"
            for row in rows
            if row["state"] in ("stale", "broken") or (row["state"] == "missing" and row["profile"] == DEFAULT_PROFILE)
        ]
        for line in stale:
            if line not in self._stale:
                self._say(line if " is broken " in line else f"{line}; `bifolio run` measures it")
        self._stale = stale


def _if_heard(say: Say, line: str) -> None:
    """Say a line, unless who reads them has gone or their disk is full: the open pages tell what is wrong, too."""
    with suppress(OSError):
        say(line)


def _is_setting(name: str) -> bool:
    """Tell whether the whole site depends on a file: on the settings, or on the words around every page."""
    return name.endswith((".toml", ".yml")) and ("/" not in name or name.startswith("templates/words."))
