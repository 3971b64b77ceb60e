"""Evidence pages say what was declared of quantities, and whether before the first run."""

from __future__ import annotations

import dataclasses
import re

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError
from bifolio.project import Project
from bifolio.provenance.declaration import RunName
from bifolio.results.ledger import keep_ledgers, ledger_path
from bifolio.results.new_seeds import on_new_seeds
from bifolio.results.store import read_result, write_result

DECLARED = (
    '"mean": Quantity(range=(1, 6), matters=0.25, reason="a *bet*"), "s*": Quantity(exact=True),'
    ' "waits.throws": Quantity(range=(1, None)), "running_mean.*": Quantity(range=(None, 1500)),'
)


@pytest.fixture
def declared(edited: Project) -> Project:
    """Return a rendered report that declares quantities since; the ledger does not know."""
    path = edited.experiments / "dice.py"
    path.write_text(path.read_text().replace("seeds=3,", f"seeds=3, quantities={{{DECLARED}}},"))
    render(edited)
    return edited


def listed(project: Project, language: str = "en") -> list[str]:
    text = (project.docs / language / "evidence" / "dice.md").read_text(encoding="utf-8")
    return text.split("{#about-quantities}\n\n", 1)[1].split("\n\n", 1)[0].splitlines()


def test_each_declaration_is_an_item(declared: Project) -> None:
    keep_ledgers(declared)
    render(declared)
    assert listed(declared) == [
        "- `mean` · between 1 and 6 · a difference of 0.25 matters: a &#42;bet&#42;"
        " · declared afterwards: seeds 0–2 had been run",
        "- `s*` · computed exactly",
        "- `waits.throws` · at least 1",
        "- `running_mean.*` · at most 1,500",
    ]
    assert listed(declared, "zh")[0].endswith("事后声明：种子 0–2 当时已经运行")
    assert listed(declared, "de")[3] == "- `running_mean.*` · höchstens 1.500"


def test_an_experiment_that_declares_nothing_has_no_such_section(edited: Project) -> None:
    assert "about-quantities" not in (edited.docs / "en/evidence/dice.md").read_text(encoding="utf-8")


def test_only_pages_that_show_the_ledger_are_made_anew_when_it_changes(declared: Project) -> None:
    assert listed(declared)[0].endswith("not yet in the ledger")
    assert render(declared).written == ()
    keep_ledgers(declared)
    pages = ("evidence/dice.md", "chance.md", "evidence/claims.md")  # the last two hold conditions that hang on it
    assert set(render(declared).written) == {f"{language}/{page}" for language in declared.languages for page in pages}


def test_what_was_declared_before_the_first_run_says_so(declared: Project) -> None:
    results = declared.experiments / "results" / "dice"
    results.rename(results.with_name("aside"))
    keep_ledgers(declared)
    ledger = ledger_path(declared, "dice").read_bytes()
    ledger_path(declared, "dice").unlink()
    results.rmdir()
    results.with_name("aside").rename(results)
    ledger_path(declared, "dice").write_bytes(ledger)
    keep_ledgers(declared)
    render(declared)
    assert "declared before the first run" in listed(declared)[0]


def hanging(project: Project) -> str:
    """Return the block of a question that hangs on what is said to matter, whose seeds are as many as need be."""
    for language in project.languages:
        path = project.templates / f"pages/index/{language}.md"
        text = path.read_text(encoding="utf-8").partition("\n{% question")[0]
        asked = '{% question expected="not supported" if=dice.fair.mean ≈ dice.loaded.mean %}Alike?{% endquestion %}'
        path.write_text(f"{text}\n{asked}\n", encoding="utf-8")
    render(project)
    return (project.docs / "en/index.md").read_text(encoding="utf-8")


def test_a_condition_that_hangs_on_what_was_declared_late_says_so_until_later_seeds_answer(declared: Project) -> None:
    keep_ledgers(declared)
    assert "declared afterwards: what matters was declared when these seeds had been run" in hanging(declared)
    assert "declared afterwards" in (declared.docs / "en/evidence/claims.md").read_text(encoding="utf-8")
    later(declared)
    assert "declared afterwards" not in hanging(declared)


def later(declared: Project) -> None:
    """Store seeds of both variants that were not run before."""
    for variant in ("fair", "loaded"):
        result = read_result(declared, RunName("dice", "cpu", variant, 0))
        for seed in (3, 4, 6):
            one = dataclasses.replace(result, name=dataclasses.replace(result.name, seed=seed))
            write_result(on_new_seeds(declared), one, {})
    keep_ledgers(declared)


def test_later_seeds_answer(declared: Project) -> None:
    keep_ledgers(declared)
    later(declared)
    render(declared)
    assert listed(declared)[0].endswith("declared after seeds 0–2 had been run; seeds 3–4, 6 were first run later")


def test_a_reason_has_words_of_its_own_in_another_language(declared: Project) -> None:
    words = declared.templates / "words.de.toml"
    words.write_text(words.read_text(encoding="utf-8") + '\n[reason.dice]\n"mean" = "eine Wette"\n', encoding="utf-8")
    render(declared)
    assert "ein Unterschied von 0,25 zählt: eine Wette" in listed(declared, "de")[0]


def test_a_damaged_ledger_stops_the_page(declared: Project) -> None:
    keep_ledgers(declared)
    path = ledger_path(declared, "dice")
    path.write_text(path.read_text().replace("0.25", "0.5"))
    with pytest.raises(BifolioError, match=r"ledger\.json:2: this result does not match its checksum"):
        render(declared)


def test_a_value_that_declares_its_range_is_shown_from_low_to_high(declared: Project) -> None:
    text = (declared.docs / "en/evidence/dice.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    rows = [line for line in text.splitlines() if re.match(r'\| <span id="\w+-mean">', line)]
    assert rows and all(re.search(r"\| [\d.]+ \([\d.]+–[\d.]+\) \| 3 \|", row) for row in rows)
    assert "±" not in "".join(rows)
    chapter = (declared.docs / "en/chance.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert re.search(r"dice\.\w+\.mean · mean: [\d.]+, 95 % interval [\d.]+–[\d.]+", chapter)
    assert re.search(r"\[[\d.]+ \([\d.]+–[\d.]+\)\]\(evidence/dice\.md#\w+-mean", chapter)
