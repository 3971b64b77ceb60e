"""What `attention_map` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from scipy.stats import spearmanr

from experiments.attention_map import most_backward_head, rank_correlation

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_rank_correlation_is_spearmans() -> None:
    numbers = torch.randn(2, 3, 9, generator=torch.Generator().manual_seed(0))
    found = rank_correlation(numbers[0], numbers[1])
    for row in range(3):
        assert found[row].item() == pytest.approx(spearmanr(numbers[0, row], numbers[1, row]).statistic)


def test_the_head_that_looks_one_place_back_is_found() -> None:
    weights = torch.full((2, 1, 3, 5, 5), 0.1)  # layers, texts, heads, places, places
    weights[1, 0, 2] = torch.eye(5).roll(-1, dims=1)
    assert most_backward_head(weights) == (1, 2)


def test_attention_map_looks_at_nothing_that_is_yet_to_come(smoke: Smoke) -> None:
    for name in ("chosen_map", "mean_map"):
        rows = smoke.result("attention_map").tables[name].rows
        labels = list(dict.fromkeys(row[0] for row in rows))
        assert len(rows) == len(labels) ** 2
        assert all(row[2] == 0 for row in rows if labels.index(row[1]) > labels.index(row[0]))
        assert sum(float(str(row[2])) for row in rows) == pytest.approx(len(labels))


def test_attention_map_has_the_split_of_the_model_that_it_uses(smoke: Smoke) -> None:
    assert smoke.result("attention_map").split == smoke.result("language_model").split
