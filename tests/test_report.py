"""The report in this repository: nothing in it is wrong, stale, or out of date."""

from __future__ import annotations

from pathlib import Path

import yaml
from bifolio.check import check
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


def test_both_editions_have_the_same_pages_in_their_menus() -> None:
    chinese, english = (
        yaml.load((PROJECT.root / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["nav"]
        for name in ("mkdocs.yml", "mkdocs.en.yml")
    )
    groups = [[next(iter(entry.values())) for entry in nav] for nav in (chinese, english)]
    assert groups[0] == groups[1]
    pages = [page for group in groups[0] for page in ([group] if isinstance(group, str) else group)]
    assert {f"{page}.md" for page in (*PROJECT.chapters, *PROJECT.pages)} <= {*pages}
    assert len(pages) == len({*pages})
