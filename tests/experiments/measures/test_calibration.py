"""F1 and the calibration error are what one computes by hand."""

from __future__ import annotations

import pytest
import torch

from experiments.measures.calibration import calibration_error, f1_score, reliability


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    guesses, labels = torch.tensor([1, 1, 1, 0, 0]), torch.tensor([1, 1, 0, 1, 0])
    precision, recall = 2 / 3, 2 / 3
    assert f1_score(guesses, labels) == pytest.approx(100 * 2 * precision * recall / (precision + recall))
    assert f1_score(torch.zeros(5, dtype=torch.long), labels) == 0


def test_probabilities_that_come_true_are_calibrated() -> None:
    chances = torch.tensor([0.75] * 4 + [0.25] * 4, dtype=torch.double)
    labels = torch.tensor([1, 1, 1, 0, 0, 0, 0, 1])
    bins = reliability(chances, labels)
    assert [(one.low, one.count, one.observed) for one in bins] == [(0.2, 4, 0.25), (0.7, 4, 0.75)]
    assert calibration_error(bins) == pytest.approx(0)


def test_the_calibration_error_weighs_bins_by_their_answers() -> None:
    chances = torch.tensor([1.0, 1.0, 1.0, 0.05], dtype=torch.double)
    labels = torch.tensor([1, 1, 0, 0])
    assert calibration_error(reliability(chances, labels)) == pytest.approx(100 * (3 * (1 / 3) + 0.05) / 4)
