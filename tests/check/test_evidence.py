"""Rules about results and what chapters show of them."""

from __future__ import annotations

import dataclasses
import shutil

from bifolio.check import check
from bifolio.project import Project
from bifolio.provenance.declaration import RunName
from bifolio.results.store import read_result, write_result

from tests.check.conftest import change, edit, only


def test_results_of_no_experiment_are_orphans(edited: Project) -> None:
    results = edited.experiments / "results"
    shutil.copytree(results / "dice" / "cpu", results / "dicee" / "cpu")
    shutil.copytree(results / "dice" / "cpu" / "fair", results / "dice" / "cpu" / "heavy")
    (variant, experiment) = only(edited, "orphan-result")
    assert (experiment.file, experiment.found) == (
        "experiments/results/dicee",
        "results of dicee, which is no experiment",
    )
    assert "`git rm -r experiments/results/dicee`" in experiment.expected and "bifolio run dice" in experiment.expected
    assert variant.file == "experiments/results/dice/cpu/heavy" and "seed 0, 1, 2, 3, 4" in variant.found


def test_an_experiment_that_no_chapter_shows(edited: Project) -> None:
    for language in edited.languages:
        change(edited.templates / f"pages/letters/{language}.md", lambda text: text.split("\n\n")[0] + "\n")
    (finding,) = only(edited, "unused-experiment")
    assert (finding.file, finding.edition) == ("experiments/letters.py", "")
    assert finding.line > 1 and finding.found == "no chapter shows anything of letters"


def test_a_value_of_few_seeds(edited: Project) -> None:
    edit(edited.experiments / "dice.py", "seeds=5", "seeds=4")
    found = {finding.found for finding in only(edited, "single-seed")}
    assert "dice (fair, cpu): mean of n = 4" in found
    assert not any("sides" in words for words in found), "a whole number on which all seeds agree is exact"


def test_a_value_of_one_seed_is_no_exact_value(edited: Project) -> None:
    edit(edited.experiments / "letters.py", "seeds=5", "seeds=1")
    found = {finding.found for finding in only(edited, "single-seed")}
    assert found == {
        "letters (default, cpu): seen_pairs of n = 1",
        "letters (default, cpu): seconds of n = 1",
        "letters (greedy, cpu): seen_pairs of n = 1",
    }


def test_what_is_computed_exactly_needs_no_seeds(edited: Project) -> None:
    edit(edited.experiments / "letters.py", "seeds=5", "seeds=1")
    for variant in ("default", "greedy"):
        name = RunName("letters", "cpu", variant, 0)
        result = read_result(edited, name)
        exact = dataclasses.replace(result.values["seen_pairs"], tolerance=0.0)
        write_result(edited, dataclasses.replace(result, values={**result.values, "seen_pairs": exact}), {})
    assert {finding.found for finding in only(edited, "single-seed")} == {"letters (default, cpu): seconds of n = 1"}


def test_a_result_of_an_uncommitted_tree(edited: Project) -> None:
    name = RunName("dice", "cpu", "fair", 2)
    result = read_result(edited, name)
    for commit, dirty, count in (("ab" * 20, True, 1), ("ab" * 20, False, 0), ("", True, 0)):
        witness = dataclasses.replace(result.witness, commit=commit, dirty=dirty)
        write_result(edited, dataclasses.replace(result, witness=witness), {})
        found = only(edited, "dirty-witness")
        assert len(found) == count, (commit, dirty)
        assert [finding.file for finding in found] == ["experiments/dice.py"][:count]


def test_a_good_report_says_nothing_of_all_this(edited: Project) -> None:
    assert check(edited) == ()
