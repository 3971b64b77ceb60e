"""Does a small adversarial network draw all ten digits, and what do its losses tell of its samples?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

import torch
from bifolio import Column, Quantity, Run, experiment
from torch import nn
from torch.nn.functional import logsigmoid, softplus

from experiments.measures.generated_digits import SAMPLES, contact_sheet, distances, judge_images, record_judgement
from experiments.models.parameters import count_parameters
from experiments.splits.digits import split_digits
from experiments.splits.parts import Parts
from experiments.training.judge import train_judge
from experiments.training.search import Candidate, best, search, train_to_best

SHEET = 20
SLOPE = 0.2


@dataclass(frozen=True)
class Config:
    discriminator_speed: float = 1.0
    latent: int = 8
    hidden: int = 128
    epochs: int = 300
    batch: int = 64
    learning_rates: tuple[float, ...] = (0.003, 0.01)
    momentum: float = 0.5
    measured_every: int = 10


@dataclass(frozen=True)
class Measured:
    """What one stretch of epochs came to: mean losses (nats), and the distance of the samples from validation images.

    The distance is the sum of both ways, so that far from real digits, or leaving some of them out, make it larger.
    """

    epoch: int
    discriminator_loss: float
    generator_loss: float
    validation_loss: float


Trained = Candidate[nn.Module, Measured]


@experiment(
    seeds=20,
    variants={
        "standard": Config(),
        "slow_discriminator": Config(discriminator_speed=0.1, learning_rates=(0.01,)),
    },
    smoke=Config(epochs=6, measured_every=1, learning_rates=(0.003,)),
    quantities={
        "*_effective_classes": Quantity(range=(1, 10), matters=1.0, reason="one digit of ten"),
        "*_confidence": Quantity(range=(0, 100)),
        "*_real": Quantity(range=(0, None), matters=0.05, reason="a twentieth of one fully inked pixel"),
        "*_loss": Quantity(range=(0, None)),
        "*_distance": Quantity(range=(0, None), matters=0.05, reason="a twentieth of one fully inked pixel"),
        "levels_correlation": Quantity(range=(-1, 1)),
        "changes_correlation": Quantity(range=(-1, 1), matters=0.3, reason="a tenth of the ups and downs explained"),
        "*parameters": Quantity(exact=True),
        "learning_curve.discriminator_loss": Quantity(range=(0, None)),
        "learning_curve.generator_loss": Quantity(range=(0, None)),
        "learning_curve.distance": Quantity(range=(0, None)),
    },
)
def gan(config: Config, run: Run) -> None:
    parts = split_digits(run)
    chosen = best(search(run.progress(config.learning_rates), lambda rate: train(rate, parts, config), run.seed))
    record_training(chosen, run)
    record_losses(chosen.history, run)
    run.value("discriminator_parameters", count_parameters(build_discriminator(parts.pixels, config)))
    judge = train_judge(parts)

    # From here on, and only here, the test set.
    with torch.no_grad():
        samples = chosen.model(torch.randn(SAMPLES, config.latent).to(run.device))
    record_judgement(judge_images(samples, judge, parts.test.inputs), "samples", run)
    run.image("samples", contact_sheet(samples[:SHEET], columns=10))


def build_generator(pixels: int, config: Config) -> nn.Module:
    """The same sizes as the decoder of `vae`."""
    return nn.Sequential(
        nn.Linear(config.latent, config.hidden), nn.ReLU(), nn.Linear(config.hidden, pixels), nn.Sigmoid()
    )


def build_discriminator(pixels: int, config: Config) -> nn.Module:
    """Return a network whose output is the logit of "this image is real"."""
    return nn.Sequential(nn.Linear(pixels, config.hidden), nn.LeakyReLU(SLOPE), nn.Linear(config.hidden, 1))


def train(learning_rate: float, parts: Parts, config: Config) -> Trained:
    """Keep the generator whose samples come closest to the validation images."""
    device = parts.train.inputs.device
    generator = build_generator(parts.pixels, config).to(device)
    discriminator = build_discriminator(parts.pixels, config).to(device)
    turns = take_turns(generator, discriminator, learning_rate, parts, config)
    return train_to_best(learning_rate, generator, turns)


def take_turns(
    generator: nn.Module, discriminator: nn.Module, learning_rate: float, parts: Parts, config: Config
) -> Iterator[Measured]:
    """Let both networks take turns for all epochs; yield what every stretch of them came to."""
    device, betas = parts.train.inputs.device, (config.momentum, 0.999)
    slower = learning_rate * config.discriminator_speed
    teacher = torch.optim.Adam(discriminator.parameters(), lr=slower, betas=betas, fused=True)
    learner = torch.optim.Adam(generator.parameters(), lr=learning_rate, betas=betas, fused=True)
    weights = list(generator.parameters())
    fixed = torch.randn(SAMPLES, config.latent).to(device)
    steps: list[tuple[float, float]] = []
    for epoch in range(1, config.epochs + 1):
        for rows in torch.randperm(len(parts.train.inputs)).split(config.batch):
            made = generator(torch.randn(len(rows), config.latent).to(device))
            real, fake = discriminator(torch.cat([parts.train.inputs[rows], made.detach()])).chunk(2)
            judged = softplus(-real).mean() + softplus(fake).mean()
            teacher.zero_grad()
            judged.backward()
            teacher.step()
            fooled = -logsigmoid(discriminator(made)).mean()  # the paper's advice: maximise ln D(G(z))
            for weight, gradient in zip(weights, torch.autograd.grad(fooled, weights), strict=True):
                weight.grad = gradient
            learner.step()
            steps.append((judged.item(), fooled.item()))
        if epoch % config.measured_every == 0 or epoch == config.epochs:
            with torch.no_grad():
                distance = sum(distances(generator(fixed), parts.validation.inputs))
            judged_mean, fooled_mean = torch.tensor(steps).mean(dim=0).tolist()
            yield Measured(epoch, judged_mean, fooled_mean, distance)
            steps = []


def record_training(chosen: Trained, run: Run) -> None:
    run.value("generator_parameters", count_parameters(chosen.model))
    run.choice("learning_rate", chosen.learning_rate)
    run.choice("best_epoch", chosen.point.epoch)
    columns = ("epoch", "discriminator_loss", "generator_loss", Column("distance", tolerance=0.1))
    curve = run.table("learning_curve", columns=columns)
    for point in chosen.history:
        curve.add(point.epoch, point.discriminator_loss, point.generator_loss, point.validation_loss)


def record_losses(history: Sequence[Measured], run: Run) -> None:
    """Record whether the generator's loss goes with the distance of its samples.

    Both follow the length of the training, so their changes from point to point are correlated as well; and the
    middle third of the training is set beside the last.
    """
    losses, gaps = [point.generator_loss for point in history], [point.validation_loss for point in history]
    run.value("levels_correlation", rank_correlation(losses, gaps), tolerance=0.2)
    run.value("changes_correlation", rank_correlation(changes(losses), changes(gaps)), tolerance=0.2)
    third = len(history) // 3
    for name, part in (("middle", slice(third, 2 * third)), ("last", slice(2 * third, 3 * third))):
        run.value(f"{name}_loss", fmean(losses[part]), unit="nats", tolerance=0.1)
        run.value(f"{name}_distance", fmean(gaps[part]), tolerance=0.1)


def changes(series: Sequence[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(series)]


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Spearman's correlation of two series without ties: from -1 to 1."""
    ranks = torch.stack([torch.tensor(one).argsort().argsort().double() for one in (first, second)])
    return torch.corrcoef(ranks)[0, 1].item()
