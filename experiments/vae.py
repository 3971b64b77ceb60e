"""What does a small variational autoencoder make of the digits, and what if it takes every pixel for a single draw?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from bifolio import Column, Quantity, Run, experiment
from torch.nn.functional import binary_cross_entropy_with_logits

from experiments.measures.generated_digits import SAMPLES, contact_sheet, judge_images, record_judgement
from experiments.models.autoencoder import (
    DRAWS,
    Autoencoder,
    Bound,
    divergence,
    log_likelihood,
    measure,
)
from experiments.models.parameters import count_parameters
from experiments.models.principal_components import principal_components
from experiments.splits.digits import split_digits
from experiments.splits.parts import Parts
from experiments.training.judge import train_judge
from experiments.training.search import Candidate, best, search, train_to_best

ACTIVE = 0.1  # nats: a latent number that says less about the image is counted as unused
SHEET = 20


@dataclass(frozen=True)
class Config:
    trained_draws: int = 16
    latent: int = 8
    hidden: int = 128
    epochs: int = 150
    batch: int = 64
    learning_rates: tuple[float, ...] = (0.003, 0.01)
    measured_every: int = 10
    test_draws: int = 100


@dataclass(frozen=True)
class Measured:
    """Both terms of the ELBO on the validation set (nats per image).

    The validation loss is what is maximised there, but for a constant, with its sign turned.
    """

    epoch: int
    bound: Bound
    validation_loss: float


Trained = Candidate[Autoencoder, Measured]


@experiment(
    seeds=20,
    variants={"sixteen_draws": Config(), "one_draw": Config(trained_draws=1)},
    smoke=Config(epochs=2, measured_every=1, learning_rates=(0.01,), test_draws=5),
    quantities={
        "log_likelihood": Quantity(
            range=(None, 0), matters=1.0, reason="an unseen image is e times as probable, or a bit and a half shorter"
        ),
        "elbo": Quantity(range=(None, 0)),
        "reconstruction": Quantity(range=(None, 0)),
        "divergence": Quantity(range=(0, None)),
        "active_latents": Quantity(range=(0, 8), matters=1.0, reason="one latent number of eight"),
        "*squared_error": Quantity(range=(0, None), matters=0.1, reason="one fully inked pixel in ten images"),
        "*_effective_classes": Quantity(range=(1, 10), matters=1.0, reason="one digit of ten"),
        "*_confidence": Quantity(range=(0, 100)),
        "*_real": Quantity(range=(0, None), matters=0.05, reason="a twentieth of one fully inked pixel"),
        "parameters": Quantity(exact=True),
        "learning_curve.validation_elbo": Quantity(range=(None, 0)),
        "learning_curve.divergence": Quantity(range=(0, None)),
    },
)
def vae(config: Config, run: Run) -> None:
    parts = split_digits(run)
    chosen = best(search(run.progress(config.learning_rates), lambda rate: train(rate, parts, config), run.seed))
    model = chosen.model
    record_training(chosen, run)
    judge = train_judge(parts)

    # From here on, and only here, the test set.
    test = parts.test.inputs
    record_bound(model, test, config, run)
    record_reconstruction(model, parts, run)
    samples = model.decode(torch.randn(SAMPLES, model.latent).to(run.device)).detach()
    record_judgement(judge_images(samples, judge, test), "samples", run)
    run.image("samples", contact_sheet(samples[:SHEET], columns=10))


def train(learning_rate: float, parts: Parts, config: Config) -> Trained:
    """Keep the weights with the best validation value of what the training maximises."""
    model = Autoencoder(parts.pixels, config.hidden, config.latent).to(parts.train.inputs.device)
    return train_to_best(learning_rate, model, fit(model, learning_rate, parts, config))


def fit(model: Autoencoder, learning_rate: float, parts: Parts, config: Config) -> Iterator[Measured]:
    """Train for all epochs; yield what every stretch of them came to."""
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    noise = torch.randn(len(parts.validation.inputs), config.latent).to(parts.train.inputs.device)
    weight = config.trained_draws / DRAWS
    for epoch in range(1, config.epochs + 1):
        for rows in torch.randperm(len(parts.train.inputs)).split(config.batch):
            images = parts.train.inputs[rows]
            mean, log_variance = model.encode(images)
            latent = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            misfit = binary_cross_entropy_with_logits(model.decoder(latent), images, reduction="sum")
            loss = (config.trained_draws * misfit + divergence(mean, log_variance).sum()) / len(rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch % config.measured_every == 0 or epoch == config.epochs:
            bound = measure(model, parts.validation.inputs, noise[None])
            yield Measured(epoch, bound, bound.divergence - weight * bound.reconstruction)


def record_training(chosen: Trained, run: Run) -> None:
    run.value("parameters", count_parameters(chosen.model))
    run.choice("learning_rate", chosen.learning_rate)
    run.choice("best_epoch", chosen.point.epoch)
    curve = run.table("learning_curve", columns=("epoch", Column("validation_elbo", tolerance=1.0), "divergence"))
    for point in chosen.history:
        curve.add(point.epoch, point.bound.elbo, point.bound.divergence)


def record_bound(model: Autoencoder, test: torch.Tensor, config: Config, run: Run) -> None:
    noise = torch.randn(config.test_draws, len(test), model.latent).to(test.device)
    bound = measure(model, test, noise)
    run.value("elbo", bound.elbo, unit="nats", tolerance=1.0)
    run.value("reconstruction", bound.reconstruction, unit="nats", tolerance=1.0)
    run.value("divergence", bound.divergence, unit="nats", tolerance=0.5)
    run.value("log_likelihood", log_likelihood(model, test, noise), unit="nats", tolerance=1.0)
    with torch.no_grad():
        each = divergence(*model.encode(test)).mean(dim=0)
    run.value("active_latents", (each > ACTIVE).sum(), tolerance=1)


@torch.no_grad()
def record_reconstruction(model: Autoencoder, parts: Parts, run: Run) -> None:
    """Record how far the image that is rebuilt is from the image, beside what as many principal components rebuild."""
    test = parts.test.inputs
    rebuilt = model.decode(model.encode(test)[0])
    rebuilt_by_components = principal_components(parts.train.inputs, model.latent).rebuild(test)
    run.value("squared_error", (test - rebuilt).square().sum(dim=1).mean(), tolerance=0.1)
    run.value("pca_squared_error", (test - rebuilt_by_components).square().sum(dim=1).mean(), tolerance=0.1)
