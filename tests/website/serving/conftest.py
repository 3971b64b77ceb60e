"""The tiny report with a finished site, and a server for it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.project import Project, find_project
from bifolio.website.build import build_site
from bifolio.website.serving import open_server
from bifolio.website.serving.overlay import Overlay
from bifolio.website.serving.server import Server

from tests.conftest import MadeOnce


@pytest.fixture(scope="session")
def built(configured: Path, made_once: MadeOnce) -> Path:
    """Return a report with a finished site; nobody writes into it."""

    def fill(folder: Path) -> None:
        shutil.copytree(configured, folder)
        render(find_project(folder))
        build_site(find_project(folder))

    return made_once("built/tiny", fill)


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    """Return a report with a finished site, of the test's own."""
    shutil.copytree(built, tmp_path / "tiny")
    return find_project(tmp_path / "tiny")


@pytest.fixture
def served(project: Project) -> Iterator[Server]:
    server = open_server(Overlay(project), "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.end()
