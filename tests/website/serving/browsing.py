"""What the tests of the author's loop do as an author and see as a browser."""

from __future__ import annotations

import http.client
import json
import re
from contextlib import closing
from pathlib import Path

from bifolio.project import Project
from bifolio.website.serving.overlay import Overlay
from bifolio.website.serving.server import Server

REPOSITORY = Path(__file__).parents[3]
LANGUAGES = ("zh", "en", "de")
CHANCE = "templates/pages/chance/en.md"


def add(project: Project, text: str, template: str = CHANCE) -> None:
    file = project.root / template
    file.write_text(file.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")


def html_pages(project: Project) -> dict[str, bytes]:
    """Return the pages of the editions that a Markdown file makes."""
    files = {file.relative_to(project.site).as_posix(): file for one in LANGUAGES for file in site_pages(project, one)}
    return {path: file.read_bytes() for path, file in files.items() if file.name != "404.html"}


def site_pages(project: Project, language: str) -> list[Path]:
    return sorted((project.site / language).rglob("*.html"))


def data(overlay: Overlay, path: str) -> bytes:
    found = overlay.find(path)
    assert found is not None and not found.problem, found
    return found.data


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


class Listener:
    """A browser that has a page open: the events that it was told."""

    def __init__(self, server: Server, page: str) -> None:
        digest = re.search(rb'data-digest="([\w-]+)"', ask(server, page)[2])
        assert digest
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        self._connection.request("GET", f"/_bifolio/events?page={page}&digest={digest[1].decode()}")
        self._stream = self._connection.getresponse()
        assert self._stream.getheader("Content-Type") == "text/event-stream"

    def next(self) -> tuple[str, str]:
        """Return the kind and the data of the next event; "end" when the server closed the stream."""
        kind = ""
        while line := self._stream.readline().decode().rstrip("\n") or self._stream.peek(1):
            name, _, value = str(line).partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                return kind, json.loads(value)
        return "end", ""

    def close(self) -> None:
        self._connection.close()
