"""`bifolio reproduce` as a user meets it: what it prints, for people and for tools, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Ended, Report

Bifolio = Callable[..., "Ended"]
FINE, FOUND_WRONG, USED_WRONG = 0, 1, 2


@pytest.fixture
def number(tmp_path: Path) -> Path:
    path = tmp_path / "number"
    path.write_text("10")
    return path


@pytest.fixture
def some(report: Report, number: Path) -> Report:
    body = f"""
        number = float(open("{number}").read())
        if number < 0:
            raise ValueError("too small")
        run.value("answer", number, tolerance=1.0)
        run.table("rows", ["number"]).add(number // 10)
        """
    report.experiment("some", body, declared="seeds=2")
    report.measure()
    return report


def test_every_run_every_experiment_and_the_total_are_said(some: Report, bifolio: Bifolio) -> None:
    some.experiment("other")
    some.measure()
    ended = bifolio("reproduce", "--jobs", "2")
    assert ended.status == FINE, ended.err
    lines = ended.out.splitlines()
    assert lines[0] == "3 results to reproduce, 0 have a report (profile cpu)"
    assert [line[:6] for line in lines[1:4]] == ["[1/3] ", "[2/3] ", "[3/3] "]
    assert all(line.endswith(" left") for line in lines[1:3]), "it is told into a pipe too"
    assert [line.rpartition("  ")[0] for line in sorted(line[6:] for line in lines[1:4])] == [
        "identical         other seed 0 (cpu)",
        "identical         some seed 0 (cpu)",
        "identical         some seed 1 (cpu)",
    ]
    assert lines[4:6] == ["other (cpu): identical, 1 of 1 runs", "some (cpu): identical, 2 of 2 runs"]
    assert lines[6] == "3 runs on the same kind of machine"
    assert lines[7].startswith("2 identical; ") and lines[7].endswith(" of computing, 2 beside each other")


def test_it_says_what_differs_and_by_how_much_and_ends_with_1(some: Report, bifolio: Bifolio, number: Path) -> None:
    number.write_text("25")
    ended = bifolio("reproduce")
    assert ended.status == FOUND_WRONG
    assert "different         some seed 0 (cpu)" in ended.out
    assert ": answer 10.0 -> 25.0 (+15, tolerance 1); rows.number row 1 1.0 -> 2.0 (+1, no tolerance)" in ended.out
    assert "some (cpu): different, 2 of 2 runs" in ended.out
    assert bifolio("reproduce").status == FOUND_WRONG, "what is known to differ still differs"


def test_within_tolerance_is_fine(some: Report, bifolio: Bifolio, number: Path) -> None:
    number.write_text("10.5")
    ended = bifolio("reproduce")
    assert ended.status == FINE
    assert "within tolerance  some seed 0 (cpu)" in ended.out


def test_a_failure_is_said_once_with_the_lines_of_the_report(some: Report, bifolio: Bifolio, number: Path) -> None:
    number.write_text("-1")
    ended = bifolio("reproduce")
    assert ended.status == FOUND_WRONG
    assert "failed            some seed 0 (cpu)" in ended.err
    assert ended.err.count("ValueError: too small\n  at experiments/some.py:15, in some: ") == 1
    assert ended.err.count(": as above") == 1 and "Traceback" not in ended.err
    assert "some (cpu): failed, 2 of 2 runs" in ended.out


def test_what_is_stale_or_missing_is_said_aloud(some: Report, bifolio: Bifolio) -> None:
    some.experiment("never", declared="seeds=3")
    some.edit("experiments/some.py", "too small", "much too small")
    ended = bifolio("reproduce")
    assert ended.status == FOUND_WRONG
    assert ended.err.splitlines() == [
        "missing  never seed 0 (cpu): never measured; measure it first: `bifolio run never` (and 2 more)",
        "stale    some seed 0 (cpu): code of experiments.some changed; "
        "measure it first: `bifolio run some` (and 1 more)",
    ]
    assert "0 results to reproduce" in ended.out


def test_only_what_is_named_is_looked_at(some: Report, bifolio: Bifolio) -> None:
    some.experiment("never")
    assert bifolio("reproduce", "some").status == FINE
    wrong = bifolio("reproduce", "sone")
    assert wrong.status == USED_WRONG
    assert "nearest:  some" in wrong.err


def test_a_dry_run_runs_nothing(some: Report, bifolio: Bifolio) -> None:
    ended = bifolio("reproduce", "--dry-run")
    assert ended.status == FINE
    assert ended.out.splitlines()[1:] == [f"would run some seed {seed} (cpu): to compare" for seed in (0, 1)]
    assert not (some.root / "experiments/reproductions").exists()


def test_a_sample_says_what_was_picked(some: Report, bifolio: Bifolio) -> None:
    assert bifolio("reproduce", "--sample", "1").out.startswith("picked at random: some\n2 results to reproduce")
    assert bifolio("reproduce", "--sample", "1").out.startswith("picked at random: none: every result has a report")
    assert bifolio("reproduce", "--sample", "0").status == USED_WRONG


def test_tools_get_one_object(some: Report, bifolio: Bifolio, number: Path) -> None:
    some.experiment("never")
    number.write_text("25")
    ended = bifolio("reproduce", "--json")
    assert ended.status == FOUND_WRONG
    data = json.loads(ended.out)
    assert data["refused"] == [{"run": "never/cpu/default/seed-0.json", "state": "missing", "reason": "never measured"}]
    (experiment,) = data["experiments"]
    assert (experiment["experiment"], experiment["verdict"]) == ("some", "different")
    first = experiment["runs"][0]
    assert (first["run"], first["verdict"]) == ("some/cpu/default/seed-0.json", "different")
    assert [found["name"] for found in first["comparison"]["differences"]] == ["answer", "rows.number"]
    assert first["witness"]["date"]


def test_the_profile_smoke_is_refused(some: Report, bifolio: Bifolio) -> None:
    assert bifolio("reproduce", "--profile", "smoke").status == USED_WRONG


def test_new_seeds(report: Report, bifolio: Bifolio) -> None:
    body = """
        import random
        run.value("drawn", random.random())
        run.value("shift", 1.0 + random.random() if run.seed < 5 else 20.0)
        """
    report.experiment("drawn", body, declared="seeds=5")
    report.measure()
    planned = bifolio("reproduce", "--new-seeds", "--dry-run")
    assert planned.out.splitlines()[:2] == [
        "5 runs on new seeds to do, 0 are there already (profile cpu)",
        "would run drawn seed 5 (cpu)",
    ]
    ended = bifolio("reproduce", "--new-seeds")
    assert ended.status == FINE, ended.err
    assert "drawn (cpu), seeds 5 to 9: 1 of 2 values agree with the published seeds at 99%\n  shift: 1." in ended.out
    assert "-> 20 ± 0 (difference " in ended.out
    data = json.loads(bifolio("reproduce", "--new-seeds", "--json").out)
    (made,) = data["reports"]
    assert (made["experiment"], made["first"], made["last"]) == ("drawn", 5, 9)
    assert {value["name"]: value["agrees"] for value in made["values"]} == {"drawn": True, "shift": False}


@pytest.mark.parametrize("option", [("--force",), ("--sample", "1")])
def test_new_seeds_are_never_run_again(some: Report, bifolio: Bifolio, option: tuple[str, ...]) -> None:
    ended = bifolio("reproduce", "--new-seeds", *option)
    assert ended.status == USED_WRONG
    assert ended.err.startswith("the first results on new seeds are kept")


def test_new_seeds_that_fail_end_with_1(report: Report, bifolio: Bifolio) -> None:
    report.experiment("some", 'assert run.seed < 1, "no luck"\nrun.value("answer", 1)')
    report.measure()
    ended = bifolio("reproduce", "--new-seeds")
    assert ended.status == FOUND_WRONG
    assert "no luck" in ended.err


CHAPTER = """
# One {#one}

{% claim drawn.size > 0.1 %}It is large.{% endclaim %}
{% claim drawn.turned > 5 %}It is ten.{% endclaim %}

{% statement expected="fails" if=drawn.size > 5 %}It is larger than five.{% endstatement %}

{% claim other.answer > 1 %}Something else is more than one.{% endclaim %}
"""


@pytest.fixture
def claiming(report: Report) -> Report:
    """Return a report whose second claim is true of its own five seeds only."""
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\nchapters = ["one"]\n')
    report.write("templates/pages/one/en.md", CHAPTER)
    body = """
        import random
        run.value("size", 1 + random.random())
        run.value("turned", (10 if run.seed < 5 else -10) + random.random())
        """
    report.experiment("drawn", body, declared="seeds=5")
    report.experiment("other", declared="seeds=5")
    report.measure()
    return report


def test_claims_are_held_against_new_seeds(claiming: Report, bifolio: Bifolio) -> None:
    ended = bifolio("reproduce", "--new-seeds", "drawn")
    assert ended.status == FOUND_WRONG, ended.err
    assert "2 of 3 claims and statements come out as they are written\n" in ended.out
    numbers = "drawn.turned > 5: drawn.turned = -9.39, value -9.39, 99 % interval"
    assert f"  one: contradicted, written: holds: It is ten.\n    {numbers}" in ended.out
    assert "Something else" not in ended.out, "of this one there are no new seeds"
    assert "4 of 4 claims" not in ended.out


def test_the_first_outcome_on_new_seeds_is_kept(claiming: Report, bifolio: Bifolio) -> None:
    bifolio("reproduce", "--new-seeds")
    kept = claiming.root / "experiments/reproductions/new-seeds/claims-cpu.json"
    content = kept.read_bytes()
    ended = bifolio("reproduce", "--new-seeds", "--json")
    assert kept.read_bytes() == content
    found = {claim["sentence"]: claim for claim in json.loads(ended.out)["claims"]}
    assert {sentence: claim["outcome"] for sentence, claim in found.items()} == {
        "It is large.": "holds",
        "It is ten.": "contradicted",
        "It is larger than five.": "fails",
        "Something else is more than one.": "holds",
    }
    assert found["It is ten."]["seeds"] == {"drawn": "5"}
    claiming.edit(
        "templates/pages/one/en.md", "turned > 5", "turned < 5"
    )  # after the fact: these seeds have been seen, so they confirm nothing
    ended = bifolio("reproduce", "--new-seeds")
    assert "1 were written after these seeds had been run and need later ones: `--new-seeds --later`" in ended.out
    assert "3 of 3 claims and statements come out as they are written\n" in ended.out
    entries = json.loads(kept.read_text())["claims"]
    assert {entry["conditions"][0]: entry["outcome"] for entry in entries if entry["sentence"] == "It is ten."} == {
        "drawn.turned > 5": "contradicted",
    }
    written = {entry["conditions"][0]: entry["seen"] for entry in json.loads(kept.read_text())["written"]}
    assert (written["drawn.turned > 5"], written["drawn.turned < 5"]) == ({"drawn": 4}, {"drawn": 9})


def test_claims_that_hold_on_new_seeds_are_fine(claiming: Report, bifolio: Bifolio) -> None:
    claiming.edit("templates/pages/one/en.md", "drawn.turned > 5", "drawn.turned < 50")
    ended = bifolio("reproduce", "--new-seeds")
    assert ended.status == FINE, ended.out + ended.err
    assert "4 of 4 claims and statements come out as they are written\n" in ended.out


def test_what_was_written_late_needs_later_seeds(claiming: Report, bifolio: Bifolio) -> None:
    def unconfirmed() -> dict[str, str]:
        """Return what is said of each sentence that unseen seeds have not given again."""
        ended = bifolio("check", "--release", "--json")
        assert ended.status == FOUND_WRONG
        found = [one for one in json.loads(ended.out) if one["rule"] == "unconfirmed-claim"]
        assert {one["file"] for one in found} == {"templates/pages/one/en.md"}
        return {one["found"].split(": ")[1].split(" (")[0]: one["found"].split(":")[0] for one in found}

    bifolio("reproduce", "--new-seeds")
    assert unconfirmed() == {"It is ten.": "not repeated"}
    claiming.edit("templates/pages/one/en.md", "size > 0.1", "size > 0.2")
    claiming.edit("templates/pages/one/en.md", "turned > 5", "turned > 4")
    bifolio("reproduce", "--new-seeds")
    assert unconfirmed() == {"It is large.": "not confirmed yet", "It is ten.": "not confirmed yet"}
    planned = bifolio("reproduce", "--new-seeds", "--later", "drawn", "--dry-run")
    assert "5 runs on new seeds to do" in planned.out and "would run drawn seed 10 (cpu)" in planned.out
    assert "2 of 3 claims and statements" in bifolio("reproduce", "--new-seeds", "--later", "drawn").out
    assert unconfirmed() == {"It is ten.": "not repeated"}
    claiming.edit("templates/pages/one/en.md", "turned > 4", "turned > 5")  # what the first new seeds overturned
    bifolio("reproduce", "--new-seeds")
    assert unconfirmed() == {"It is ten.": "not repeated"}


def test_later_seeds_are_new_seeds(some: Report, bifolio: Bifolio) -> None:
    ended = bifolio("reproduce", "--later")
    assert ended.status == USED_WRONG and "--new-seeds --later" in ended.err
