"""The two terms of the ELBO, against distributions that torch knows and a likelihood that can be summed."""

from __future__ import annotations

import math

import pytest
import torch
from torch.distributions import Binomial, Normal, kl_divergence

from experiments.models.autoencoder import (
    DRAWS,
    Autoencoder,
    divergence,
    independent_log_likelihoods,
    log_likelihood,
    log_probability,
    measure,
)


@pytest.fixture
def model() -> Autoencoder:
    torch.manual_seed(0)
    return Autoencoder(pixels=3, hidden=4, latent=1)


@pytest.fixture
def images() -> torch.Tensor:
    return torch.tensor([[0.0, 0.5, 1.0], [0.25, 0.75, 0.0]])


def test_divergence_is_that_of_two_normal_distributions() -> None:
    mean, log_variance = torch.tensor([[0.0, 1.0]]), torch.tensor([[0.0, -2.0]])
    known = kl_divergence(Normal(mean, torch.exp(0.5 * log_variance)), Normal(0.0, 1.0))
    assert torch.allclose(divergence(mean, log_variance), known)


def test_pixels_are_binomial(model: Autoencoder, images: torch.Tensor) -> None:
    latent = torch.tensor([[0.3], [-1.0]])
    known = Binomial(DRAWS, logits=model.decoder(latent)).log_prob(DRAWS * images).sum(dim=1)
    assert torch.allclose(log_probability(model, latent, images), known, atol=1e-5)


def test_elbo_is_below_the_likelihood_that_an_integral_gives(model: Autoencoder, images: torch.Tensor) -> None:
    grid = torch.linspace(-8, 8, 4001)
    prior = Normal(0.0, 1.0).log_prob(grid)[:, None]
    joint = log_probability(model, grid[:, None, None].expand(-1, 2, 1), images) + prior
    known = (joint.logsumexp(dim=0) + math.log(16 / 4000)).mean().item()
    noise = torch.randn(100_000, 2, 1)
    assert log_likelihood(model, images, noise) == pytest.approx(known, abs=0.05)
    assert measure(model, images, noise).elbo < known


def test_independent_pixels_count_with_one_added() -> None:
    train, test = torch.tensor([[1.0], [0.0]]), torch.tensor([[1.0]])
    binomial, histogram = independent_log_likelihoods(train, test)
    assert binomial == pytest.approx(DRAWS * math.log(0.5))
    assert histogram == pytest.approx(math.log(2 / (2 + DRAWS + 1)))
