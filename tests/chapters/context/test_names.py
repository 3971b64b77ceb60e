"""What templates name, and what that means."""

from __future__ import annotations

from bifolio.chapters import render
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered


def test_numbers_and_texts_of_a_config(tiny: Project) -> None:
    text = rendered(
        tiny, "{{ dice.fair.config.throws }} {{ dice.fair.config.kind }} {{ dice.seeds }} {{ dice.question }}"
    )
    assert text == "1,200 fair&#95;&#42;die&#42; 3 How soon does the mean of thrown dice settle?"
    assert rendered(tiny, '{{ "yes" if dice.loaded.config.kind == "loaded" }}') == "yes"


def test_variants_with_numbers_of_seeds_of_their_own_are_named(tiny: Project) -> None:
    path = tiny.experiments / "dice.py"
    path.write_text(path.read_text().replace('"fair": Config()', '"fair": Variant(Config(), seeds=2)'))
    assert rendered(tiny, "{{ dice.fair.seeds }} {{ dice.loaded.seeds }} {{ letters.greedy.seeds }}") == "2 3 3"
    assert refused(tiny, "{{ dice.seeds }}").splitlines()[1:] == [
        "  found:    dice.seeds",
        "  expected: dice.fair.seeds or dice.loaded.seeds",
    ]


def test_a_language_asks_an_experiments_question_in_its_own_words(tiny: Project) -> None:
    render(tiny)
    asked = "Wie bald steht der Mittelwert eines Würfels fest?"
    assert f"<br>{asked} |" in (tiny.docs / "de/evidence/index.md").read_text(encoding="utf-8")
    assert f"> {asked}\n" in (tiny.docs / "de/evidence/dice.md").read_text(encoding="utf-8")
    assert "> How soon does the mean of thrown dice settle?\n" in (tiny.docs / "en/evidence/dice.md").read_text("utf-8")
