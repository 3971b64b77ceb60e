"""How the shown site is served; what the browsers that have it open are told."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import threading
from contextlib import closing

import pytest
from bifolio.chapters import render
from bifolio.errors import UsageError
from bifolio.project import Project
from bifolio.website.build import build_site
from bifolio.website.serving import open_server
from bifolio.website.serving.overlay import Overlay
from bifolio.website.serving.server import Server, clean_path

from tests.website.serving.browsing import Listener, add, ask


def test_pages_and_files_come_with_their_types_and_are_asked_for_each_time(served: Server) -> None:
    status, headers, body = ask(served, "/en/chance.html")
    assert status == 200 and headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache" and headers["X-Content-Type-Options"] == "nosniff"
    assert body.count(b'src="/_bifolio/live.js"') == 1 and b'data-page="/en/chance.html"' in body
    assert b"live.js" not in (served.overlay._project.site / "en" / "chance.html").read_bytes()
    assert ask(served, "/en/chance.html", If_None_Match=headers["ETag"])[::2] == (304, b"")
    assert ask(served, "/en/chance.html", method="HEAD")[::2] == (200, b"")
    (bundle,) = (served.overlay._project.site / "en" / "assets" / "javascripts").glob("bundle.*.min.js")
    assert "immutable" in ask(served, f"/en/assets/javascripts/{bundle.name}")[1]["Cache-Control"]
    assert ask(served, "/en/assets/javascripts/bundle.00000000.min.js")[1]["Cache-Control"] == "no-cache"
    for path, kind in (
        ("/en/assets/bifolio/bifolio.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/en/search/search_index.json", "application/json"),
        ("/_bifolio/live.js", "text/javascript; charset=utf-8"),
        ("/_bifolio/live.css", "text/css; charset=utf-8"),
    ):
        status, headers, body = ask(served, path)
        assert (status, headers["Content-Type"], bool(body)) == (200, kind, True), path


def test_a_folder_leads_to_its_page_and_a_lost_reader_to_the_editions(served: Server) -> None:
    status, headers, _ = ask(served, "/en")
    assert (status, headers["Location"]) == (302, "/en/")
    folder, page = (re.sub(rb'data-page="[^"]*"', b"", ask(served, path)[2]) for path in ("/en/", "/en/index.html"))
    assert folder == page and b"data-digest" in page
    assert ask(served, "/")[0] == 200
    for path in ("/en/absent.html", "/absent", "/absent/deep/", "/_bifolio/absent.js"):
        assert ask(served, path)[0] == 404, path
    assert b"live.js" in ask(served, "/en/absent.html")[2], "it may be there after the next save"
    assert ask(served, "//evil.example")[0] == 404 and ask(served, "//en")[1]["Location"] == "/en/"


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/%2e%2e/pyproject.toml",
        "/en/../../pyproject.toml",
        "/en/%2e%2e/%2E%2E/pyproject.toml",
        "/en/..%2f..%2fpyproject.toml",
        "/..%5cpyproject.toml",
        "/%252e%252e/pyproject.toml",
        "/en//../../pyproject.toml",
        "/%00",
        "/%ff",
        "/C:/pyproject.toml",
        "/outside.txt",
        "/folder/pyproject.toml",
        "http://127.0.0.1/../pyproject.toml",
    ],
)
def test_nothing_outside_the_site_is_served(served: Server, project: Project, path: str) -> None:
    (project.site / "outside.txt").symlink_to(project.root / "pyproject.toml")
    (project.site / "folder").symlink_to(project.root, target_is_directory=True)
    status, _, body = ask(served, path)
    assert status == 404 and b"tool.bifolio" not in body


def test_no_path_is_cleaned_into_another() -> None:
    assert clean_path("/en/a%20b.html") == "en/a b.html"
    assert clean_path("/") == clean_path("") == ""
    assert clean_path("/en/") == "en/"
    for address in ("//en", "/en//a", "/en/./a", "/.."):
        assert clean_path(address) is None, address


def test_only_reading_and_only_under_an_own_name(served: Server) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(served, "/", method=method)[0] == 501
    for host in ("evil.example", f"evil.example:{served.port}", "127.0.0.1.evil.example", ""):
        status, _, body = ask(served, "/", Host=host)
        assert status == 421 and b"<html" not in body, host
        assert ask(served, "/_bifolio/events?page=/&digest=", Host=host)[0] == 421, host
    for host in ("localhost", f"localhost:{served.port}", "127.0.0.1", f"[::1]:{served.port}"):
        assert ask(served, "/", Host=host)[0] == 200, host


def test_addresses_of_the_published_site_lead_to_the_same_pages_here(project: Project) -> None:
    server = open_server(Overlay(project), "127.0.0.1", 0, prefix="/report")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    status, headers, _ = ask(server, "/report/en/chance.html")
    assert (status, headers["Location"]) == (302, "/en/chance.html")
    assert ask(server, "/report//evil.example")[1]["Location"] == "/evil.example"
    server.end()


def test_before_anything_is_built_the_page_waits(project: Project) -> None:
    shutil.rmtree(project.site)
    server = open_server(Overlay(project), "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    status, _, body = ask(server, "/en/chance.html")
    assert status == 503 and b"live.js" in body
    server.end()


def test_a_taken_port_is_told_and_the_next_one_found(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        with pytest.raises(UsageError) as caught:
            open_server(Overlay(project), "127.0.0.1", port)
        assert str(caught.value) == (
            f"somebody else serves there\n  found:    port {port}\n  expected: another one: --port NUMBER"
        )
        monkeypatch.setattr("bifolio.website.serving.DEFAULT_PORT", port)
        with closing(open_server(Overlay(project), "127.0.0.1", None).socket) as found:
            assert port < found.getsockname()[1] < port + 20
    with pytest.raises(UsageError, match="the site cannot be served there"):
        open_server(Overlay(project), "192.0.2.1", 0)


def test_a_page_is_told_once_and_only_if_it_looks_different(served: Server, project: Project) -> None:
    chance, letters = Listener(served, "/en/chance.html"), Listener(served, "/en/letters.html")
    add(project, "A new sentence.")
    served.overlay.change(render(project).written)
    served.tell()
    assert [chance.next(), chance.next()] == [("change", "text"), ("end", "")]
    again = Listener(served, "/en/chance.html")
    build_site(project)
    served.overlay.built(served.overlay.now)
    served.tell("the end of the test")
    assert again.next() == ("problem", "the end of the test"), "the built page looks like the one shown before"
    assert letters.next() == ("problem", "the end of the test")
    chance.close(), again.close(), letters.close()


def test_a_problem_is_told_to_all_and_to_who_comes_later_until_it_is_mended(served: Server) -> None:
    early = Listener(served, "/zh/index.html")
    served.tell("<b>broken</b>\nline two")
    late = Listener(served, "/en/index.html")
    for listener in (early, late):
        assert listener.next() == ("problem", "<b>broken</b>\nline two")
    served.tell("")
    for listener in (early, late):
        assert listener.next() == ("problem", "")
        listener.close()


def test_who_comes_back_after_a_change_is_told(served: Server, project: Project) -> None:
    digest = re.search(rb'data-digest="([\w-]+)"', ask(served, "/en/chance.html")[2])
    assert digest
    add(project, "While nobody listened.")
    served.overlay.change(render(project).written)
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)) as connection:
        connection.request("GET", f"/_bifolio/events?page=/en/chance.html&digest={digest[1].decode()}")
        assert b"event: change" in connection.getresponse().read()
