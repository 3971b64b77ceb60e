"""What the generator minimises, and the correlation of two series."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
import torch

from experiments.gan import generator_loss, rank_correlation

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_both_losses_fall_as_the_discriminator_is_fooled() -> None:
    refused, fooled = torch.tensor([-3.0]), torch.tensor([3.0])
    for kind in ("saturating", "non_saturating"):
        assert generator_loss(fooled, kind) < generator_loss(refused, kind)


def test_losses_are_those_of_the_paper() -> None:
    logit = torch.tensor([math.log(0.25 / 0.75)])  # D says: real with a probability of a quarter
    assert generator_loss(logit, "saturating").item() == pytest.approx(math.log(0.75))
    assert generator_loss(logit, "non_saturating").item() == pytest.approx(-math.log(0.25))
    with pytest.raises(ValueError, match="wasserstein"):
        generator_loss(logit, "wasserstein")


def test_the_printed_loss_has_almost_no_slope_where_every_drawing_is_refused() -> None:
    slopes = {}
    for kind in ("saturating", "non_saturating"):
        logit = torch.tensor([-8.0], requires_grad=True)
        generator_loss(logit, kind).backward()  # type: ignore[no-untyped-call]
        assert logit.grad is not None
        slopes[kind] = abs(logit.grad.item())
    assert slopes["saturating"] < 0.001 < 0.99 < slopes["non_saturating"]


def test_rank_correlation_asks_only_for_the_order() -> None:
    assert rank_correlation([1.0, 2.0, 30.0], [0.1, 0.5, 0.6]) == pytest.approx(1.0)
    assert rank_correlation([1.0, 2.0, 30.0], [3.0, 2.0, 1.0]) == pytest.approx(-1.0)


@pytest.mark.parametrize("variant", ["standard", "saturating", "fast_generator"])
def test_gan_assigns_every_image_to_one_digit(smoke: Smoke, variant: str) -> None:
    result = smoke.result("gan", variant)
    for column in (1, 2, 3):
        assert sum(float(str(row[column])) for row in result.tables["shares"].rows) == pytest.approx(100)
    assert result.values["copies_classes"].number == 10
    assert 1 <= result.values["samples_effective_classes"].number <= 10
