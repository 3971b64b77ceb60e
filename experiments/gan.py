"""Does a small adversarial network draw all ten digits, and what do its losses tell of its drawings?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from bifolio import Column, Run, experiment
from torch import nn
from torch.nn.functional import logsigmoid, softplus

from experiments.measures.classification import evaluate
from experiments.measures.generated_digits import (
    SAMPLES,
    Judgement,
    contact_sheet,
    independent_pixels,
    judge_images,
    record_judgement,
)
from experiments.models.parameters import count_parameters
from experiments.splits.digits import split_digits
from experiments.splits.parts import Parts
from experiments.training.judge import train_judge
from experiments.training.search import Candidate, best, search, train_to_best

SHEET = 40
SLOPE = 0.2


@dataclass(frozen=True)
class Config:
    loss: str = "non_saturating"
    generator_speed: float = 1.0
    latent: int = 8
    hidden: int = 128
    epochs: int = 60
    batch: int = 64
    learning_rates: tuple[float, ...] = (0.003, 0.01)
    momentum: float = 0.5
    measured_every: int = 5


@dataclass(frozen=True)
class Measured:
    """What one stretch of epochs came to: mean losses (nats), the generator's mean gradient norm, its drawings."""

    epoch: int
    discriminator_loss: float
    generator_loss: float
    gradient: float
    drawings: Judgement

    @property
    def validation_loss(self) -> float:
        """Return what is chosen by: far from real digits, or leaving some of them out, both make it larger."""
        return self.drawings.to_real + self.drawings.from_real


Trained = Candidate[nn.Module, Measured]


@experiment(
    seeds=5,
    variants={
        "standard": Config(),
        "saturating": Config(loss="saturating"),
        "fast_generator": Config(generator_speed=10.0),
    },
    smoke=Config(epochs=2, measured_every=1, learning_rates=(0.003,)),
)
def gan(config: Config, run: Run) -> None:
    parts = split_digits(run)
    judge = train_judge(parts)
    rates = run.progress(config.learning_rates)
    chosen = best(search(rates, lambda rate: train(rate, parts, judge, config), run.seed))
    record_training(chosen, run)
    run.value("discriminator_parameters", count_parameters(build_discriminator(parts.pixels, config)))

    # From here on, and only here, the test part.
    train_images, test = parts.train.inputs, parts.test.inputs
    with torch.no_grad():
        samples = chosen.model(torch.randn(SAMPLES, config.latent).to(run.device))
    _, judge_accuracy = evaluate(judge, parts.test)
    run.value("judge_accuracy", judge_accuracy, unit="%", tolerance=0.5)
    real, drawn = judge_images(test, judge, test), judge_images(samples, judge, test)
    run.value("real_confidence", real.confidence, unit="%", tolerance=2)
    copies = judge_images(train_images, judge, test)
    noise = judge_images(independent_pixels(train_images, SAMPLES), judge, test)
    record_judgement(drawn, "samples", run)
    record_judgement(copies, "copies", run)
    record_judgement(noise, "independent", run)
    record_shares(drawn, real, noise, run)
    run.image("samples", contact_sheet(samples[:SHEET], columns=10))


def build_generator(pixels: int, config: Config) -> nn.Module:
    """The same sizes as the decoder of `vae`."""
    return nn.Sequential(
        nn.Linear(config.latent, config.hidden), nn.ReLU(), nn.Linear(config.hidden, pixels), nn.Sigmoid()
    )


def build_discriminator(pixels: int, config: Config) -> nn.Module:
    """Return a network whose output is the logit of "this image is real"."""
    return nn.Sequential(nn.Linear(pixels, config.hidden), nn.LeakyReLU(SLOPE), nn.Linear(config.hidden, 1))


def generator_loss(logits: torch.Tensor, kind: str) -> torch.Tensor:
    """Return what the generator minimises (Goodfellow et al., 2014, section 3), from the logits of its drawings."""
    if kind == "saturating":
        return logsigmoid(-logits).mean()  # log(1 - D(G(z))), the objective as printed
    if kind == "non_saturating":
        return -logsigmoid(logits).mean()  # the advice that the paper adds: maximise log D(G(z))
    raise ValueError(f"unknown loss {kind!r}; expected saturating or non_saturating")


def train(learning_rate: float, parts: Parts, judge: nn.Module, config: Config) -> Trained:
    """Keep the generator whose drawings come closest to the validation images."""
    device = parts.train.inputs.device
    generator = build_generator(parts.pixels, config).to(device)
    discriminator = build_discriminator(parts.pixels, config).to(device)
    turns = take_turns(generator, discriminator, learning_rate, parts, judge, config)
    return train_to_best(learning_rate, generator, turns)


def take_turns(
    generator: nn.Module, discriminator: nn.Module, learning_rate: float, parts: Parts, judge: nn.Module, config: Config
) -> Iterator[Measured]:
    """Let both networks take turns for all epochs; yield what every stretch of them came to."""
    device, betas = parts.train.inputs.device, (config.momentum, 0.999)
    slow = torch.optim.Adam(discriminator.parameters(), lr=learning_rate, betas=betas, fused=True)
    fast_rate = learning_rate * config.generator_speed
    fast = torch.optim.Adam(generator.parameters(), lr=fast_rate, betas=betas, fused=True)
    weights = list(generator.parameters())
    fixed = torch.randn(SAMPLES, config.latent).to(device)
    steps: list[tuple[float, float, float]] = []
    for epoch in range(1, config.epochs + 1):
        for rows in torch.randperm(len(parts.train.inputs)).split(config.batch):
            drawings = generator(torch.randn(len(rows), config.latent).to(device))
            both = torch.cat([parts.train.inputs[rows], drawings.detach()])
            real, fake = discriminator(both).chunk(2)
            judged = softplus(-real).mean() + softplus(fake).mean()
            slow.zero_grad()
            judged.backward()
            slow.step()
            fooled = generator_loss(discriminator(drawings), config.loss)
            gradients = torch.autograd.grad(fooled, weights)
            for weight, gradient in zip(weights, gradients, strict=True):
                weight.grad = gradient
            fast.step()
            steps.append((judged.item(), fooled.item(), nn.utils.get_total_norm(gradients).item()))
        if epoch % config.measured_every == 0 or epoch == config.epochs:
            with torch.no_grad():
                drawn = judge_images(generator(fixed), judge, parts.validation.inputs)
            judged_mean, fooled_mean, gradient_mean = torch.tensor(steps).mean(dim=0).tolist()
            yield Measured(epoch, judged_mean, fooled_mean, gradient_mean, drawn)
            steps = []


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Spearman's correlation of two series without ties: from -1 to 1."""
    ranks = torch.stack([torch.tensor(one).argsort().argsort().double() for one in (first, second)])
    return torch.corrcoef(ranks)[0, 1].item()


def record_training(chosen: Trained, run: Run) -> None:
    history = chosen.history
    losses, distances = [point.generator_loss for point in history], [point.validation_loss for point in history]
    run.value("generator_parameters", count_parameters(chosen.model))
    run.value("learning_rate", chosen.learning_rate)
    run.value("best_epoch", chosen.point.epoch)
    run.value("early_gradient", history[0].gradient, tolerance=0.05)
    run.value("loss_and_distance", rank_correlation(losses, distances), tolerance=0.2)
    distance = Column("distance", tolerance=0.1)
    columns = ("epoch", "discriminator_loss", "generator_loss", "gradient", "classes", distance)
    curve = run.table("learning_curve", columns=columns)
    for point in history:
        losses_and_gradient = (point.discriminator_loss, point.generator_loss, point.gradient)
        curve.add(point.epoch, *losses_and_gradient, point.drawings.covered, point.validation_loss)


def record_shares(drawn: Judgement, real: Judgement, independent: Judgement, run: Run) -> None:
    """Record how much of each set of images the judge assigns to each digit."""
    names = ("samples", "real", "independent")
    table = run.table("shares", columns=("digit", *(Column(name, unit="%", tolerance=2.0) for name in names)))
    for digit, shares in enumerate(zip(drawn.shares, real.shares, independent.shares, strict=True)):
        table.add(digit, *shares)
