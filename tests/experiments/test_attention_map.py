import pytest
import torch
from scipy.stats import spearmanr

from experiments.attention_map import most_backward_head, rank_correlation


def test_rank_correlation_is_spearmans() -> None:
    numbers = torch.randn(2, 3, 9, generator=torch.Generator().manual_seed(0))
    found = rank_correlation(numbers[0], numbers[1])
    for row in range(3):
        assert found[row].item() == pytest.approx(spearmanr(numbers[0, row], numbers[1, row]).statistic)


def test_the_head_that_looks_one_place_back_is_found() -> None:
    weights = torch.full((2, 1, 3, 5, 5), 0.1)  # layers, texts, heads, places, places
    weights[1, 0, 2] = torch.eye(5).roll(-1, dims=1)
    assert most_backward_head(weights) == (1, 2)
