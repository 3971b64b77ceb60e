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
from bifolio.project import Project, find_project
from bifolio.provenance.declaration import RunName
from bifolio.results.record import Result
from bifolio.results.store import image_path, read_result

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
        [sys.executable, "-m", "bifolio", "run", "--profile", "smoke"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "BIFOLIO_DATA": str(nowhere), "HF_HOME": str(nowhere)},
        capture_output=True,
        text=True,
        timeout=1200,
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
    folders = [path for path in report.project.weights.iterdir() if path.is_dir()]
    (folder,) = (path for path in folders if "GPT2LMHeadModel" in (path / "config.json").read_text(encoding="utf-8"))
    assert {path.name for path in folder.iterdir()} >= {"config.json", "model.safetensors", "vocabulary.json"}
    assert not [path for path in folder.iterdir() if path.suffix in {".bin", ".pt", ".pkl"}]
    vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    assert len(vocabulary) == report.result("language_model").values["vocabulary_size"].number


@pytest.mark.parametrize("variant", ["sizes_chinese", "sizes_english"])
def test_language_model_trains_four_sizes_on_the_same_text_and_one_size_on_four_amounts(
    report: Report, variant: str
) -> None:
    result = report.result("language_model", variant)
    sizes, amounts = result.tables["sizes"].rows, result.tables["amounts"].rows
    assert [row[0] for row in sizes] == [4, 8, 16, 32]
    assert [row[0] for row in amounts] == [steps * 8 * 64 for steps in (2, 5, 10, 20)]
    assert sizes[2][3] == amounts[3][1]  # half the full width, all of the text: one model stands in both
    inner = 12 * 32**2 + 13 * 32 + 2 * 32  # attention 4, feed-forward 8; their biases; the last norm of the layers
    assert sizes[3][1] == inner
    assert sizes[3][2] == inner + 32 * (64 + result.values["vocabulary_size"].number)


@pytest.mark.parametrize("variant", ["sizes_chinese", "sizes_english"])
def test_language_model_shows_every_size_the_same_prompts(report: Report, variant: str) -> None:
    result = report.result("language_model", variant)
    prompts = result.config["prompts"]
    assert isinstance(prompts, tuple)
    rows = result.samples["continuations"].rows
    assert len(rows) == 4 * len(prompts) * 2
    assert {row["parameters"] for row in rows} == {row[1] for row in result.tables["sizes"].rows}
    below = sum(float(str(row[3])) < result.values["bigram_loss"].number for row in result.tables["sizes"].rows)
    assert result.values["sizes_better_than_bigram"].number == below


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


def test_architectures_have_equally_many_parameters_and_the_same_search(report: Report) -> None:
    results = [report.result("architectures", name) for name in ("mlp", "cnn", "rnn", "lstm", "transformer")]
    for task in ("image", "sequence"):
        counts = [result.values[f"{task}_parameters"].number for result in results]
        assert max(counts) < 1.02 * min(counts)
    assert len({str(result.config["learning_rates"]) for result in results}) == 1
    assert len({result.values["sequence_majority_accuracy"].number for result in results}) == 1  # the same reviews


def test_batch_norm_counts_the_rates_that_end_above_the_mark(report: Report) -> None:
    for variant in ("with_norm", "without_norm", "he_weights"):
        result = report.result("batch_norm", variant)
        accuracies = [float(str(row[2])) for row in result.tables["search"].rows]
        mark = float(str(result.config["stable_accuracy"]))
        assert result.values["stable_rates"].number == sum(accuracy >= mark for accuracy in accuracies)


@pytest.mark.parametrize(("variant", "latent"), [("two", 2), ("eight", 8), ("one_draw", 8)])
def test_vae_reports_both_terms_of_its_bound(report: Report, variant: str, latent: int) -> None:
    result = report.result("vae", variant)
    values = {name: value.number for name, value in result.values.items()}
    assert values["elbo"] == pytest.approx(values["reconstruction"] - values["divergence"])
    assert values["log_likelihood"] >= values["elbo"]  # more draws only tighten the bound
    assert values["active_latents"] <= latent
    assert ("latent_decoded" in result.images) == (latent == 2)


@pytest.mark.parametrize("variant", ["standard", "saturating", "fast_generator"])
def test_gan_assigns_every_image_to_one_digit(report: Report, variant: str) -> None:
    result = report.result("gan", variant)
    for column in (1, 2, 3):
        assert sum(float(str(row[column])) for row in result.tables["shares"].rows) == pytest.approx(100)
    assert result.values["copies_classes"].number == 10
    assert 1 <= result.values["samples_effective_classes"].number <= 10


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


@pytest.mark.parametrize("variant", ["mlm", "mlm_nsp"])
def test_bert_fills_the_blanks_that_its_baselines_fill(report: Report, variant: str) -> None:
    values = {name: value.number for name, value in report.result("bert_pretraining", variant).values.items()}
    other = report.result("bert_pretraining", "mlm").values
    assert values["hidden_characters"] == other["hidden_characters"].number
    assert values["pairs_loss"] < values["unigram_loss"]
    assert values["perplexity"] == pytest.approx(math.exp(values["test_loss"]))
    assert ("next_half_accuracy" in values) == (variant == "mlm_nsp")


@pytest.mark.parametrize("variant", ["bag_of_words", "scratch", "pretrained", "pretrained_nsp"])
def test_sentiment_is_judged_alike_with_every_start(report: Report, variant: str) -> None:
    result = report.result("sentiment", variant)
    reliability = result.tables["reliability"].rows
    assert result.split == report.result("bert_pretraining", "mlm").split
    assert result.split is not None
    settings = result.config["strengths" if variant == "bag_of_words" else "learning_rates"]
    reviews = result.config["test_reviews"]
    assert isinstance(settings, tuple) and isinstance(reviews, int)
    assert sum(int(str(row[1])) for row in reliability) == min(reviews, result.split.sizes["test"])
    assert [row[0] for row in result.tables["search"].rows] == list(settings)
    assert result.values["setting"].number in settings
    assert ("pretraining_operations" in result.values) == variant.startswith("pretrained")


def test_tabular_mlp_trains_the_same_network_where_only_the_test_part_is_prepared_otherwise(report: Report) -> None:
    results = [report.result("tabular_mlp", variant) for variant in ("standardised", "twice", "test_statistics")]
    assert len({result.values["validation_loss"].number for result in results}) == 1
    assert len({result.values["largest_input"].number for result in results}) == 3
    raw = report.result("tabular_mlp", "raw")
    assert results[1].values["largest_input"].number == pytest.approx(raw.values["largest_input"].number, rel=1e-4)


@pytest.mark.parametrize("variant", ["standardised", "twice", "test_statistics", "raw"])
def test_tabular_mlp_counts_every_tumour_of_the_test_part_once(report: Report, variant: str) -> None:
    result = report.result("tabular_mlp", variant)
    counts = {(row[0], row[1]): int(str(row[2])) for row in result.tables["confusion"].rows}
    assert result.split is not None
    assert sum(counts.values()) == result.split.sizes["test"]
    assert result.values["accuracy"].number == pytest.approx(100 * (counts[0, 0] + counts[1, 1]) / sum(counts.values()))
    found = 100 * counts[0, 0] / (counts[0, 0] + counts[0, 1])
    assert result.values["malignant_recall"].number == pytest.approx(found)


@pytest.mark.parametrize("variant", ["constant", "step", "cosine", "warmup", "shifted", "noisy", "mirrored"])
def test_schedules_and_augmentation_beats_the_majority_and_searches_the_same_rates(
    report: Report, variant: str
) -> None:
    result = report.result("schedules_and_augmentation", variant)
    rows = result.tables["by_size"].rows
    assert tuple(row[0] for row in rows) == result.config["sizes"]
    assert all(row[1] in result.config["learning_rates"] for row in rows)  # type: ignore[operator]
    assert tuple(row[0] for row in result.tables["search"].rows) == result.config["learning_rates"]
    assert result.values["accuracy_1000"].number > result.values["majority_accuracy"].number + 30


def test_schedules_and_augmentation_chooses_the_rate_by_validation_loss(report: Report) -> None:
    result = report.result("schedules_and_augmentation", "cosine")
    rows = [(float(str(row[1])), row[0]) for row in result.tables["search"].rows if row[1] is not None]
    assert (result.values["validation_loss"].number, result.values["learning_rate"].number) == min(rows)


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
