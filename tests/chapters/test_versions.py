"""Other versions of the libraries that draw: noticed with a cache and without, drawn anew, and said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib import metadata

import pytest
from bifolio.chapters import render
from bifolio.check import check
from bifolio.cli import main
from bifolio.errors import ChapterError
from bifolio.project import Project

DRAWS = "vl-convert-python"
INSTALLED = metadata.version(DRAWS)


def snapshot(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in project.docs.rglob("*") if path.is_file()}


@pytest.mark.parametrize("cached", [True, False], ids=["cache", "no cache"])
@pytest.mark.parametrize("version", ["0.9", "99.1.post1"], ids=["older", "newer"])
def test_what_another_library_drew_is_drawn_anew_and_said(
    edited: Project, install: Callable[..., None], cached: bool, version: str
) -> None:
    render(edited)
    before = snapshot(edited)
    drawings = sorted(path for path in before if path.endswith(".svg"))

    def rendered() -> tuple[tuple[str, ...], tuple[str, ...]]:
        if not cached:
            shutil.rmtree(edited.cache)
        rendering = render(edited)
        return rendering.written, rendering.redrawn

    install(vl_convert_python=version)
    written, said = rendered()
    assert sorted(str(edited.docs / path) for path in written) == [one for one in drawings if "assets" not in one]
    assert said == (f"{len(written)} drawings made anew: {DRAWS} {INSTALLED} -> {version}",)
    assert rendered() == ((), ())
    install()
    assert rendered() == (written, (f"{len(written)} drawings made anew: {DRAWS} {version} -> {INSTALLED}",))
    assert snapshot(edited) == before


@pytest.mark.parametrize("cached", [True, False], ids=["cache", "no cache"])
def test_check_finds_the_same_with_a_cache_and_without(
    edited: Project, install: Callable[..., None], cached: bool
) -> None:
    render(edited)
    rules = {finding.rule for finding in check(edited)}
    install(vl_convert_python="99.1")
    if not cached:
        shutil.rmtree(edited.cache)
    found = [finding for finding in check(edited) if finding.rule == "outdated-docs"]
    assert "outdated-docs" not in rules and len(found) == len(list(edited.docs.glob("*/figures/**/*.svg")))
    assert all("vl-convert-python/99.1" in finding.expected for finding in found)


def test_a_library_that_decides_no_drawing_has_the_pages_made_again_to_the_same_bytes(
    edited: Project, install: Callable[..., None]
) -> None:
    render(edited)
    before = snapshot(edited)
    first = render(edited)
    install(babel="99")
    again = render(edited)
    assert (first.written, again.written, again.redrawn) == ((), (), ())
    assert snapshot(edited) == before


@pytest.mark.parametrize("engine", ["merman", "quickjs_ng"])
def test_what_could_be_drawn_by_another_engine_is_tried_again(
    edited: Project, install: Callable[..., None], monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    render(edited)
    tried: list[str] = []
    monkeypatch.setattr("bifolio.chapters.gate.typst_formula", lambda latex, display: tried.append(latex))
    render(edited, force=True)
    assert not tried
    install(**{engine: "99"})
    render(edited)
    assert tried


@pytest.mark.parametrize("verb", [["build"], ["export", "html"], ["export", "html", "--json"]])
def test_a_verb_says_it_in_what_it_prints(
    edited: Project,
    install: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    verb: list[str],
) -> None:
    render(edited)
    monkeypatch.chdir(edited.root)
    monkeypatch.setattr("bifolio.cli.running.run_stale", lambda *_, **__: 0)

    def refuse(*_: object, **__: object) -> None:
        raise ChapterError("the site is not wanted here")

    monkeypatch.setattr("bifolio.website.build.build_site", refuse)
    monkeypatch.setattr("bifolio.export.refuse", lambda *_: None)  # its diagrams are not described
    monkeypatch.setattr("bifolio.export.html.write_html", lambda *_: b"")
    install(vl_convert_python="99.1")
    assert main(verb) == (1 if verb == ["build"] else 0)
    ending = '"' if "--json" in verb else "\n"
    assert f" drawings made anew: {DRAWS} {INSTALLED} -> 99.1{ending}" in capsys.readouterr().out
