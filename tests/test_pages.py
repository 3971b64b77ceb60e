"""What this report's pages and files say of the program and of themselves is so; their numbers come from results."""

from __future__ import annotations

import re
from pathlib import Path

import bifolio
import pytest
import yaml
from bifolio.cli import main
from bifolio.project import find_project
from bifolio.website.policy import with_policy

ROOT = Path(__file__).resolve().parents[1]
PROJECT = find_project(ROOT)
EDITIONS = pytest.mark.parametrize("language", PROJECT.languages)

# The keys of the Citation File Format 1.2.0 that a valid file needs and, of the others, those that ours has.
CITATION = {
    *("cff-version", "message", "title", "authors"),
    *("type", "abstract", "version", "license", "preferred-citation"),
}
REPORT = {"type", "title", "authors", "abstract", "year", "version", "languages", "license"}


def template(name: str, language: str) -> str:
    return (PROJECT.templates / f"pages/{name}/{language}.md").read_text(encoding="utf-8")


def test_the_citation_names_the_program_and_the_report_as_they_are() -> None:
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    report = said["preferred-citation"]
    assert set(said) == CITATION and set(report) == REPORT
    assert (said["cff-version"], said["version"]) == ("1.2.0", bifolio.__version__)
    assert (report["title"], report["version"]) == (PROJECT.title["en"], PROJECT.version)
    assert PROJECT.title["zh"] in report["abstract"] and tuple(report["languages"]) == PROJECT.languages
    assert said["authors"] == report["authors"] == [{"name": "The Bifolio authors"}]
    newest = max(
        re.findall(r'"date": "(\d{4})', "".join(map(Path.read_text, PROJECT.experiments.rglob("seed-*.json"))))
    )
    assert str(report["year"]) == newest


def test_the_licences_are_the_texts_that_the_page_says() -> None:
    assert (ROOT / "LICENSE").read_text().split()[:4] == ["Apache", "License", "Version", "2.0,"]
    content = (ROOT / "LICENSE-CONTENT").read_text(encoding="utf-8")
    assert content.startswith("Attribution 4.0 International\n") and "Section 8 -- Interpretation." in content


@EDITIONS
def test_the_page_on_licences_names_files_that_are_there(language: str) -> None:
    named = re.findall(r"`([\w./-]+)`", template("licences", language))
    assert len(named) > 8
    for path in named:
        assert (ROOT / path).exists(), path


@EDITIONS
def test_the_page_on_the_site_explains_every_directive(language: str) -> None:
    policy = re.search(r'content="([^"]*)"', with_policy("<head></head>"))
    assert policy is not None
    directives = policy[1].split("; ")
    assert len(directives) > 5
    for directive in directives:
        assert f"`{directive}`" in template("guide-site", language), directive


@EDITIONS
def test_the_guide_names_verbs_that_there_are(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    pages = template("guide-writing", language) + template("guide-site", language) + template("guide-export", language)
    pages += template("guide-pdf", language)
    pages += template("index", language)
    verbs = set(re.findall(r"(?:^|`)bifolio ([a-z]+)", pages, re.MULTILINE))
    assert {"init", "build", "serve", "check", "status", "run", "export"} <= verbs
    with pytest.raises(SystemExit):
        main(["--help"])
    assert verbs <= set(re.findall(r"\w+", capsys.readouterr().out))


@pytest.mark.parametrize(
    "page", ["guide-writing", "guide-site", "guide-export", "guide-pdf", "cite", "licences", "index"]
)
def test_the_editions_show_the_same_code_and_refer_to_the_same_names(page: str) -> None:
    first, *others = ((_fences(text), _names(text)) for text in (template(page, code) for code in PROJECT.languages))
    assert all(other == first for other in others)


def _fences(text: str) -> list[str]:
    """Return the commands, programs and messages that a page shows, without what is written in a language."""
    return re.findall(r"^```(?:sh|text|python)\n.*?^```$", text, re.MULTILINE | re.DOTALL)


def _names(text: str) -> list[str]:
    return sorted(re.findall(r"(?:digits_mlp|optimizers|report)\.\w+(?:\.\w+)*", text))
