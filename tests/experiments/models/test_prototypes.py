"""A mixture of prototypes finds them, and its probabilities add up to one."""

from __future__ import annotations

import math

import pytest
import torch
from torch.distributions import Binomial

from experiments.models.autoencoder import DRAWS
from experiments.models.prototypes import Mixture, fit_mixture


def test_all_images_of_one_pixel_together_have_probability_one() -> None:
    mixture = Mixture(torch.tensor([0.25, 0.75]), torch.tensor([[0.1], [0.6]]))
    every = torch.arange(DRAWS + 1.0)[:, None] / DRAWS
    assert mixture.joint(every).logsumexp(dim=1).exp().sum().item() == pytest.approx(1.0, abs=1e-5)
    known = (mixture.shares * Binomial(DRAWS, mixture.ink[:, 0]).log_prob(torch.tensor(4.0)).exp()).sum().log().item()
    assert mixture.log_likelihood(torch.tensor([[0.25]])) == pytest.approx(known, abs=1e-5)


def test_two_kinds_of_images_become_two_prototypes() -> None:
    torch.manual_seed(0)  # begins from one image of each kind
    images = torch.tensor([[0.0, 1.0]] * 30 + [[1.0, 0.0]] * 10)
    alone, two = fit_mixture(images, 1, 5), fit_mixture(images, 2, 30)
    assert two.log_likelihood(images) > alone.log_likelihood(images)
    assert alone.ink[0].tolist() == pytest.approx(
        [(DRAWS * 10 + 1) / (DRAWS * 40 + 2), (DRAWS * 30 + 1) / (DRAWS * 40 + 2)]
    )
    assert two.parameters == 5


def test_draws_are_prototypes_as_often_as_their_shares_say() -> None:
    torch.manual_seed(0)
    drawn = Mixture(torch.tensor([0.9, 0.1]), torch.tensor([[0.2], [0.8]])).draw(1000)
    assert math.isclose((drawn == 0.2).float().mean().item(), 0.9, abs_tol=0.05)
