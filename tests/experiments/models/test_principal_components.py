"""Principal components rebuild what they span, and their draws have its spread."""

from __future__ import annotations

import torch

from experiments.models.principal_components import principal_components


def test_images_of_one_direction_are_rebuilt_from_one_component() -> None:
    images = torch.tensor([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    assert torch.allclose(principal_components(images, 1).rebuild(images), images, atol=1e-6)


def test_draws_spread_as_the_images_do_and_stay_between_nought_and_one() -> None:
    torch.manual_seed(0)
    images = torch.stack([torch.linspace(0.4, 0.6, 50), torch.full((50,), 0.5)], dim=1)
    drawn = principal_components(images, 1).draw(5000)
    assert torch.allclose(drawn.std(dim=0), images.std(dim=0), atol=0.003)
    assert 0 <= drawn.min() <= drawn.max() <= 1
