"""The five architectures really have equally many parameters, and read what they are said to read."""

from __future__ import annotations

import pytest
import torch

from experiments.models.equal_sized import ARCHITECTURES, Images, Texts, build
from experiments.models.parameters import count_parameters

IMAGES = (Images(side=8, classes=10), 5100)
TEXTS = (Texts(length=40, tokens=1000, vector=16, classes=2), 28300)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(("task", "parameters"), [IMAGES, TEXTS], ids=["images", "texts"])
def test_parameters_are_equal_within_two_percent(architecture: str, task: Images | Texts, parameters: int) -> None:
    assert count_parameters(build(architecture, task, parameters)) == pytest.approx(parameters, rel=0.02)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_architecture_scores_every_class_of_both_tasks(architecture: str) -> None:
    assert build(architecture, *IMAGES)(torch.rand(3, 64)).shape == (3, 10)
    assert build(architecture, *TEXTS)(torch.randint(1000, (3, 40))).shape == (3, 2)


def test_an_unknown_architecture_is_named() -> None:
    with pytest.raises(ValueError, match="unknown architecture 'tree'"):
        build("tree", *IMAGES)
