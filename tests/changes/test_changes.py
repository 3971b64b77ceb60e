"""`bifolio diff`: what a re-run or a commit changes for the reader."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.changes.compare import _others
from bifolio.changes.pull_request import written
from bifolio.chapters.context.catalogue import Catalogue
from bifolio.project import Project
from bifolio.statistics import estimate

if TYPE_CHECKING:
    from tests.conftest import Ended, Report

Bifolio = Callable[..., "Ended"]


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


@pytest.fixture
def told(report: Report, bifolio: Bifolio) -> Report:
    """Return a report with a history, whose one chapter shows a value and a table of `some`, and nothing of `other`."""
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en", "zh"]\nchapters = ["one", "two"]\n')
    report.write(".gitignore", ".cache/\n")
    for language in ("en", "zh"):
        shown = '{{ some.answer }}\n\n{{ table(some.rows, columns={"number": "n"}) }}\n'
        report.write(f"templates/pages/one/{language}.md", f"# One {{#one}}\n\n{shown}")
        report.write(f"templates/pages/two/{language}.md", "# Two {#two}\n\nNothing measured.\n")
    body = """
        run.value("answer", config.size + run.seed / 10, unit="%")
        run.value("same", 7)
        run.table("rows", ["number"]).add(config.size)
        run.sample("text", [{"text": "same"}])
        """
    report.experiment("some", body, declared="seeds=5")
    report.experiment("other")
    report.measure()
    git(report.root, "init", "-q")
    commit(report.root, "one")
    return report


def measure_again(report: Report) -> None:
    report.edit("experiments/some.py", "size: int = 1", "size: int = 2")
    report.measure()


def test_nothing_changed(told: Report, bifolio: Bifolio) -> None:
    ended = bifolio("diff")
    assert ended.status == 0, ended.err
    assert ended.out.endswith("→ working tree\n\nNothing that a reader sees is measured differently.\n")


def test_a_run_that_measured_something_else(told: Report, bifolio: Bifolio) -> None:
    measure_again(told)
    text = bifolio("diff").out
    assert "1 value, 2 other records; shown on 2 pages." in text
    assert "| `some.answer` (%) | 1.200 ± 0.196 (n = 5) | 2.200 ± 0.196 (n = 5) |" in text
    assert "- `some.rows`: `table differs in 5 of 5 seeds`" in text
    assert "- `some.config`: `size 1 → 2`" in text
    assert "- `one` (en, zh): `some.answer`, `some.rows`" in text
    assert "same" not in text and "text" not in text and "two" not in text


def test_code_that_changed_without_a_run(told: Report, bifolio: Bifolio) -> None:
    told.edit("experiments/some.py", "/ 10", "/ 20")
    text = bifolio("diff").out
    assert "- `some cpu`: `fresh` → `stale: code of experiments.some changed`" in text
    assert "- `one` (en, zh): " in text
    assert "### Values" not in text


def test_experiments_that_come_and_go(told: Report, bifolio: Bifolio) -> None:
    told.experiment("fresh", declared="seeds=1")
    told.measure()
    (told.root / "experiments/other.py").unlink()
    text = bifolio("diff").out
    assert "- `fresh`: new" in text
    assert "- `other`: removed" in text
    assert "| `fresh.answer` | — | 42 |" in text
    assert "| `other.answer` | 42 | — |" in text


def test_claims_that_flip_even_though_their_page_cannot_be_rendered(told: Report, bifolio: Bifolio) -> None:
    for language in ("en", "zh"):
        path = told.root / f"templates/pages/two/{language}.md"
        path.write_text(path.read_text() + "\n{% claim some.answer < 1.7 %}It is small.{% endclaim %}\n")
    commit(told.root, "claim")
    measure_again(told)
    text = bifolio("diff").out
    assert "- holds → **contradicted** (`two`): It is small." in text
    assert "### Pages that cannot be rendered" in text
    assert "- `two` (en, zh): `some.answer`" in text


def test_timings_are_set_apart(told: Report, bifolio: Bifolio) -> None:
    body = 'import time\nrun.timing("took", time.perf_counter())'
    told.experiment("timed", body, declared='seeds=2, exclusive=True, uses=("clock",)')
    told.measure()
    commit(told.root, "two")
    told.measure("timed", force=True)
    text = bifolio("diff").out
    assert "### Timings (they depend on the machine)" in text and "### Values" not in text


def test_verdicts_that_change(told: Report, bifolio: Bifolio) -> None:
    bifolio("reproduce", "other")
    text = bifolio("diff").out
    assert "- `other`: not reproduced → identical" in text and "shown on 0 pages" in text
    bifolio("reproduce", "some")
    text = bifolio("diff").out
    assert "- `one` (en, zh): `some.answer`\n" in text and "shown on 2 pages" in text, "the card of a value has it"


def test_two_commits(told: Report, bifolio: Bifolio) -> None:
    measure_again(told)
    commit(told.root, "two")
    assert "Nothing" in bifolio("diff").out
    assert (
        "| `some.answer` (%) | 1.200 ± 0.196 (n = 5) | 2.200 ± 0.196 (n = 5) |" in bifolio("diff", "HEAD~1", "HEAD").out
    )
    assert (
        "| `some.answer` (%) | 2.200 ± 0.196 (n = 5) | 1.200 ± 0.196 (n = 5) |" in bifolio("diff", "HEAD", "HEAD~1").out
    )


def test_tools_get_one_object(told: Report, bifolio: Bifolio) -> None:
    measure_again(told)
    data = json.loads(bifolio("diff", "--json").out)
    (value,) = data["values"]
    assert value["name"] == "some.answer"
    assert value["before"]["mean"] == pytest.approx(1.2) and value["after"]["mean"] == pytest.approx(2.2)
    assert set(data["pages"]) == {"en/one", "zh/one"}


def test_a_page_that_cannot_be_rendered_is_said(told: Report, bifolio: Bifolio) -> None:
    told.edit("templates/pages/two/en.md", "Nothing measured.", "{{ some.nothing }}")
    text = bifolio("diff").out
    assert "### Pages that cannot be rendered" in text and "`en/two`" in text


def test_docs_are_not_written(told: Report, bifolio: Bifolio) -> None:
    bifolio("diff")
    assert not (told.root / "docs").exists()


def test_a_copy_without_history_is_used_wrongly(told: Report, bifolio: Bifolio) -> None:
    shutil.rmtree(told.root / ".git")
    ended = bifolio("diff")
    assert ended.status == 2
    assert ended.err.startswith("there is no such commit\n  found:    no history\n")


@pytest.mark.parametrize("revision", ["nope", "--all", "HEAD:pyproject.toml"])
def test_what_is_no_commit(told: Report, bifolio: Bifolio, revision: str) -> None:
    assert bifolio("diff", revision).status == 2


def test_a_commit_before_the_report(told: Report, bifolio: Bifolio) -> None:
    git(told.root, "checkout", "-q", "--orphan", "empty")
    git(told.root, "rm", "-rq", "--cached", ".")
    git(told.root, "commit", "-q", "--allow-empty", "-m", "empty")
    ended = bifolio("diff")
    assert ended.status == 2
    assert ended.err.startswith("the report was not there yet")


def test_a_report_in_a_folder_of_a_larger_history(told: Report, bifolio: Bifolio) -> None:
    (top := told.root / ".git").rename(told.root.parent / ".git")
    assert not top.exists()
    commit(told.root.parent, "moved")
    measure_again(told)
    assert "| `some.answer` (%) | 1.200 ± 0.196 (n = 5) | 2.200 ± 0.196 (n = 5) |" in bifolio("diff").out


def test_numbers_are_rounded_to_their_interval_with_a_digit_to_spare() -> None:
    assert written(None) == "—"
    assert written(estimate([3])) == "3"
    assert written(estimate([0.123456789, 0.125])) == "0.1242 ± 0.0098 (n = 2)"
    assert written(estimate([1000.0, 3000.0])) == "2000 ± 12700 (n = 2)"
    assert written(estimate([2.5, 2.5])) == "2.5 (did not vary in 2)"


def test_changed_choices_and_divergence_are_changes_for_the_reader(tiny: Project) -> None:
    stored = Catalogue(tiny).results("dice", "cpu")["fair"]
    before = tuple(replace(result, choices={"rate": 0.1}) for result in stored)
    before = (replace(before[0], diverged="the loss became infinite"), *before[1:])
    assert list(_others(before, before)) == []
    after = tuple(replace(result, diverged=None, choices={"rate": 0.03}) for result in before)
    assert dict(_others(before, after)) == {
        "rate": "choice differs in 3 of 3 seeds",
        "diverged": "diverged in 1 of 3 seeds → 0 of 3",
    }
