"""What a save leads to: in the terminal, in the browser, in the site."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from bifolio.project import Project, find_project
from bifolio.provenance.declaration import RunName
from bifolio.results.store import encode_data, read_checked, result_path
from bifolio.website.serving import places
from bifolio.website.serving.loop import Loop
from bifolio.website.serving.rebuild import Rebuilder, Rebuilt
from bifolio.website.serving.server import Server

from tests.website.serving.browsing import CHANCE, REPOSITORY, Listener, add, data


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


def test_a_terminal_that_has_gone_ends_nothing(
    served: Server, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(line: str) -> None:
        raise BrokenPipeError

    made = Loop(project, served.overlay, served, gone)
    try:
        made.begin()
        add(project, "{{ dice.fair.meen }}")
        made.saved(frozenset({project.root / CHANCE}))
        made._built(Rebuilt(1, "the site cannot be built", ()))
    finally:
        made.end()
    assert capsys.readouterr().err == ""


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
    assert "no valid TOML" in served.problem


def test_what_the_program_does_wrong_does_not_end_the_loop(
    loop: tuple[Loop, Said, list[str]],
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made, said, _ = loop

    def fail(*_: object, **__: object) -> None:
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


def test_new_results_are_shown_after_saves_that_did_not_ask_for_them(
    loop: tuple[Loop, Said, list[str]], served: Server, project: Project
) -> None:
    made, _, _ = loop
    made.begin()
    add(project, "It came to {{ dice.fair.mean }}.")
    made.saved(frozenset({project.root / CHANCE}))
    result = result_path(project, RunName("dice", "cpu", "fair", 0))
    stored = read_checked(result, "a result")
    before = data(served.overlay, "en/chance.html")
    stored["values"]["mean"]["number"] = 77.125
    result.write_bytes(encode_data(stored))
    made.saved(frozenset({project.root / CHANCE}))
    assert data(served.overlay, "en/chance.html") == before, "nothing told that a result changed"
    made.saved(frozenset({result}))
    assert data(served.overlay, "en/chance.html") != before


def test_evidence_that_was_read_again_is_forgotten(loop: tuple[Loop, Said, list[str]], project: Project) -> None:
    made, _, _ = loop
    made.begin()
    assert made._last is not None
    first = weakref.ref(made._last.catalogue)
    for _ in range(2):
        made.saved(frozenset({result_path(project, RunName("dice", "cpu", "fair", 0))}))
    assert first() is None, "results that come while a report is served would fill the memory"
