"""A small variational autoencoder of images whose pixels count ink, and what such models make of unseen images."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

DRAWS = 16  # a pixel counts the ink in a block of 4×4 points of the scanned original


@dataclass(frozen=True)
class Bound:
    """Means over images, in nats per image: elbo = reconstruction - divergence."""

    reconstruction: float
    divergence: float

    @property
    def elbo(self) -> float:
        return self.reconstruction - self.divergence


class Autoencoder(nn.Module):
    """Encoder and decoder of one hidden layer each (Kingma and Welling, 2014, appendix C)."""

    def __init__(self, pixels: int, hidden: int, latent: int) -> None:
        super().__init__()
        self.latent = latent
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels))

    def encode(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the mean and the log variance of the latent numbers (count × latent each)."""
        mean, log_variance = self.encoder(images).chunk(2, dim=1)
        return mean, log_variance

    def decode(self, latent: torch.Tensor) -> torch.Tensor:
        """Return the expected ink of every pixel (count × pixels), from 0 to 1."""
        return torch.sigmoid(self.decoder(latent))


def log_probability(model: Autoencoder, latent: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    """Return log p(x|z) (nats per image): each pixel is binomial, 16 points of which some are ink."""
    logits = model.decoder(latent)
    each = binary_cross_entropy_with_logits(logits, images.expand_as(logits), reduction="none")
    return orderings(images) - DRAWS * each.sum(dim=-1)


def orderings(images: torch.Tensor) -> torch.Tensor:
    """Return the log of the binomial coefficients, summed over the pixels (count); what no model can change."""
    ink = DRAWS * images
    return (math.lgamma(DRAWS + 1) - torch.lgamma(ink + 1) - torch.lgamma(DRAWS - ink + 1)).sum(dim=-1)


def divergence(mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """Return KL(q(z|x) || N(0, 1)) of every latent number (count × latent; Kingma and Welling, appendix B)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance)


@torch.no_grad()
def measure(model: Autoencoder, images: torch.Tensor, noise: torch.Tensor) -> Bound:
    """Return both terms of the ELBO; `noise` (draws × count × latent) stands for the expectation over q."""
    mean, log_variance = model.encode(images)
    latent = mean + torch.exp(0.5 * log_variance) * noise
    reconstruction = log_probability(model, latent, images).mean().item()
    return Bound(reconstruction, divergence(mean, log_variance).sum(dim=1).mean().item())


@torch.no_grad()
def log_likelihood(model: Autoencoder, images: torch.Tensor, noise: torch.Tensor) -> float:
    """Estimate log p(x) by importance sampling from q(z|x) (Rezende et al., 2014); never above it on average."""
    mean, log_variance = model.encode(images)
    latent = mean + torch.exp(0.5 * log_variance) * noise
    prior_over_posterior = 0.5 * (noise.square() + log_variance - latent.square()).sum(dim=2)
    weights = log_probability(model, latent, images) + prior_over_posterior
    return (weights.logsumexp(dim=0) - math.log(len(noise))).mean().item()


def independent_log_likelihoods(train: torch.Tensor, test: torch.Tensor) -> tuple[float, float]:
    """Return log p(x) per test image when pixels are independent: binomial ink, and a histogram of the 17 levels.

    Both add one to every count, so that nothing unseen is impossible.
    """
    ink = (DRAWS * train.sum(dim=0) + 1) / (DRAWS * len(train) + 2)
    binomial = orderings(test) + DRAWS * (test * ink.log() + (1 - test) * (1 - ink).log()).sum(dim=1)
    levels = one_hot((DRAWS * train).round().long(), DRAWS + 1).sum(dim=0) + 1.0
    odds = (levels / levels.sum(dim=1, keepdim=True)).log()
    histogram = odds.gather(1, (DRAWS * test).round().long().T).sum(dim=0)
    return binomial.mean().item(), histogram.mean().item()
