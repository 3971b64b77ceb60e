"""How many noisy points does a small network need to fit a curve better than a straight line does?"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from bifolio import Run, experiment
from torch import nn
from torch.nn.functional import mse_loss

TEST_POINTS = 1000
GRID = 40


@dataclass(frozen=True)
class Config:
    points: int = 256
    noise: float = 0.3
    hidden: int = 32
    steps: int = 300
    learning_rates: tuple[float, ...] = (0.003, 0.01, 0.03)


@dataclass(frozen=True)
class Points:
    """Places and what was seen there, each (count × 1)."""

    x: torch.Tensor
    y: torch.Tensor


@experiment(
    seeds=5,
    variants={"few": Config(points=4), "some": Config(points=16), "many": Config(points=256)},
    smoke=Config(steps=5, learning_rates=(0.01,)),
)
def curve_fit(config: Config, run: Run) -> None:
    run.fresh_data(train=config.points, validation=config.points, test=TEST_POINTS)
    train, validation, test = (
        draw(count, config.noise, run.device) for count in (config.points, config.points, TEST_POINTS)
    )
    candidates = [fit_network(train, config, rate) for rate in run.progress(config.learning_rates)]
    network = min(candidates, key=lambda model: error(model(validation.x), validation.y))
    line = fit_line(train)

    # From here on, and only here, the test points.
    run.value("network_error", error(network(test.x), test.y), tolerance=0.1)
    run.value("line_error", error(line(test.x), test.y), tolerance=0.1)
    run.value("mean_error", error(train.y.mean().expand_as(test.y), test.y), tolerance=0.1)
    run.value("parameters", sum(weights.numel() for weights in network.parameters()), tolerance=0)
    grid = torch.linspace(-0.975, 0.975, GRID, device=run.device).unsqueeze(1)
    fits = run.table("fits", columns=("x", "curve", "network", "line"))
    for row in zip(grid, curve(grid), network(grid), line(grid), strict=True):
        fits.add(*row)


def curve(x: torch.Tensor) -> torch.Tensor:
    return torch.sin(torch.pi * x)


def draw(count: int, noise: float, device: torch.device) -> Points:
    """Draw places evenly from -1 to 1; what is seen there is the curve and some noise."""
    x = 2 * torch.rand(count, 1, device=device) - 1
    return Points(x, curve(x) + noise * torch.randn(count, 1, device=device))


def fit_network(train: Points, config: Config, learning_rate: float) -> nn.Module:
    model = nn.Sequential(nn.Linear(1, config.hidden), nn.Tanh(), nn.Linear(config.hidden, 1)).to(train.x.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for _ in range(config.steps):
        loss = mse_loss(model(train.x), train.y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.requires_grad_(False)


def fit_line(train: Points) -> nn.Module:
    """Return the straight line of least squares: the baseline, which has nothing to tune."""
    line = nn.Linear(1, 1, device=train.x.device).requires_grad_(False)
    design = torch.cat([train.x, torch.ones_like(train.x)], dim=1)
    slope, height = torch.linalg.lstsq(design, train.y).solution.flatten()
    line.weight.fill_(slope)
    line.bias.fill_(height)
    return line


def error(predicted: torch.Tensor, seen: torch.Tensor) -> float:
    """Return the root of the mean squared error."""
    return mse_loss(predicted, seen).sqrt().item()
