"""The author's loop: what is saved stands in the open page at once, and the site is built again behind it."""

from __future__ import annotations

import errno
import signal
import threading
from pathlib import Path
from urllib.parse import urlsplit

from bifolio.errors import UsageError
from bifolio.project import Project
from bifolio.website.serving.loop import PROGRAM, Loop, Say
from bifolio.website.serving.overlay import Overlay
from bifolio.website.serving.server import Server
from bifolio.website.watcher import watch

DEFAULT_PORT = 8000
_PORTS = 20
"""How many ports are tried when none was asked for."""


def serve(project: Project, host: str, port: int | None, say: Say, *, open_browser: bool = False) -> int:
    """Serve both editions until Ctrl-C, which is raised as KeyboardInterrupt.

    Return the port when the program itself was changed: whoever called starts it anew. Raises UsageError for an address
    that cannot be had.
    """
    overlay = Overlay(project)
    server = open_server(overlay, host, port, prefix=urlsplit(project.site_url).path.rstrip("/"))
    loop = Loop(project, overlay, server, say)
    server.opened = loop.opened
    threading.Thread(target=server.serve_forever, name="bifolio-server", daemon=True).start()
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # not every system has both
            signal.signal(getattr(signal, name), _interrupt)
    try:
        say(f"serving {', '.join(project.languages)} at {server.url} (Ctrl-C ends it)")
        if open_browser:
            import webbrowser

            webbrowser.open(server.url)
        stop = watch(places(project), loop.saved)
        try:
            loop.begin()
            loop.outdated.wait()
        finally:
            stop()
    finally:
        loop.end()
        server.end()
        overlay.close()
    return server.port


def open_server(overlay: Overlay, host: str, port: int | None, *, prefix: str = "") -> Server:
    """Return a server at a port, the first free one if none is given; raise UsageError where there is none."""
    ports = range(DEFAULT_PORT, DEFAULT_PORT + _PORTS) if port is None else (port,)
    for number in ports:
        try:
            return Server(overlay, host, number, prefix)
        except OverflowError:
            raise UsageError("there is no such port", found=number, expected="0 to 65535") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = error.strerror or str(error)
                raise UsageError(f"the site cannot be served there: {reason}", found=f"{host}:{number}") from None
    found = f"port {ports[0]}" if port is not None else f"ports {ports[0]} to {ports[-1]}"
    raise UsageError("somebody else serves there", found=found, expected="another one: --port NUMBER")


def places(project: Project) -> list[Path]:
    """Return what is watched: what authors write, and the program where it lies in the report's own folder."""
    root = project.root
    settings = [root / name for name in ("pyproject.toml", "mkdocs*.yml", "references.bib")]
    program = [PROGRAM] if PROGRAM.is_relative_to(root) and not _is_installed() else []
    return [project.templates, project.experiments, *settings, *program]


def _is_installed() -> bool:
    return "site-packages" in PROGRAM.parts


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
