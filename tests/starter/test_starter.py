"""`bifolio init`: a whole report from nothing, or nothing."""

from __future__ import annotations

import ast
import errno
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from bifolio import starter
from bifolio.chapters import render
from bifolio.errors import StorageError, UsageError
from bifolio.markdown.headings import find_headings
from bifolio.project import find_project
from bifolio.results.freshness import survey
from bifolio.starter import start_report

if TYPE_CHECKING:
    from tests.conftest import Ended, Report

Bifolio = Callable[..., "Ended"]
REPOSITORY = Path(__file__).parents[2]
FINE, USED_WRONG = 0, 2


def held(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def started(tmp_path: Path) -> Path:
    start_report(tmp_path / "started")
    return tmp_path / "started"


def test_it_writes_what_it_says(tmp_path: Path) -> None:
    folder = tmp_path / "many parents" / "我的报告"
    files = start_report(folder)
    assert held(folder) == {*files}
    assert {
        ".gitignore",
        "README.md",
        "mkdocs.yml",
        "mkdocs.en.yml",
        "pyproject.toml",
        "experiments/birthdays.py",
        "experiments/curve_fit.py",
        "templates/pages/birthdays/zh.md",
        "templates/pages/curves/en.md",
    } < {*files}
    assert not any("__pycache__" in name or name.endswith(".part") for name in files)


def test_two_reports_are_the_same_bytes(started: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    for name in start_report(again):
        assert (again / name).read_bytes() == (started / name).read_bytes()


def test_one_experiment_needs_torch_and_the_other_nothing() -> None:
    def libraries(name: str) -> set[str]:
        tree = ast.parse((Path(starter.__file__).parent / "report" / "experiments" / name).read_bytes())
        imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        return {module.split(".")[0] for module in imported} - {*sys.stdlib_module_names, "bifolio"}

    assert libraries("birthdays.py") == set()
    assert libraries("curve_fit.py") == {"torch"}


def test_the_readme_has_ten_lines_at_most(started: Path) -> None:
    assert len((started / "README.md").read_text(encoding="utf-8").splitlines()) <= 10


def test_every_chapter_shows_a_value_a_figure_a_table_a_formula_and_a_diagram(started: Path) -> None:
    chapters = sorted((started / "templates/pages").glob("[bc]*/*.md"))
    assert len(chapters) == 4
    for chapter in chapters:
        text = chapter.read_text(encoding="utf-8")
        for shown in (" | bare }}", "{{ figure(", "{{ table(", "{{ formula(", "```mermaid"):
            assert shown in text, f"{chapter} has no {shown}"


def test_the_editions_have_the_same_headings(started: Path) -> None:
    for chinese in (started / "templates/pages").glob("*/zh.md"):
        english = chinese.with_name("en.md")
        one, other = (
            [(heading.level, heading.id) for heading in find_headings(file.read_text(encoding="utf-8"))]
            for file in (chinese, english)
        )
        assert one == other
        assert all(identifier for _, identifier in one)


def test_the_installed_version_of_torch_is_declared(started: Path) -> None:
    import torch

    declared = find_project(started).profile("cpu").environment
    assert dict(declared) == {"torch": ".".join(torch.__version__.split(".")[:2])}


def test_without_torch_nothing_is_declared_and_the_settings_say_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter, "read_versions", lambda libraries: {"python": "3.11"})
    start_report(tmp_path / "started")
    settings = (tmp_path / "started" / "pyproject.toml").read_text(encoding="utf-8")
    assert tomllib.loads(settings)["tool"]["bifolio"]["profiles"]["cpu"]["environment"] == {}
    assert 'environment = {} # once it is installed: { torch = "<major.minor>" }' in settings


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs.en.yml"])
def test_its_site_is_configured_as_this_repository_s_is(started: Path, name: str) -> None:
    own = {"site_name", "site_description", "nav", "extra", "copyright", "repo_url", "repo_name"}

    def settings(file: Path) -> dict[str, Any]:
        read: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        features = read["theme"].get("features", [])
        if "navigation.tabs" in features:  # for a menu in groups, which a small report does without
            features.remove("navigation.tabs")
        return {key: value for key, value in read.items() if key not in own}

    assert settings(started / name) == settings(REPOSITORY / name)
    extra, theirs = (yaml.safe_load((folder / "mkdocs.yml").read_bytes())["extra"] for folder in (started, REPOSITORY))
    assert extra["alternate"] == theirs["alternate"]


def test_titles_are_the_same_in_both_places(started: Path) -> None:
    project = find_project(started)
    for language, name in (("zh", "mkdocs.yml"), ("en", "mkdocs.en.yml")):
        site = yaml.safe_load((started / name).read_bytes())
        assert site["site_name"] == project.title[language]
        assert site["site_description"] == project.description[language]


def test_what_a_new_report_measures_is_missing_until_it_is_run(started: Path) -> None:
    states = {state.experiment: state.state for state in survey(find_project(started))}
    assert states == {"birthdays": "missing", "curve_fit": "missing"}


def test_a_chapter_without_results_says_what_to_run(started: Path) -> None:
    from bifolio.errors import ChapterError

    with pytest.raises(ChapterError) as caught:
        render(find_project(started))
    message = str(caught.value)
    assert "templates/pages/birthdays/zh.md:" in message and "`bifolio run birthdays` first" in message
    assert "templates/pages/curves/en.md:" in message and "`bifolio run curve_fit` first" in message


@pytest.mark.parametrize("name", ["notes.txt", ".hidden"])
def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="is not empty") as caught:
        start_report(tmp_path)
    assert caught.value.found == ", ".join(sorted([name, "folder/"]))
    assert {path.name for path in tmp_path.iterdir()} == {name, "folder"}


def test_of_many_files_some_are_named(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(UsageError) as caught:
        start_report(tmp_path)
    assert caught.value.found == "0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 3 more"


def test_an_empty_history_is_an_empty_folder(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert "pyproject.toml" in start_report(tmp_path)
    assert (tmp_path / ".git").is_dir()


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_is_no_folder(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="started in a folder"):
        start_report(tmp_path / place)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_disk_that_fills_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []

    def write(path: Path, content: bytes) -> bool:
        if len(written) == 5:
            raise StorageError("the file cannot be written: No space left on device", file=path)
        written.append(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return True

    monkeypatch.setattr(starter, "write_file", write)
    with pytest.raises(StorageError):
        start_report(tmp_path / "parent" / "report")
    assert list(tmp_path.iterdir()) == []


def test_a_move_that_fails_leaves_an_existing_folder_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "pyproject.toml":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StorageError, match="Input/output error"):
        start_report(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_verb_says_what_to_do_next(report: Report, bifolio: Bifolio) -> None:
    ended = bifolio("init", "my report")
    files = held(report.root / "my report")
    assert ended.status == FINE
    assert ended.out.startswith(f"wrote {len(files)} files into my report; next:\n  cd 'my report'\n  bifolio build")
    again = bifolio("init", "my report")
    assert again.status == USED_WRONG
    assert "is not empty" in again.err and "README.md" in again.err


def test_where_torch_is_not_installed_the_verb_says_so(bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import util

    monkeypatch.setattr(util, "find_spec", lambda name: None)
    assert "pip install 'bifolio[run]'" in bifolio("init", "new").out


def test_a_relative_folder_may_be_this_one(tmp_path: Path, bifolio: Bifolio, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    ended = bifolio("init", ".")
    assert ended.status == FINE and "cd " not in ended.out
    assert (tmp_path / "here" / "pyproject.toml").is_file()
