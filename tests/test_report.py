"""The report in this repository: nothing in it is wrong, stale, or out of date."""

from __future__ import annotations

from pathlib import Path

import yaml
from bifolio.check import check
from bifolio.formats.language import load_language
from bifolio.project import DEFAULT_PROFILE, find_project
from bifolio.provenance.sources import read_sources
from bifolio.results.freshness import survey
from bifolio.results.store import read_runs

PROJECT = find_project(Path(__file__).resolve().parents[1])


def test_check_finds_nothing() -> None:
    assert [(finding.rule, finding.file) for finding in check(PROJECT)] == []


def test_every_published_result_is_fresh_and_was_measured_on_a_committed_tree() -> None:
    states = survey(PROJECT, profiles=[DEFAULT_PROFILE])
    assert {state.experiment: state.state for state in states} == dict.fromkeys(
        read_sources(PROJECT).declarations, "fresh"
    )
    assert len(states) >= 16
    for state in states:
        for results in read_runs(PROJECT, state.experiment, DEFAULT_PROFILE).values():
            assert not any(result.witness.dirty for result in results)
            assert len(results) >= 5


def test_every_page_stands_once_in_the_menu_and_every_group_has_a_name_in_each_language() -> None:
    nav = yaml.load((PROJECT.root / "mkdocs.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["nav"]
    groups = {title: pages for entry in nav if isinstance(entry, dict) for title, pages in entry.items()}
    pages = [entry for entry in nav if isinstance(entry, str)] + [page for group in groups.values() for page in group]
    assert {f"{page}.md" for page in (*PROJECT.chapters, *PROJECT.pages)} <= {*pages} and len(pages) == len({*pages})
    words = load_language("en", PROJECT.templates).words
    assert {words[f"navigation.{title}"] for title in groups} == {"Report", "Evidence", "The tool"}
