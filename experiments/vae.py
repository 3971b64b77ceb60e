"""What does a small variational autoencoder learn of the digits with two latent numbers, and what with eight?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from bifolio import Column, Run, experiment
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

from experiments.measures.classification import evaluate, percent
from experiments.measures.generated_digits import (
    SAMPLES,
    contact_sheet,
    judge_images,
    record_judgement,
)
from experiments.models.autoencoder import (
    DRAWS,
    Autoencoder,
    Bound,
    divergence,
    independent_log_likelihoods,
    log_likelihood,
    measure,
    orderings,
)
from experiments.models.parameters import count_parameters
from experiments.splits.digits import CLASSES, split_digits
from experiments.splits.parts import Parts
from experiments.training.judge import train_judge
from experiments.training.search import Candidate, best, search, train_to_best

ACTIVE = 0.1  # nats: a latent number that says less about the image is counted as unused
NEIGHBOURS = 5
SHEET = 40
STEPS_BETWEEN = 9


@dataclass(frozen=True)
class Config:
    latent: int = 8
    trained_draws: int = 16
    hidden: int = 128
    epochs: int = 60
    batch: int = 64
    learning_rates: tuple[float, ...] = (0.003, 0.01)
    measured_every: int = 5
    test_draws: int = 100
    map_side: int = 12
    ends: tuple[int, int] = (3, 6)


@dataclass(frozen=True)
class Measured:
    """What is maximised, on the training part (nats per image), and both terms of the ELBO on the validation part.

    The validation loss is what is maximised there, but for a constant, with its sign turned.
    """

    epoch: int
    training: float
    validation: Bound
    validation_loss: float


Trained = Candidate[Autoencoder, Measured]


@experiment(
    seeds=5,
    variants={"two": Config(latent=2), "eight": Config(), "one_draw": Config(trained_draws=1)},
    smoke=Config(epochs=2, measured_every=1, learning_rates=(0.01,), test_draws=5, map_side=4),
)
def vae(config: Config, run: Run) -> None:
    parts = split_digits(run)
    chosen = best(search(run.progress(config.learning_rates), lambda rate: train(rate, parts, config), run.seed))
    model = chosen.model
    record_training(chosen, run)
    judge = train_judge(parts)

    # From here on, and only here, the test part.
    record_bound(model, parts, config, run)
    record_reconstruction(model, parts, run)
    samples = model.decode(torch.randn(SAMPLES, model.latent).to(run.device)).detach()
    _, judge_accuracy = evaluate(judge, parts.test)
    run.value("judge_accuracy", judge_accuracy, unit="%", tolerance=0.5)
    real = judge_images(parts.test.inputs, judge, parts.test.inputs)
    run.value("real_midtones", real.midtones, unit="%", tolerance=2)
    record_judgement(judge_images(samples, judge, parts.test.inputs), "samples", run)
    run.image("prior_samples", contact_sheet(samples[:SHEET], columns=10))
    record_interpolation(model, parts, config, run)
    if model.latent == 2:
        record_map(model, parts, config, run)


def train(learning_rate: float, parts: Parts, config: Config) -> Trained:
    """Keep the weights with the best validation value of what the training maximises."""
    model = Autoencoder(parts.pixels, config.hidden, config.latent).to(parts.train.inputs.device)
    return train_to_best(learning_rate, model, fit(model, learning_rate, parts, config))


def fit(model: Autoencoder, learning_rate: float, parts: Parts, config: Config) -> Iterator[Measured]:
    """Train for all epochs; yield what every stretch of them came to."""
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    noise = torch.randn(len(parts.validation.inputs), config.latent).to(parts.train.inputs.device)
    weight = config.trained_draws / DRAWS
    constant = weight * orderings(parts.train.inputs).mean().item()
    total, seen = 0.0, 0
    for epoch in range(1, config.epochs + 1):
        for rows in torch.randperm(len(parts.train.inputs)).split(config.batch):
            images = parts.train.inputs[rows]
            mean, log_variance = model.encode(images)
            latent = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            misfit = config.trained_draws * binary_cross_entropy_with_logits(
                model.decoder(latent), images, reduction="sum"
            )
            loss = (misfit + divergence(mean, log_variance).sum()) / len(rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, seen = total - loss.item() * len(rows), seen + len(rows)
        if epoch % config.measured_every == 0 or epoch == config.epochs:
            bound = measure(model, parts.validation.inputs, noise[None])
            objective = weight * bound.reconstruction - bound.divergence
            yield Measured(epoch, total / seen + constant, bound, -objective)
            total, seen = 0.0, 0


def record_training(chosen: Trained, run: Run) -> None:
    run.value("parameters", count_parameters(chosen.model))
    run.value("learning_rate", chosen.learning_rate)
    run.value("best_epoch", chosen.point.epoch)
    columns = ("epoch", "training_objective", Column("validation_elbo", tolerance=1.0), "reconstruction", "divergence")
    curve = run.table("learning_curve", columns=columns)
    for point in chosen.history:
        bound = point.validation
        curve.add(point.epoch, point.training, bound.elbo, bound.reconstruction, bound.divergence)


def record_bound(model: Autoencoder, parts: Parts, config: Config, run: Run) -> None:
    test = parts.test.inputs
    noise = torch.randn(config.test_draws, len(test), model.latent).to(test.device)
    bound = measure(model, test, noise)
    run.value("elbo", bound.elbo, unit="nats", tolerance=1.0)
    run.value("reconstruction", bound.reconstruction, unit="nats", tolerance=1.0)
    run.value("divergence", bound.divergence, unit="nats", tolerance=0.5)
    run.value("log_likelihood", log_likelihood(model, test, noise), unit="nats", tolerance=1.0)
    binomial, histogram = independent_log_likelihoods(parts.train.inputs, test)
    run.value("independent_binomial", binomial, unit="nats", tolerance=1.0)
    run.value("independent_histogram", histogram, unit="nats", tolerance=1.0)
    with torch.no_grad():
        each = divergence(*model.encode(test)).mean(dim=0)
    run.value("active_latents", (each > ACTIVE).sum())


@torch.no_grad()
def record_reconstruction(model: Autoencoder, parts: Parts, run: Run) -> None:
    """Record what the posterior means keep, beside as many principal components: of the image and of its class."""
    train, test = parts.train.inputs, parts.test.inputs
    _, _, directions = torch.linalg.svd(train - train.mean(dim=0), full_matrices=False)
    basis = directions[: model.latent]
    scores, test_scores = (train - train.mean(dim=0)) @ basis.T, (test - train.mean(dim=0)) @ basis.T
    rebuilt, rebuilt_by_pca = model.decode(model.encode(test)[0]), test_scores @ basis + train.mean(dim=0)
    run.value("squared_error", (test - rebuilt).square().sum(dim=1).mean(), tolerance=0.1)
    run.value("pca_squared_error", (test - rebuilt_by_pca).square().sum(dim=1).mean(), tolerance=0.1)
    means, test_means = model.encode(train)[0], model.encode(test)[0]
    for name, known, asked in (("latent", means, test_means), ("pca", scores, test_scores)):
        guessed = nearest_class(known, parts.train.labels, asked)
        run.value(f"{name}_accuracy", percent(guessed == parts.test.labels), unit="%", tolerance=1.0)


def nearest_class(known: torch.Tensor, labels: torch.Tensor, asked: torch.Tensor) -> torch.Tensor:
    """Return the most frequent class among the nearest known points (a tie goes to the smaller digit)."""
    nearest = torch.cdist(asked, known).topk(NEIGHBOURS, largest=False).indices
    return one_hot(labels[nearest], CLASSES).sum(dim=1).argmax(dim=1)


@torch.no_grad()
def record_interpolation(model: Autoencoder, parts: Parts, config: Config, run: Run) -> None:
    """Draw the way from one test digit to another: above through the latent numbers, below by cross-fading pixels."""
    ends = torch.stack([parts.test.inputs[parts.test.labels == digit][0] for digit in config.ends])
    share = torch.linspace(0.0, 1.0, STEPS_BETWEEN)[:, None].to(ends.device)
    first, last = model.encode(ends)[0]
    through_latent = model.decode((1 - share) * first + share * last)
    faded = (1 - share) * ends[0] + share * ends[1]
    run.image("interpolation", contact_sheet(torch.cat([through_latent, faded]), columns=STEPS_BETWEEN))


@torch.no_grad()
def record_map(model: Autoencoder, parts: Parts, config: Config, run: Run) -> None:
    """Draw the latent plane, squeezed into a square by the normal distribution function (as in the paper's figure 4).

    Every cell holds the same share of the prior: once what the decoder makes of its centre, once the first test
    image whose mean lies in it (white: none).
    """
    side, device = config.map_side, parts.test.inputs.device
    centres = torch.special.ndtri((torch.arange(side) + 0.5) / side).to(device)
    across, down = centres.repeat(side), centres.flip(0).repeat_interleave(side)
    run.image("latent_decoded", contact_sheet(model.decode(torch.stack([across, down], dim=1)), columns=side))
    cells = (side * torch.special.ndtr(model.encode(parts.test.inputs)[0])).long().clamp(max=side - 1)
    found = torch.zeros(side * side, parts.pixels)
    for image, (column, row) in zip(parts.test.inputs.flip(0), cells.flip(0).tolist(), strict=True):
        found[(side - 1 - row) * side + column] = image  # from the last to the first, so that the first one stays
    run.image("latent_found", contact_sheet(found, columns=side))
