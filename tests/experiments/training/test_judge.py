"""The judge of generated digits can read."""

from __future__ import annotations

import torch

from experiments.measures.classification import evaluate
from experiments.splits.parts import Part, Parts
from experiments.training.judge import train_judge


def test_the_judge_learns_to_tell_classes_apart() -> None:
    torch.manual_seed(0)
    labels = torch.arange(100) % 10
    part = Part(torch.nn.functional.one_hot(labels, 64).float(), labels)
    judge = train_judge(Parts(part, part, part, height=8, width=8))
    assert evaluate(judge, part)[1] == 100.0
