"""How sets of generated images are judged."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from experiments.measures.generated_digits import Judgement, contact_sheet, independent_pixels, judge_images


def judgement(*shares: float) -> Judgement:
    return Judgement(shares, confidence=0.0, to_real=0.0, from_real=0.0)


def test_effective_classes_are_one_when_collapsed_and_ten_when_even() -> None:
    assert judgement(100.0, *(0.0,) * 9).effective == pytest.approx(1.0)
    assert judgement(*(10.0,) * 10).effective == pytest.approx(10.0)


def test_distances_tell_a_collapsed_set_from_one_that_strays() -> None:
    judge = nn.Linear(2, 10)
    real = torch.tensor([[0.0, 0.0], [1.0, 1.0]])
    collapsed = judge_images(real[:1], judge, real)
    assert collapsed.to_real == 0.0
    assert collapsed.from_real == pytest.approx(2**0.5 / 2)
    straying = judge_images(torch.cat([real, torch.tensor([[1.0, 0.0]])]), judge, real)
    assert straying.from_real == 0.0
    assert straying.to_real == pytest.approx(1 / 3)


def test_independent_pixels_keep_each_pixels_values_and_mix_the_images() -> None:
    images = torch.arange(12.0).reshape(4, 3)
    made = independent_pixels(images, 200)
    assert made.shape == (200, 3)
    assert all(set(made[:, pixel].tolist()) == set(images[:, pixel].tolist()) for pixel in range(3))
    assert len({tuple(row) for row in made.tolist()}) > len(images)


def test_a_contact_sheet_is_dark_on_white_and_filled_up_with_white() -> None:
    sheet = contact_sheet(torch.ones(3, 4), columns=2, height=2)
    assert sheet.shape == (25, 25)  # two pixels, a gap, two pixels, each five points wide
    assert sheet[0, 0] == 0.0
    assert sheet[12, 12] == 1.0
    assert torch.all(sheet[15:, 15:] == 1.0)
