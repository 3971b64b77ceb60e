"""Evidence pages show what running results again found, and are rendered again when that changes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest
from bifolio.chapters import render
from bifolio.chapters.context.catalogue import Catalogue, VariantName
from bifolio.errors import ChapterError, ResultError
from bifolio.project import Project
from bifolio.provenance.declaration import RunName
from bifolio.results.comparison import Difference
from bifolio.results.reports import Report, read_report, report_path, write_report
from bifolio.runner.new_seeds import plan_new_seeds, reports_on_new_seeds, run_new_seeds
from bifolio.runner.reproduction import plan_reproduction, reproduce

FAIR = VariantName("dice", "cpu", "fair")
LOADED = VariantName("dice", "cpu", "loaded")


def page(project: Project, path: str) -> str:
    return (project.docs / path).read_text(encoding="utf-8")


def section(text: str, identifier: str) -> str:
    """Return what stands under a heading, up to the next one."""
    return text.split(f"{{#{identifier}}}\n", 1)[1].split("\n## ", 1)[0]


@pytest.fixture
def again(edited: Project) -> Project:
    """Return a rendered report whose results were all run again since."""
    with mock.patch.dict(os.environ):
        reproduce(plan_reproduction(edited, profile="cpu"), 2, lambda outcome, report, standing: None)
    return edited


def change(project: Project, seed: int, **fields: object) -> Report:
    """Rewrite what was reported of a fair die."""
    name = RunName("dice", "cpu", "fair", seed)
    report = replace(read_report(project, name), **fields)  # type: ignore[arg-type]
    write_report(project, report)
    return report


def different(project: Project, seed: int, *differences: Difference, same: bool = True) -> None:
    comparison = read_report(project, RunName("dice", "cpu", "fair", seed)).comparison
    assert comparison
    names = tuple(name for name in comparison.identical if name not in {one.name for one in differences})
    changed = replace(comparison, same_machine=same, identical=names, differences=differences)
    change(project, seed, comparison=changed)


def test_before_anything_was_run_again_the_pages_say_so(edited: Project) -> None:
    assert "None of these results has been run again yet." in section(
        page(edited, "en/evidence/dice.md"), "about-reproductions"
    )
    assert "| not yet |" in page(edited, "en/evidence/index.md")


def test_reports_render_again_what_shows_their_verdicts_and_nothing_else(again: Project) -> None:
    evidence = ("coins", "dice", "letters", "index")
    showing = {"index", "chance", "letters", *(f"evidence/{name}" for name in evidence)}  # numbers have cards
    written = render(again).written
    assert set(written) == {f"{language}/{name}.md" for language in again.languages for name in showing}
    assert render(again).written == ()
    assert "evidence: fresh, reproduced on the same kind of machine: identical" in page(again, "en/index.md")


def test_a_page_counts_what_came_out_again(again: Project) -> None:
    home = again.templates / "pages/index/en.md"
    text = home.read_text(encoding="utf-8")
    home.write_text(f"{text}\n{{{{ report.reproduced }}}} of {{{{ report.results }}}}\n", encoding="utf-8")
    render(again, ["en"])
    total = len(list((again.experiments / "results").rglob("seed-*.json")))
    assert f"\n{total} of {total}\n" in page(again, "en/index.md")
    beyond = Difference("mean", "value", 3.5, 4.0, 0.5, 0.1)
    different(again, 0, beyond)
    change(again, 1, comparison=None, problem="it crashed")
    render(again, ["en"])
    assert f"\n{total - 2} of {total}\n" in page(again, "en/index.md")


def test_it_says_on_what_they_were_run_again(again: Project) -> None:
    home = again.templates / "pages/index/en.md"
    names = ("same_kind", "another_processor", "not_recorded")
    counts = " ".join(f"{{{{ report.reproduced_{name} }}}}" for name in names)
    home.write_text(f"{home.read_text(encoding='utf-8')}\n{counts}\n", encoding="utf-8")
    render(again)
    total = len(list((again.experiments / "results").rglob("seed-*.json")))
    assert f"\n{total} 0 0\n" in page(again, "en/index.md")
    dice = section(page(again, "en/evidence/dice.md"), "about-reproductions")
    assert (
        "| variant | run again | runs | date | on what | device |" in dice
        and dice.count("| on the same kind of machine |") == 2
    )
    assert "逐位一致</span>，在同一类机器上" in page(again, "zh/evidence/index.md")
    witness = read_report(again, RunName("dice", "cpu", "fair", 0)).witness
    change(again, 0, witness=replace(witness, machine={**witness.machine, "processor": "another one"}))
    change(again, 1, witness=replace(witness, machine={"cores": "2"}))
    render(again)
    assert f"\n{total - 2} 1 1\n" in page(again, "en/index.md")
    both = "on the same kind of machine, on another processor, on a machine that was not recorded"
    assert f"| {both} |" in section(page(again, "en/evidence/dice.md"), "about-reproductions")


def test_verdicts_stand_on_the_page_and_in_the_index_in_every_language(again: Project) -> None:
    render(again)
    for language, word in {"en": "identical", "zh": "逐位一致", "de": "bitgleich"}.items():
        shown = f'<span class="bf-verdict bf-identical">{word}</span>'
        text = page(again, f"{language}/evidence/dice.md")
        assert section(text, "about-reproductions").count(shown) == 2
        assert page(again, f"{language}/evidence/index.md").count(shown) == 3
        (row,) = (line for line in text.splitlines() if 'id="fair-mean"' in line)
        assert shown in row


def test_the_command_is_said(again: Project) -> None:
    render(again)
    assert "```sh\nbifolio reproduce dice --force\n```" in page(again, "en/evidence/dice.md")


def test_what_differed_is_listed_and_decides(again: Project) -> None:
    different(again, 1, Difference("mean", "value", 3.5, 3.75, 0.25, 0.1))
    different(again, 2, Difference("running_mean.mean", "column", 3.5, 3.5000001, 1e-7, None, row=4))
    render(again)
    text = section(page(again, "en/evidence/dice.md"), "about-reproductions")
    assert '<span class="bf-verdict bf-different">different</span> | 3 of 3 runs' in text
    assert "| fair | 1 | mean | 3.5 | 3.75 | 0.25 | 0.1 |" in text
    assert "| fair | 2 | running_mean&#46;mean (row 4) | 3.5 | 3.5000001 | 10⁻⁷ | — |" in text
    assert '<span class="bf-verdict bf-different">different</span>' in page(again, "en/evidence/index.md")


def test_a_failure_is_shown_and_cannot_write_markup(again: Project) -> None:
    change(again, 0, comparison=None, problem="<script>alert(1)</script> {{ 7*7 }}")
    render(again)
    text = section(page(again, "en/evidence/dice.md"), "about-reproductions")
    assert "- Seed 0 failed: " in text
    assert "<script>" not in text and "{{" not in text
    assert '<span class="bf-verdict bf-failed">failed</span>' in text


def test_a_report_on_other_results_no_longer_counts(again: Project) -> None:
    change(again, 0, published="0" * 64)
    render(again)
    assert "| 2 of 3 runs |" in section(page(again, "en/evidence/dice.md"), "about-reproductions")
    assert "identical</span> 5 of 6 runs, on the same kind of machine |" in page(again, "en/evidence/index.md")


def test_the_catalogue_knows_verdicts_by_variant_and_by_name(again: Project) -> None:
    for seed in range(3):
        different(again, seed, Difference("mean", "value", 3.5, 3.55, 0.05, 0.1), same=False)
    catalogue = Catalogue(again)
    assert catalogue.verdict(FAIR) == "within tolerance"
    assert catalogue.verdict(LOADED) == "identical"
    assert catalogue.verdict(FAIR, "mean") == "within tolerance"
    assert catalogue.verdict(FAIR, "sides") == "identical"
    assert catalogue.verdict(FAIR, "running_mean") == "identical"
    assert catalogue.verdict(VariantName("letters", "cpu", "default"), "seconds") is None


def test_a_table_is_as_good_as_its_worst_column(again: Project) -> None:
    different(again, 0, Difference("running_mean.mean", "column", 1.0, 2.0, 1.0, None, row=1))
    catalogue = Catalogue(again)
    assert catalogue.verdict(FAIR, "running_mean") == "different"
    assert catalogue.verdict(FAIR, "mean") == "identical"


def test_a_damaged_report_stops_its_page(again: Project) -> None:
    path: Path = report_path(again, RunName("dice", "cpu", "fair", 0))
    path.write_text(path.read_text().replace("identical", "different"))
    with pytest.raises((ResultError, ChapterError), match="does not match its checksum"):
        render(again)


def test_seeds_and_their_spread_are_shown(edited: Project) -> None:
    text = page(edited, "en/evidence/dice.md")
    values = section(text, "about-fair-values")
    assert "| standard deviation |" in values
    assert "figures/evidence/dice/dice-fair-seeds" in values
    data = (edited.docs / "en/figures/evidence/dice/dice-fair-seeds.csv").read_text().splitlines()
    assert data[0] == "value,seed,number"
    assert [line.rpartition(",")[0] for line in data[1:]] == ["mean,0", "mean,1", "mean,2"]  # what varies, only


def test_new_seeds_are_shown(edited: Project) -> None:
    new = plan_new_seeds(edited, ("dice",), profile="cpu")
    with mock.patch.dict(os.environ):
        run_new_seeds(new, 2, lambda outcome, standing: None)
    (report,) = reports_on_new_seeds(new)
    agreeing = sum(value.agrees for value in report.values)
    render(edited)
    text = section(page(edited, "en/evidence/dice.md"), "about-reproductions")
    assert f"Seeds 5 to 7 (cpu), which the report had not seen: {agreeing} of 6 values agree" in text
