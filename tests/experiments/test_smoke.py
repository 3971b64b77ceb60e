"""Every experiment, at smoke size, through the real runner, in a copy of the report with nothing optional at hand."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.project import Project, find_project
from generator.provenance.declaration import RunName
from generator.results.record import Result
from generator.results.store import image_path, read_result

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Report:
    """A copy of the report whose experiments were run, and what the runner said."""

    project: Project
    said: str

    def result(self, experiment: str, variant: str = "default") -> Result:
        return read_result(self.project, RunName(experiment, "smoke", variant, 0))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    root = tmp_path_factory.mktemp("report")
    nowhere = tmp_path_factory.mktemp("nowhere")
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    shutil.copytree(
        REPOSITORY / "experiments", root / "experiments", ignore=shutil.ignore_patterns("results", "__pycache__")
    )
    shutil.copytree(REPOSITORY / "templates" / "formulas", root / "templates" / "formulas")
    finished = subprocess.run(
        [sys.executable, "-m", "generator", "run", "--profile", "smoke"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "BIFOLIO_DATA": str(nowhere), "HF_HOME": str(nowhere)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return Report(find_project(root), finished.stdout + finished.stderr)


def test_what_is_not_on_this_machine_is_skipped_aloud(report: Report) -> None:
    skipped = [line for line in report.said.splitlines() if line.startswith("skipped")]
    assert len(skipped) == 2
    assert any("digits_mlp mnist" in line and "BIFOLIO_DATA" in line for line in skipped)
    assert any("text_generation gpt2" in line and "hf download gpt2" in line for line in skipped)


def test_digits_mlp_judges_on_the_test_part_and_beside_its_baselines(report: Report) -> None:
    result = report.result("digits_mlp")
    assert result.split is not None
    assert result.split.sizes == {"train": 1078, "validation": 359, "test": 359}
    confusion = result.tables["confusion"].rows
    assert sum(int(str(row[2])) for row in confusion) == 359
    right = sum(int(str(row[2])) for row in confusion if row[0] == row[1])
    assert result.values["accuracy"].number == pytest.approx(100 * right / 359)
    assert result.values["accuracy"].number > result.values["majority_accuracy"].number + 50
    assert result.values["baseline_parameters"].number == 64 * 10 + 10


def test_digits_mlp_shows_its_mistakes_surest_first(report: Report) -> None:
    result = report.result("digits_mlp")
    mistakes = result.samples["mistakes"].rows
    assert all(row["true"] != row["predicted"] for row in mistakes)
    confidences = [float(str(row["confidence"])) for row in mistakes]
    assert confidences == sorted(confidences, reverse=True)
    picture = result.images["misread_digits"]
    assert (picture.width, picture.height) == (64 * len(mistakes), 64)
    assert image_path(report.project, result.name, picture).is_file()


OPTIMIZERS = ("sgd", "momentum", "adam", "adamw", "adam_without_root")


def test_optimizers_search_the_same_rates_with_the_same_steps(report: Report) -> None:
    results = [report.result("optimizers", variant) for variant in OPTIMIZERS]
    searched = {tuple(row[0] for row in result.tables["search"].rows) for result in results}
    assert searched == {results[0].config["learning_rates"]}
    assert len({result.values["steps"].number for result in results}) == 1


@pytest.mark.parametrize("variant", OPTIMIZERS)
def test_optimizers_choose_the_rate_by_validation_loss(report: Report, variant: str) -> None:
    result = report.result("optimizers", variant)
    rows = [(float(str(row[1])), row[0]) for row in result.tables["search"].rows if row[1] is not None]
    assert (result.values["validation_loss"].number, result.values["learning_rate"].number) == min(rows)


def test_language_model_is_measured_on_the_characters_of_its_baselines(report: Report) -> None:
    values = {name: value.number for name, value in report.result("language_model").values.items()}
    assert values["perplexity"] == pytest.approx(math.exp(values["test_loss"]))
    assert values["bigram_perplexity"] < values["unigram_perplexity"] < values["vocabulary_size"]
    assert values["test_characters"] % report.result("language_model").config["context"] == 0  # type: ignore[operator]


def test_language_model_keeps_its_weights_without_pickle_and_its_vocabulary(report: Report) -> None:
    (folder,) = (path for path in report.project.weights.iterdir() if path.is_dir())
    assert {path.name for path in folder.iterdir()} >= {"config.json", "model.safetensors", "vocabulary.json"}
    assert not [path for path in folder.iterdir() if path.suffix in {".bin", ".pt", ".pkl"}]
    vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    assert len(vocabulary) == report.result("language_model").values["vocabulary_size"].number


def test_text_generation_compares_five_strategies_with_people(report: Report) -> None:
    result = report.result("text_generation")
    names = [row[0] for row in result.tables["strategies"].rows]
    assert names == ["greedy", "beam", "temperature", "top_k", "top_p", "human"]
    assert all(result.values[f"{name}_tokens_per_second"].timing for name in names[:-1])


def test_text_generation_shows_all_five_continuations_and_one_for_greedy(report: Report) -> None:
    rows = report.result("text_generation").samples["continuations"].rows
    for strategy in ("greedy", "beam", "temperature", "top_k", "top_p"):
        numbers = [row["number"] for row in rows if row["strategy"] == strategy]
        assert numbers == ([1] if strategy == "greedy" else [1, 2, 3, 4, 5]) * 2
    assert {len(str(row["continuation"])) for row in rows} == {12}  # one length, so that they compare


def test_greedy_decoding_refuses_five_sequences(report: Report) -> None:
    (row,) = report.result("text_generation").samples["refusal"].rows
    assert str(row["answer"]).startswith("ValueError")


def test_text_generation_has_the_split_of_the_model_that_it_uses(report: Report) -> None:
    assert report.result("text_generation").split == report.result("language_model").split


def test_formulas_compute_what_torch_computes_and_misprints_do_not(report: Report) -> None:
    result = report.result("formulas")
    assert result.values["largest_error_64"].number < 1e-12
    assert {row[1] for row in result.tables["errors"].rows} == {"sympy", "function"}
    assert result.values["adam_without_root"].number > 10
    assert result.values["binary_cross_entropy_parsed"].number > 10


def test_backpropagation_agrees_with_autograd_and_mistakes_do_not(report: Report) -> None:
    values = {name: value.number for name, value in report.result("backpropagation").values.items()}
    assert values["hand_autograd_64"] < 1e-12 < values["central_64_best"] < 1e-6
    assert min(values["forgotten_derivative"], values["updated_too_early"]) > 0.1
    assert values["passes_one_sided"] == values["parameters"] + 1
    assert values["backward_cost"] == 4 / 3


def test_attention_is_softer_when_its_scores_are_divided(report: Report) -> None:
    values = {name: value.number for name, value in report.result("attention").values.items()}
    assert 0 < values["unscaled_entropy"] < values["scaled_entropy"] < values["uniform_entropy"]
    assert values["variance_exponent"] == pytest.approx(1, abs=0.1)


def test_attention_map_looks_at_nothing_that_is_yet_to_come(report: Report) -> None:
    for name in ("chosen_map", "mean_map"):
        rows = report.result("attention_map").tables[name].rows
        labels = list(dict.fromkeys(row[0] for row in rows))
        assert len(rows) == len(labels) ** 2
        assert all(row[2] == 0 for row in rows if labels.index(row[1]) > labels.index(row[0]))
        assert sum(float(str(row[2])) for row in rows) == pytest.approx(len(labels))


def test_attention_map_has_the_split_of_the_model_that_it_uses(report: Report) -> None:
    assert report.result("attention_map").split == report.result("language_model").split
