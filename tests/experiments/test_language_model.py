"""What `language_model` records at smoke size."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_language_model_is_measured_on_the_characters_of_its_baselines(smoke: Smoke) -> None:
    values = {name: value.number for name, value in smoke.result("language_model").values.items()}
    assert values["perplexity"] == pytest.approx(math.exp(values["test_loss"]))
    assert values["bigram_perplexity"] < values["unigram_perplexity"] < values["vocabulary_size"]
    assert values["four_gram_perplexity"] < values["trigram_perplexity"] < values["bigram_perplexity"]
    assert values["four_gram_covered"] < values["trigram_covered"] < values["bigram_covered"] < 100
    assert values["test_characters"] % smoke.result("language_model").config["context"] == 0  # type: ignore[operator]


def test_language_model_keeps_its_weights_without_pickle_and_its_vocabulary(smoke: Smoke) -> None:
    folders = [path for path in smoke.project.weights.iterdir() if path.is_dir()]
    (folder,) = (path for path in folders if "GPT2LMHeadModel" in (path / "config.json").read_text(encoding="utf-8"))
    assert {path.name for path in folder.iterdir()} >= {"config.json", "model.safetensors", "vocabulary.json"}
    assert not [path for path in folder.iterdir() if path.suffix in {".bin", ".pt", ".pkl"}]
    vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    assert len(vocabulary) == smoke.result("language_model").values["vocabulary_size"].number


def test_language_model_says_whether_the_cap_ended_its_training(smoke: Smoke) -> None:
    result = smoke.result("language_model")
    steps = [row[0] for row in result.tables["learning_curve"].rows]
    assert steps == [step * 8 * 64 for step in (10, 20, 30)], "twenty at a constant rate, ten at a falling one"
    assert result.values["capped"].number == 100
    assert result.values["tokens_seen"].number == 30 * 8 * 64


def test_a_blend_with_the_longest_counts_is_no_worse_than_the_network_by_itself(smoke: Smoke) -> None:
    result = smoke.result("language_model")
    assert result.choices["blend_share"] in {number / 10 for number in range(11)}
    assert result.values["blend_perplexity"].number <= result.values["perplexity"].number


def test_language_model_trains_four_sizes_on_the_same_text_and_one_size_on_four_amounts(smoke: Smoke) -> None:
    result = smoke.result("language_model", "english")
    sizes, amounts = result.tables["sizes"].rows, result.tables["amounts"].rows
    assert [row[0] for row in sizes] == [4, 8, 16, 32]
    assert [row[0] for row in amounts] == [steps * 8 * 64 for steps in (2, 5, 10, 20)]
    assert sizes[2][3] == amounts[3][1]  # half the full width, all of the text: one model stands in both
    inner = 12 * 32**2 + 13 * 32 + 2 * 32  # attention 4, feed-forward 8; their biases; the last norm of the layers
    assert sizes[3][1] == inner
    assert sizes[3][2] == inner + 32 * (64 + result.values["vocabulary_size"].number)


def test_language_model_shows_every_size_the_same_prompts(smoke: Smoke) -> None:
    result = smoke.result("language_model", "english")
    prompts = result.config["prompts"]
    assert isinstance(prompts, tuple)
    rows = result.samples["continuations"].rows
    assert len(rows) == 4 * len(prompts) * 2
    assert {row["parameters"] for row in rows} == {row[1] for row in result.tables["sizes"].rows}
