"""Principal components of images, as a code that can be rebuilt from, and as a generator."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class PrincipalComponents:
    """The mean image (pixels), the directions of largest spread (count × pixels), the spread along each (count)."""

    mean: torch.Tensor
    directions: torch.Tensor
    deviations: torch.Tensor

    def rebuild(self, images: torch.Tensor) -> torch.Tensor:
        """Return what the components alone keep of images (count × pixels)."""
        return (images - self.mean) @ self.directions.T @ self.directions + self.mean

    def draw(self, count: int) -> torch.Tensor:
        """Return images (count × pixels) of normal scores with the spread of the training scores, cut to 0..1."""
        scores = torch.randn(count, len(self.deviations)).to(self.mean.device) * self.deviations
        return (scores @ self.directions + self.mean).clamp(0.0, 1.0)


def principal_components(images: torch.Tensor, count: int) -> PrincipalComponents:
    """Return the first `count` components of images (rows × pixels)."""
    mean = images.mean(dim=0)
    _, singular, directions = torch.linalg.svd(images - mean, full_matrices=False)
    deviations = singular[:count] / (len(images) - 1) ** 0.5
    return PrincipalComponents(mean, directions[:count], deviations)
