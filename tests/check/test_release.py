"""What only a release has to have: confirmed claims, and nothing skipped that a page shows."""

from __future__ import annotations

from collections.abc import Callable

from bifolio.chapters import render
from bifolio.check import Finding, check
from bifolio.check.drift import keep_agreement
from bifolio.cli.arguments import FINE, FOUND_WRONG
from bifolio.project import Project
from bifolio.results.new_claims import ClaimOnNewSeeds, keep_first_outcomes, write_down

from tests.check.conftest import edit
from tests.conftest import Ended, Report

BENT = "coins.fair.heads < coins.bent.heads"


def meet(project: Project, outcome: str) -> None:
    """Write down that unseen seeds met the first claim."""
    write_down(project, "cpu", [(("claim", (BENT,)), ["coins"])])
    one = ClaimOnNewSeeds("chance", "claim", "A coin.", (BENT,), {"coins": "5"}, "holds", outcome, "told")
    keep_first_outcomes(project, "cpu", [one])


def skipped(project: Project) -> list[Finding]:
    return [one for one in check(project, release=True) if one.rule == "skipped-experiment"]


def test_what_unseen_seeds_have_not_met_is_named_where_it_stands(edited: Project) -> None:
    assert check(edited) == ()
    findings = check(edited, release=True)
    assert {(one.rule, one.file) for one in findings} == {("unconfirmed-claim", "templates/pages/chance/zh.md")}
    assert len(findings) == 5 and all(one.found.startswith("not confirmed yet: ") for one in findings)
    lines = (edited.templates / "pages/chance/zh.md").read_text(encoding="utf-8").splitlines()
    assert f"{{% claim {BENT} %}}" in lines[findings[0].line - 1] and f"({BENT})" in findings[0].found
    assert findings[0].expected.startswith("`bifolio reproduce --new-seeds coins`")


def test_what_they_gave_again_is_fine_and_what_they_did_not_is_refused(edited: Project) -> None:
    meet(edited, "holds")
    assert not any(BENT in one.found for one in check(edited, release=True) if one.rule == "unconfirmed-claim")


def test_what_they_did_not_give_again_is_refused(edited: Project) -> None:
    meet(edited, "not supported")
    first = next(one for one in check(edited, release=True) if one.rule == "unconfirmed-claim")
    assert first.found.startswith("not repeated: ") and "on new seeds (cpu): not supported, told" in first.found
    assert "confirms nothing" in first.expected


def test_a_release_is_strict(report: Report, bifolio: Callable[..., Ended]) -> None:
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\nchapters = ["one"]\n')
    report.write("templates/pages/one/en.md", "# One {#one}\n\n{{ some.answer }}\n")
    report.experiment("some", 'run.no_data()\nrun.value("answer", 42)', declared="seeds=5")
    report.measure()
    render(report.project)
    keep_agreement(report.project)
    ended = bifolio("check", "--release")
    assert (ended.status, ended.out) == (FINE, "nothing found\n")
    report.write("templates/pages/one/en.md", "# One {#one}\n\n{{ some.answer }} of 0.5\n")
    render(report.project)
    keep_agreement(report.project)
    assert bifolio("check").status == FINE
    ended = bifolio("check", "--release")
    assert ended.status == FOUND_WRONG and "typed-number" in ended.out


def test_skipped_runs_that_a_page_shows_are_refused(report: Report) -> None:
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\nchapters = ["one"]\n')
    report.write("templates/pages/one/en.md", "# One {#one}\n\n{{ some.answer }}\n")
    report.experiment("some", declared='seeds=5, variants={"hub": Variant(Config(size=2), optional=True)}')
    report.measure()
    for seed in (3, 4):
        report.result_file("some", variant="hub", seed=seed).unlink()
    project = report.project
    assert skipped(project) == [], "no page shows this variant"
    report.edit("templates/pages/one/en.md", "{{ some.answer }}", "{{ some.answer }} {{ some.hub.answer }}")
    (finding,) = skipped(project)
    assert (finding.file, finding.edition) == ("templates/pages/one/en.md", "en")
    assert finding.found == "some (hub, cpu): 2 of 5 runs were skipped" and "`bifolio run some`" in finding.expected
    assert not any(one.rule == "skipped-experiment" for one in check(project))


def test_a_missing_result_is_refused_too(edited: Project) -> None:
    edit(edited.experiments / "coins.py", "seeds=5", "seeds=7")
    assert "missing-result" in {one.rule for one in check(edited, release=True)}
