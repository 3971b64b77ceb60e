"""What `backpropagation` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_backpropagation_agrees_with_autograd_and_mistakes_do_not(smoke: Smoke) -> None:
    values = {name: value.number for name, value in smoke.result("backpropagation").values.items()}
    assert values["hand_autograd_64"] < 1e-12 < values["central_64_best"] < 1e-6
    assert values["one_output_64"] < 1e-12
    assert min(values[name] for name in ("forgotten_derivative", "forgotten_weight", "updated_too_early")) > 0.1
    assert values["passes_one_sided"] == values["parameters"] + 1
    assert values["backward_cost"] == 4 / 3
