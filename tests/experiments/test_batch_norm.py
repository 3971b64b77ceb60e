"""The deep perceptrons differ in normalisation and in the scale of their first weights only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from experiments.batch_norm import Config, deep_perceptron

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def scale_of_last_hidden(config: Config) -> float:
    torch.manual_seed(0)
    model = deep_perceptron(64, config)
    hidden = torch.nn.Sequential(*list(model.children())[:-1])  # type: ignore[arg-type]
    with torch.no_grad():
        return float(hidden(torch.rand(256, 64)).square().mean().sqrt())


def test_default_weights_shrink_the_signal_and_the_weights_of_he_keep_its_scale() -> None:
    entering = float(torch.rand(256, 64).square().mean().sqrt())
    assert scale_of_last_hidden(Config(norm=False)) < entering / 3
    assert scale_of_last_hidden(Config(norm=False, he_weights=True)) == pytest.approx(entering, rel=0.5)


def test_with_norm_the_scale_does_not_depend_on_the_weights() -> None:
    default, of_he = (scale_of_last_hidden(Config(norm=True, he_weights=he)) for he in (False, True))
    assert default == pytest.approx(of_he, rel=0.1)


def test_the_depths_differ_by_one_hidden_layer() -> None:
    for layers in (1, 2, 3, 4):
        model = deep_perceptron(64, Config(norm=False, he_weights=True, layers=layers))
        assert sum(isinstance(layer, torch.nn.Linear) for layer in model.children()) == layers + 1


def test_batch_norm_counts_the_rates_that_end_above_the_mark(smoke: Smoke) -> None:
    for variant in ("with_norm", "without_norm", "he_weights", "he_1", "he_2", "he_3"):
        result = smoke.result("batch_norm", variant)
        accuracies = [float(str(row[2])) for row in result.tables["search"].rows]
        mark = float(str(result.config["stable_accuracy"]))
        assert result.values["stable_rates"].number == sum(accuracy >= mark for accuracy in accuracies)
