"""The author's loop without a browser: what is shown, how it is served, what a save leads to, and how it ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.errors import UsageError
from bifolio.project import Project, find_project
from bifolio.website.build import build_site, stale_editions
from bifolio.website.serving import open_server, places
from bifolio.website.serving import rebuild as rebuilding
from bifolio.website.serving.loop import Loop
from bifolio.website.serving.overlay import Overlay
from bifolio.website.serving.rebuild import Rebuilder, Rebuilt
from bifolio.website.serving.server import Server, clean_path

REPOSITORY = Path(__file__).parents[2]
LANGUAGES = ("zh", "en", "de")
CHANCE = "templates/pages/chance/en.md"


@pytest.fixture(scope="module")
def built(configured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report with a finished site; nobody writes into it."""
    folder = tmp_path_factory.mktemp("served") / "tiny"
    shutil.copytree(configured, folder)
    render(find_project(folder))
    build_site(find_project(folder))
    return folder


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


# What is shown.


def test_a_page_made_at_once_is_the_built_one_to_the_byte(project: Project) -> None:
    pages = html_pages(project)
    assert len(pages) == 3 * 8
    shutil.rmtree(project.site / "en" / "evidence")  # what is shown below was made, not read
    overlay = Overlay(project)
    overlay.change_everything(project, LANGUAGES)
    assert {path for path, built in pages.items() if data(overlay, path) != built} == set()


def test_a_save_is_shown_as_the_next_build_will_show_it(project: Project) -> None:
    overlay = Overlay(project)
    assert b"A new sentence" not in data(overlay, "en/chance.html")
    add(project, "A new sentence, with $x^2$ and a [link](letters.md).")
    overlay.change(render(project).written)
    page = data(overlay, "en/chance.html")
    assert b"A new sentence" in page and b'href="letters.html"' in page and b'class="katex' in page
    build_site(project)
    assert (project.site / "en" / "chance.html").read_bytes() == page


def test_a_new_title_reaches_the_menus(project: Project) -> None:
    overlay = Overlay(project)
    overlay.change_everything(project, ["en"])
    data(overlay, "en/index.html")
    file = project.root / CHANCE
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^# .*?( \{)", r"# A *new* title\1", text, count=1, flags=re.MULTILINE), encoding="utf-8")
    overlay.change(render(project).written)
    index = data(overlay, "en/index.html")
    assert b"A new title" in index
    build_site(project)
    assert (project.site / "en" / "index.html").read_bytes() == index


def test_what_was_built_takes_the_place_of_what_was_made(project: Project) -> None:
    overlay = Overlay(project)
    add(project, "First.")
    overlay.change(render(project).written)
    begun = overlay.now
    add(project, "Second.", "templates/pages/letters/en.md")
    overlay.change(render(project).written)
    for name in ("chance", "letters"):
        (project.site / "en" / f"{name}.html").write_bytes(b"built")
    overlay.built(begun)
    assert data(overlay, "en/chance.html") == b"built"
    assert b"Second." in data(overlay, "en/letters.html"), "the build began before it was saved"
    overlay.built(overlay.now)
    assert data(overlay, "en/letters.html") == b"built"


def test_a_page_that_is_gone_or_new(project: Project) -> None:
    overlay = Overlay(project)
    overlay.change_everything(project, ["en"])
    data(overlay, "en/index.html")
    (project.docs / "en" / "letters.md").unlink()
    (project.docs / "en" / "fresh.md").write_text("# Fresh\n", encoding="utf-8")
    overlay.change(["en/letters.md", "en/fresh.md"])
    assert b"Fresh" in data(overlay, "en/fresh.html")


def test_a_picture_that_changed_changes_what_its_page_is_worth(project: Project) -> None:
    overlay = Overlay(project)
    picture = next((project.docs / "en" / "figures").rglob("*.svg"))
    path = picture.relative_to(project.docs).as_posix()
    pages = {page: data(overlay, page) for page in html_pages(project) if page.startswith("en/")}
    before = {page: overlay.digest(page, html) for page, html in pages.items()}
    assert before == {page: overlay.digest(page, html) for page, html in pages.items()}
    picture.write_bytes(b"<svg/>")
    overlay.change([path])
    assert data(overlay, path) == b"<svg/>"
    changed = {page for page, html in pages.items() if overlay.digest(page, html) != before[page]}
    assert changed == {page for page, html in pages.items() if picture.name.encode() in html} and changed
    (project.site / path).write_bytes(b"<svg/>")
    overlay.built(overlay.now)
    assert all(overlay.digest(page, html) != before[page] for page, html in pages.items() if page in changed)


def test_an_authors_picture_is_shown_at_once_and_again_when_it_is_another(project: Project) -> None:
    overlay, picture = Overlay(project), project.root / "templates/pages/chance/wheel.svg"
    picture.write_bytes(b"<svg>1</svg>")
    add(project, "![A wheel](wheel.svg)")
    overlay.change(render(project).written)
    page = data(overlay, "en/chance.html")
    assert b'src="pictures/chance/wheel.svg"' in page
    assert data(overlay, "en/pictures/chance/wheel.svg") == b"<svg>1</svg>"
    before = overlay.digest("en/chance.html", page)
    picture.write_bytes(b"<svg>2</svg>")
    overlay.change(render(project).written)
    assert data(overlay, "en/pictures/chance/wheel.svg") == b"<svg>2</svg>"
    assert data(overlay, "en/chance.html") == page and overlay.digest("en/chance.html", page) != before
    build_site(project)
    assert (project.site / "en" / "chance.html").read_bytes() == page


def test_a_page_that_cannot_be_made_is_shown_as_it_was_built_with_the_reason(project: Project) -> None:
    overlay = Overlay(project)
    page = project.docs / "en" / "chance.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n$\\nonsense$\n", encoding="utf-8")
    line = len(page.read_text(encoding="utf-8").splitlines())
    overlay.change(["en/chance.md"])
    found = overlay.find("en/chance.html")
    assert found is not None and found.data == (project.site / "en" / "chance.html").read_bytes()
    assert found.problem.startswith(f"docs/en/chance.md:{line}: ") and "nonsense" in found.problem


# How it is served.


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


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


# What browsers are told.


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


# What a save leads to.


class Said(list[str]):
    """What the terminal showed."""

    def text(self) -> str:
        return "\n".join(self)


@pytest.fixture
def loop(served: Server, project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Loop, Said, list[str]]]:
    """Return a loop, what it says, and the builds it asks for, which are not done."""
    asked: list[str] = []
    monkeypatch.setattr(
        Rebuilder, "ask", lambda self, number, render=False: asked.append(f"{number}{' render' if render else ''}")
    )
    said = Said()
    made = Loop(project, served.overlay, served, said.append)
    yield made, said, asked
    made.end()


def test_a_saved_chapter_is_rendered_shown_and_built(
    loop: tuple[Loop, Said, list[str]], served: Server, project: Project
) -> None:
    made, said, asked = loop
    made.begin()
    assert (said, asked) == ([], []), "everything is as it should be"
    add(project, "A new sentence.")
    made.saved(frozenset({project.root / CHANCE}))
    assert re.fullmatch(r"rendered en/chance\.md in \d+\.\d\d s", said.text())
    assert asked == ["1"] and b"A new sentence" in data(served.overlay, "en/chance.html")
    made.saved(frozenset({project.root / CHANCE}))
    assert len(said) == 1 and asked == ["1", "2"], "nothing to render, yet the site is not built"


def test_an_error_is_told_in_the_terminal_and_in_the_browser_until_it_is_mended(
    loop: tuple[Loop, Said, list[str]], served: Server, project: Project
) -> None:
    made, said, _ = loop
    good = (project.root / CHANCE).read_text(encoding="utf-8")
    line = len(good.splitlines()) + 2
    listener = Listener(served, "/zh/index.html")
    add(project, "{{ dice.fair.meen }}")
    made.saved(frozenset({project.root / CHANCE}))
    kind, problem = listener.next()
    assert kind == "problem" and problem == said.text()
    assert problem.startswith(f"{CHANCE}:{line}: there is no such name in the results of dice\n  found:    meen\n")
    assert problem.endswith("\n  nearest:  mean")
    (project.root / CHANCE).write_text(good, encoding="utf-8")
    made.saved(frozenset({project.root / CHANCE}))
    assert listener.next() == ("problem", "") and said[-1] == "mended"
    listener.close()


def test_an_error_of_the_build_is_told_too(loop: tuple[Loop, Said, list[str]], served: Server) -> None:
    made, said, _ = loop
    made._built(Rebuilt(0, "mkdocs.yml: a warning", ()))
    assert served.problem == "mkdocs.yml: a warning" == said.text()
    made._built(Rebuilt(0, "", ("site/zh: 6 pages, built", "site/en: 6 pages, unchanged")))
    assert served.problem == "" and said[1:] == ["site/zh: 6 pages, built", "mended"]


def test_new_settings_are_read_and_everything_is_built(
    loop: tuple[Loop, Said, list[str]], served: Server, project: Project
) -> None:
    made, said, asked = loop
    settings = project.root / "mkdocs.en.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("site_name:", "copyright: Ours\nsite_name:"), "utf-8"
    )
    made.saved(frozenset({settings}))
    assert said[0] == "the settings changed (mkdocs.en.yml): building everything" and asked == ["1"]
    assert b"Ours" in data(served.overlay, "en/chance.html")
    (project.root / "pyproject.toml").write_text("[tool.bifolio", encoding="utf-8")
    made.saved(frozenset({project.root / "pyproject.toml"}))
    assert "not valid TOML" in served.problem


def test_what_the_program_does_wrong_does_not_end_the_loop(
    loop: tuple[Loop, Said, list[str]],
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made, said, _ = loop

    def fail(project: Project) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bifolio.website.serving.loop.render", fail)
    made.saved(frozenset({project.root / CHANCE}))
    assert said == ["the program failed: RuntimeError: a bug"] and "Traceback" in capsys.readouterr().err


def test_stale_experiments_are_named_and_not_run(
    loop: tuple[Loop, Said, list[str]], project: Project, measured_tiny: Path
) -> None:
    made, said, _ = loop
    results = {file: file.read_bytes() for file in (project.experiments / "results").rglob("*.json")}
    code = project.experiments / "dice.py"
    code.write_text(code.read_text(encoding="utf-8") + "\n\ndef more() -> int:\n    return 1\n", encoding="utf-8")
    for _ in range(2):
        made.saved(frozenset({code}))
    stale = [line for line in said if "stale" in line]
    assert stale == ["dice is stale at profile cpu: code of experiments.dice changed; `bifolio run` measures it"]
    assert results == {file: file.read_bytes() for file in (project.experiments / "results").rglob("*.json")}


def test_a_changed_program_is_built_with_and_then_started_anew(
    loop: tuple[Loop, Said, list[str]], project: Project
) -> None:
    made, _, asked = loop
    made.saved(frozenset({REPOSITORY / "generator" / "bifolio" / "palette.py"}))
    assert asked == ["0 render"] and not made.outdated.is_set()
    made._built(Rebuilt(0, "the new program is broken", ()))
    assert not made.outdated.is_set()
    made._built(Rebuilt(0, "", ()))
    assert made.outdated.is_set()


def test_the_program_is_watched_where_it_is_the_report_s_own(project: Project) -> None:
    own = find_project(REPOSITORY)
    assert REPOSITORY / "generator" / "bifolio" in places(own)
    assert not [place for place in places(project) if place.is_relative_to(REPOSITORY)]


# The build behind.


def test_a_build_is_a_process_that_says_how_it_ended(project: Project) -> None:
    ended: list[Rebuilt] = []
    done = threading.Event()
    rebuilder = Rebuilder(project.root, lambda rebuilt: (ended.append(rebuilt), done.set())[0])
    add(project, "[nowhere](absent.md)")
    render(project)
    rebuilder.ask(1)
    assert done.wait(60)
    done.clear()
    assert "contains a link 'absent.md'" in ended[0].problem and ended[0].number == 1
    (project.root / CHANCE).write_text(
        (REPOSITORY / "tests/tiny_report" / CHANCE).read_text("utf-8") + "\nx\n", "utf-8"
    )
    rebuilder.ask(2, render=True)
    assert done.wait(60)
    assert (ended[1].number, ended[1].problem) == (2, "") and ended[1].lines[1] == "site/en: 8 pages, built"
    assert stale_editions(project) == []
    rebuilder.end()


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[str]]]:
    """Let a build be a process that waits for a file, and return the processes."""
    started: list[subprocess.Popen[str]] = []
    script = (
        "import json, pathlib, sys, time\n"
        "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
        "print(json.dumps({'problem': sys.argv[2], 'lines': []}))"
    )

    def start(root: Path, render: bool) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script, str(tmp_path / "go"), "broken" if len(started) % 2 == 0 else ""]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    monkeypatch.setattr(rebuilding, "_start", start)
    yield started
    for process in started:
        process.kill()


def test_builds_asked_for_meanwhile_become_one_and_a_superseded_error_is_not_told(
    slow: list[subprocess.Popen[str]], tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    ended: list[Rebuilt] = []
    rebuilder = Rebuilder(tmp_path, ended.append)
    rebuilder.ask(1)
    wait_for(lambda: len(slow) == 1)
    for number in (2, 3, 4):
        rebuilder.ask(number)
    time.sleep(0.2)
    assert len(slow) == 1, "never two at once"
    (tmp_path / "go").touch()
    wait_for(lambda: bool(ended))
    assert ended == [Rebuilt(4, "", ())] and len(slow) == 2
    rebuilder.end()


def test_the_end_ends_a_build(slow: list[subprocess.Popen[str]], tmp_path: Path, wait_for: Callable[..., None]) -> None:
    ended: list[Rebuilt] = []
    rebuilder = Rebuilder(tmp_path, ended.append)
    rebuilder.ask(1)
    wait_for(lambda: len(slow) == 1)
    rebuilder.end()
    assert slow[0].poll() is not None and ended == []


def test_a_build_that_dies_is_told_with_its_last_words() -> None:
    rebuilt = rebuilding._read(7, "", "Traceback\nMemoryError")
    assert rebuilt == Rebuilt(7, "the site cannot be built\nTraceback\nMemoryError", ())


# The verb.


class Process:
    """A real `bifolio serve`: what it prints, line by line."""

    def __init__(self, project: Project, *arguments: str) -> None:
        self.started = subprocess.Popen(
            [sys.executable, "-m", "bifolio", "serve", *arguments],
            cwd=project.root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.started.stdout is not None
        with self.started.stdout as stream:
            for line in stream:
                self.lines.append(line.rstrip("\n"))

    def says(self, start: str) -> bool:
        return any(line.startswith(start) for line in self.lines)

    @property
    def port(self) -> int:
        return int(next(re.findall(r":(\d+)/", line)[0] for line in self.lines if line.startswith("serving ")))

    def page(self, path: str) -> str:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path)
            return connection.getresponse().read().decode()

    def end(self, number: int = signal.SIGINT) -> int:
        self.started.send_signal(number)
        status = self.started.wait(30)
        self._reader.join(10)
        return status


@pytest.fixture
def start(project: Project) -> Iterator[Callable[..., Process]]:
    processes: list[Process] = []

    def begin(*arguments: str) -> Process:
        processes.append(Process(project, *arguments))
        return processes[-1]

    yield begin
    for process in processes:
        if process.started.poll() is None:
            os.killpg(process.started.pid, signal.SIGKILL)
            process.started.wait()


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] + [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        if task.name != str(pid)
        for child in (task / "children").read_text().split()
    ]


def test_from_save_to_page_and_to_the_built_site(
    start: Callable[..., Process], project: Project, wait_for: Callable[..., None]
) -> None:
    process = start("--port", "0")
    wait_for(lambda: process.says("serving zh, en, de at http://127.0.0.1:"), 60)
    time.sleep(1.0)  # the watch begins a moment later
    add(project, "A sentence from an editor.")
    wait_for(lambda: "A sentence from an editor." in process.page("/en/chance.html"), 30)
    wait_for(lambda: process.says("site/en: 8 pages, built"), 60)
    assert "A sentence from an editor." in (project.site / "en" / "chance.html").read_text(encoding="utf-8")
    assert process.end() == 0
    assert not [line for line in process.lines if "Traceback" in line or "rror" in line], process.lines


@pytest.mark.skipif(sys.platform != "linux", reason="reads the processes of the machine from /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_amid_a_build_and_starts_again_right_away(
    start: Callable[..., Process], project: Project, wait_for: Callable[..., None], number: int
) -> None:
    add(project, "Something to build.")
    first = start("--port", "0")
    wait_for(lambda: first.says("building "), 60)
    wait_for(lambda: bool(children(first.started.pid)), 30)
    building = children(first.started.pid)
    port = first.port
    assert "Something to build." in first.page("/en/chance.html"), "shown while it is built"
    assert first.end(number) == 0
    assert not [pid for pid in building if Path(f"/proc/{pid}/cmdline").exists() and b"rebuild" in cmdline(pid)]
    assert "Traceback" not in "\n".join(first.lines)
    assert not list(project.cache.glob("site-*"))
    second = start("--port", str(port))
    wait_for(lambda: second.says(f"serving zh, en, de at http://127.0.0.1:{port}/"), 60)
    third = start("--port", str(port))
    assert third.started.wait(60) == 2
    wait_for(lambda: third.says("somebody else serves there"), 10)
    assert second.end() == 0


def cmdline(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_mkdocs_serve_builds_once_a_save(project: Project, wait_for: Callable[..., None], tmp_path: Path) -> None:
    """Plain MkDocs with our plugin: it renders what was saved, and does not build for ever."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--livereload", "-f", "mkdocs.en.yml", "-a", f"127.0.0.1:{port}"],
            cwd=project.root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "NO_MKDOCS_2_WARNING": "1"},
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        wait_for(lambda: "Serving on" in log.read_text(), 60)
        built = log.read_text().count("Documentation built")
        time.sleep(1.0)
        add(project, "A sentence for MkDocs.")
        wait_for(lambda: log.read_text().count("Documentation built") == built + 1, 60)
        time.sleep(3.0)
        assert log.read_text().count("Documentation built") == built + 1, log.read_text()
        assert "Rendered: en/chance.md" in log.read_text()
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
