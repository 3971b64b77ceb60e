"""The settings of a report: what they may say, and how a mistake in them is told."""

# ruff: noqa: E501 - messages are shown as they are printed

from __future__ import annotations

from pathlib import Path

import pytest
from bifolio.errors import ProjectError, UsageError
from bifolio.project import Export, find_project

SETTINGS = """
[tool.bifolio]
languages = ["en", "zh"]
title = { en = "Title", zh = "题目" }
chapters = ["one"]
pages = ["index"]

[tool.bifolio.profiles.cpu]
threads = 2
environment = { torch = "2.13", numpy = "2.4" }
"""


def settings(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def test_settings_are_read(tmp_path: Path) -> None:
    project = find_project(settings(tmp_path, SETTINGS))
    assert project.root == tmp_path
    assert (project.languages, project.chapters, project.pages) == (("en", "zh"), ("one",), ("index",))
    assert project.title == {"en": "Title", "zh": "题目"}
    assert project.description == {"en": "", "zh": ""}


def test_a_report_is_found_from_any_folder_inside(tmp_path: Path) -> None:
    settings(tmp_path, SETTINGS)
    inner = settings(tmp_path / "a" / "b", '[project]\nname = "another"\n')
    assert find_project(inner).root == tmp_path


def test_profiles_have_defaults_and_smoke_is_a_small_cpu_run(tmp_path: Path) -> None:
    profiles = find_project(settings(tmp_path, SETTINGS)).profiles
    assert list(profiles) == ["smoke", "cpu", "gpu"]
    assert profiles["cpu"].environment == {"numpy": "2.4", "torch": "2.13"}
    assert (profiles["smoke"].threads, profiles["smoke"].environment) == (2, profiles["cpu"].environment)
    assert (profiles["gpu"].threads, profiles["gpu"].device, profiles["gpu"].environment) == (1, "cuda", {})


def test_smoke_results_are_kept_in_the_cache(tmp_path: Path) -> None:
    project = find_project(settings(tmp_path, SETTINGS))
    assert project.results("smoke") == tmp_path / ".cache" / "smoke"
    assert project.results("cpu") == project.results("gpu") == tmp_path / "experiments" / "results"


def test_an_unknown_profile_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_project(settings(tmp_path, SETTINGS)).profile("cpus")
    assert (
        str(caught.value) == "there is no such profile\n  found:    cpus\n  expected: smoke, cpu, gpu\n  nearest:  cpu"
    )


@pytest.mark.parametrize("text", [None, "", "tool = 3", '[tool]\nbifolio_ = "x"'])
def test_a_folder_that_is_no_report_is_said(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        settings(tmp_path, text)
    with pytest.raises(ProjectError, match="this folder is not part of a report"):
        find_project(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'pages = ["index"]',
            'page = ["index"]',
            "[tool.bifolio] has an unknown key\n  found:    page\n"
            "  expected: chapters, description, export, languages, pages, profiles, site_url, title, version\n  nearest:  pages",
        ),
        (
            "threads = 2",
            "thread = 2",
            "[tool.bifolio.profiles.cpu] has an unknown key\n  found:    thread\n"
            "  expected: device, environment, threads\n  nearest:  threads",
        ),
        (
            "profiles.cpu",
            "profiles.cpus",
            "[tool.bifolio.profiles] has an unknown key\n  found:    cpus\n  expected: cpu, gpu, smoke\n  nearest:  cpu",
        ),
        (
            "threads = 2",
            "threads = true",
            "[tool.bifolio.profiles.cpu] threads\n  found:    True\n  expected: a whole number from 1",
        ),
        (
            "threads = 2",
            'device = "tpu"',
            "[tool.bifolio.profiles.cpu] device\n  found:    tpu\n  expected: cpu or cuda",
        ),
        (
            'torch = "2.13", numpy = "2.4"',
            'torch = "2.13.0"',
            "[tool.bifolio.profiles.cpu] environment\n  found:    {'torch': '2.13.0'}\n"
            '  expected: libraries with major.minor: {torch = "2.13"}',
        ),
        (
            'languages = ["en", "zh"]',
            'languages = "en"',
            "[tool.bifolio] languages\n  found:    en\n  expected: a list of strings",
        ),
        (
            'languages = ["en", "zh"]',
            "languages = []",
            'a report has at least one language\n  expected: languages = ["zh", "en"]',
        ),
        (
            ', zh = "题目"',
            "",
            "[tool.bifolio] title\n  found:    {'en': 'Title'}\n  expected: a text for each of en, zh",
        ),
        (
            SETTINGS,
            "[tool]\nbifolio = 3",
            "[tool.bifolio] is a table\n  found:    3\n"
            "  expected: chapters, description, export, languages, pages, profiles, site_url, title, version",
        ),
        (
            SETTINGS,
            '[tool.bifolio]\nlanguages = ["en"]\nprofiles.cpu = 1',
            "[tool.bifolio.profiles.cpu] is a table\n  found:    1\n  expected: device, environment, threads",
        ),
        (
            SETTINGS,
            '[tool.bifolio]\nlanguages = ["en"]\nprofiles = 1',
            "[tool.bifolio.profiles] is a table\n  found:    1\n  expected: cpu, gpu, smoke",
        ),
    ],
)
def test_a_mistake_in_the_settings_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert SETTINGS.count(old) == 1
    with pytest.raises(ProjectError) as caught:
        find_project(settings(tmp_path, SETTINGS.replace(old, new)))
    assert str(caught.value) == f"{tmp_path / 'pyproject.toml'}: {message}"


def test_an_export_is_named_after_the_package(tmp_path: Path) -> None:
    named = settings(tmp_path / "a", f'[project]\nname = "dice"\n{SETTINGS}')
    assert find_project(named).export == Export("dice-report", ())
    assert find_project(settings(tmp_path / "my report", SETTINGS)).export == Export("my-report-report", ())


def test_an_export_holds_the_pages_that_the_settings_name(tmp_path: Path) -> None:
    named = settings(tmp_path, f'{SETTINGS}\n[tool.bifolio.export]\nname = "book"\nappendices = ["index"]\n')
    assert find_project(named).export == Export("book", ("index",))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            'appendices = ["idnex"]',
            "[tool.bifolio.export] names a page that the report does not have\n"
            "  found:    idnex\n  expected: index\n  nearest:  index",
        ),
        (
            'name = "../book"',
            '[tool.bifolio.export] name\n  found:    ../book\n  expected: name = "report": a file without its ending',
        ),
        (
            'file = "book"',
            "[tool.bifolio.export] has an unknown key\n  found:    file\n  expected: appendices, name, summary",
        ),
    ],
)
def test_a_mistake_in_the_settings_of_exports_is_told(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        find_project(settings(tmp_path, f"{SETTINGS}\n[tool.bifolio.export]\n{table}\n"))
    assert str(caught.value) == f"{tmp_path / 'pyproject.toml'}: {message}"
