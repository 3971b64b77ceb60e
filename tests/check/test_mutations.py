"""The report in this repository, spoiled in one place: each time the rule that is for it says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.check import RULES, Finding, check
from bifolio.check.subject import Subject
from bifolio.project import Project, find_project

from tests.check.conftest import change, edit

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("docs", "experiments", "templates", "pyproject.toml", "references.bib")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the report with what a check remembers of it; nobody writes into it."""
    folder = tmp_path_factory.mktemp("whole") / "report"
    folder.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, folder / part)
    assert check(find_project(folder)) == ()
    return folder


@pytest.fixture
def spoiled(whole: Path, tmp_path: Path) -> Project:
    shutil.copytree(whole, tmp_path / "report")
    return find_project(tmp_path / "report")


def fired(project: Project) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in check(project):
        found.setdefault(finding.rule, []).append(finding)
    return found


def stale(project: Project) -> set[str]:
    return {finding.file for finding in RULES["stale-result"](Subject(project))}


def test_one_number_of_one_edition(spoiled: Project) -> None:
    edit(
        spoiled.templates / "pages/background/en.md",
        "{{ digits_mlp.parameters }}",
        "{{ digits_mlp.baseline_parameters }}",
    )
    found = fired(spoiled)
    (finding,) = found["reference-parity"]
    assert (finding.file, finding.edition) == ("templates/pages/background/en.md", "en")
    assert "digits_mlp.baseline_parameters" in finding.found and "digits_mlp.parameters" in finding.expected
    assert set(found) == {"reference-parity", "outdated-docs", "drift"}


def test_a_heading_that_is_deleted(spoiled: Project) -> None:
    edit(spoiled.templates / "pages/mathematics/en.md", "\n## Attention {#attention}\n", "")
    (finding,) = fired(spoiled)["heading-parity"]
    assert (finding.file, finding.edition) == ("templates/pages/mathematics/en.md", "en")
    assert "{#attention}" in finding.expected


def test_two_figures_that_are_swapped(spoiled: Project) -> None:
    def swap(text: str) -> str:
        first, second = (
            next(block for block in text.split("\n\n") if block.startswith(f"{{{{ figure({name}.learning_curve"))
            for name in ("digits_mlp", "language_model")
        )
        return text.replace(first, "\0").replace(second, first).replace("\0", second)

    change(spoiled.templates / "pages/background/zh.md", swap)
    findings = fired(spoiled)["reference-parity"]
    assert findings[0].file == "templates/pages/background/en.md"
    assert "figure digits_mlp.learning_curve" in findings[0].found
    assert "figure language_model.learning_curve" in findings[0].expected


def test_a_line_of_an_experiment(spoiled: Project) -> None:
    edit(spoiled.experiments / "digits_mlp.py", "batch: int = 32", "batch: int = 64")
    findings = fired(spoiled)["stale-result"]
    assert {finding.file for finding in findings} == {"experiments/digits_mlp.py"}


def test_a_comment_of_an_experiment(spoiled: Project) -> None:
    change(spoiled.experiments / "digits_mlp.py", lambda text: text + "\n# A comment changes nothing.\n")
    assert set(fired(spoiled)) == {"outdated-docs"}, "the evidence page shows the code"
    render(spoiled)
    assert fired(spoiled) == {}


@pytest.mark.parametrize(
    ("module", "users"),
    [
        (
            "splits/reviews",
            {
                *("attention_map", "bert_pretraining", "language_model"),
                *("review_architectures", "sentiment", "text_generation"),
            },
        ),
        ("measures/text", {"text_generation"}),
        ("measures/generated_digits", {"gan", "plain_generators", "vae"}),
    ],
)
def test_a_shared_module_makes_its_users_stale_and_nothing_else(spoiled: Project, module: str, users: set[str]) -> None:
    assert stale(spoiled) == set()
    change(spoiled.experiments / f"{module}.py", lambda text: text + "\nCHANGED = 1\n")
    assert stale(spoiled) == {f"experiments/{name}.py" for name in users}


def test_a_result_that_is_corrupt(spoiled: Project) -> None:
    file = "experiments/results/optimizers/cpu/adam/seed-3.json"
    change(spoiled.root / file, lambda text: text[: len(text) // 2])
    assert [finding.file for finding in RULES["corrupt-result"](Subject(spoiled))] == [file]
    assert "corrupt-result" in fired(spoiled)


def test_a_citation_and_a_link(spoiled: Project) -> None:
    edit(spoiled.templates / "pages/mathematics/en.md", "[@polyak1964some]", "[@polyak1964]")
    edit(spoiled.templates / "pages/background/en.md", "practice.md#decoding", "practice.md#encoding")
    found = fired(spoiled)
    assert [finding.file for finding in found["unknown-citation"]] == ["templates/pages/mathematics/en.md"]
    assert "practice.md#encoding" in {finding.found for finding in found["dead-link"]}


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            "contradicted-claim",
            "{% claim language_model.longer.trigram_perplexity < language_model.longer.perplexity %}",
            "{% claim language_model.longer.trigram_perplexity > language_model.longer.perplexity %}",
        ),
        (
            "unsupported-claim",
            "{% claim digits_mlp.neighbours_accuracy > digits_mlp.baseline_accuracy %}",
            "{% claim digits_mlp.neighbours_accuracy > digits_mlp.accuracy %}",
        ),
        (
            "changed-outcome",
            'expected="not supported" if=digits_mlp.accuracy > digits_mlp.baseline_accuracy %}',
            'expected="holds" if=digits_mlp.accuracy > digits_mlp.baseline_accuracy %}',
        ),
    ],
)
def test_a_claim_that_is_flipped(spoiled: Project, rule: str, before: str, after: str) -> None:
    for language in spoiled.languages:
        edit(spoiled.templates / f"pages/background/{language}.md", before, after)
    found = fired(spoiled)
    assert set(found) == {rule}
    for finding, language in zip(found[rule], spoiled.languages, strict=True):
        template = spoiled.templates / f"pages/background/{language}.md"
        assert (finding.file, finding.edition) == (f"templates/pages/background/{language}.md", language)
        assert after in template.read_text(encoding="utf-8").splitlines()[finding.line - 1]


def test_a_claim_of_one_edition(spoiled: Project) -> None:
    file = spoiled.templates / "pages/practice/en.md"
    edit(file, "text_generation.greedy_repetition > 10 * ", "text_generation.greedy_repetition > 9 * ")
    found = fired(spoiled)
    (finding,) = found["reference-parity"]
    assert (finding.file, finding.edition) == ("templates/pages/practice/en.md", "en")
    assert "claim text_generation.greedy_repetition > 9 * text_generation.human_repetition" in finding.found
    assert "claim text_generation.greedy_repetition > 10 * text_generation.human_repetition" in finding.expected
    assert set(found) == {"reference-parity", "outdated-docs", "drift"}
