"""A mixture of prototypes: every image is ink scattered about one of a few mean images."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from experiments.models.autoencoder import DRAWS, orderings


@dataclass(frozen=True)
class Mixture:
    """How often each prototype is drawn (count), and its expected ink (count × pixels), above 0 and below 1."""

    shares: torch.Tensor
    ink: torch.Tensor

    def joint(self, images: torch.Tensor) -> torch.Tensor:
        """Return ln p(image, prototype) (images × count); pixels are binomial, as those of the autoencoder."""
        inked = images @ self.ink.log().T + (1 - images) @ (1 - self.ink).log().T
        return orderings(images)[:, None] + DRAWS * inked + self.shares.log()

    def log_likelihood(self, images: torch.Tensor) -> float:
        """Return the mean of ln p(image), in nats."""
        return self.joint(images).logsumexp(dim=1).mean().item()

    def draw(self, count: int) -> torch.Tensor:
        """Return the expected ink of prototypes drawn by their shares (count × pixels)."""
        return self.ink[torch.multinomial(self.shares, count, replacement=True)]

    @property
    def parameters(self) -> int:
        return self.ink.numel() + len(self.shares) - 1


def fit_mixture(images: torch.Tensor, count: int, iterations: int) -> Mixture:
    """Fit by expectation maximisation (Dempster et al., 1977), begun halfway between training images and their mean.

    One inked and one empty point, and one image, are added to every prototype, so that nothing is impossible.
    """
    some = images[torch.randperm(len(images))[:count]]
    ink = ((some + images.mean(dim=0)) / 2).clamp(0.01, 0.99)
    mixture = Mixture(torch.full((count,), 1 / count).to(images.device), ink)
    for _ in range(iterations):
        belongs = mixture.joint(images).softmax(dim=1)
        held = belongs.sum(dim=0)
        ink = (DRAWS * belongs.T @ images + 1) / (DRAWS * held[:, None] + 2)
        mixture = Mixture((held + 1) / (len(images) + count), ink)
    return mixture
