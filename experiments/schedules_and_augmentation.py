"""Do learning-rate schedules and altered copies of the images help a small network, and at which training sizes?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from bifolio import Column, Quantity, Run, experiment

from experiments.measures.classification import majority_accuracy
from experiments.splits.digits import CLASSES, split_digits
from experiments.splits.parts import Part, Parts
from experiments.training.search import best
from experiments.training.side_by_side import Momentum, SideBySide, evaluate_all, losses


@dataclass(frozen=True)
class Config:
    schedule: str = "constant"
    augmentation: str = "none"
    sizes: tuple[int, ...] = (50, 100, 200, 500, 1000)
    hidden: int = 64
    steps: int = 400
    batch: int = 32
    learning_rates: tuple[float, ...] = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
    momentum: float = 0.9
    noise: float = 0.1
    measured_every: int = 40
    drawn_every: int = 10


@dataclass(frozen=True)
class Chosen:
    """For one training size, the network of the rate with the lowest validation loss after the last step."""

    network: int
    learning_rate: float
    validation_loss: float


@experiment(
    seeds=20,
    variants={
        "constant": Config(schedule="constant"),
        "step": Config(schedule="step"),
        "cosine": Config(schedule="cosine"),
        "warmup": Config(schedule="warmup"),
        "shifted": Config(augmentation="shifted"),
        "noisy": Config(augmentation="noisy"),
        "mirrored": Config(augmentation="mirrored"),
    },
    smoke=Config(steps=100),
    quantities={
        "*accuracy*": Quantity(range=(0, 100), matters=1.0, reason="one image in a hundred"),
        "*loss": Quantity(range=(0, None), matters=0.02, reason="the right answer gets two per cent more probability"),
        "by_size.*accuracy": Quantity(range=(0, 100)),
        "by_size.test_loss": Quantity(range=(0, None)),
        "search.validation_loss": Quantity(range=(0, None)),
        "learning_curve.validation_loss": Quantity(range=(0, None)),
        "schedule.rate_factor": Quantity(range=(0, 1)),
        "rates_tried": Quantity(exact=True),
    },
)
def schedules_and_augmentation(config: Config, run: Run) -> None:
    # A training set of n images is the first n of the training part, for every variant alike.
    parts = split_digits(run, train=max(config.sizes))
    views = altered(parts.train.inputs, config.augmentation, parts.height, parts.width)
    networks, history = fit(config.hidden, views, parts, config, run)
    baselines, _ = fit(0, views, parts, config, run)
    chosen = choose(history[-1], config)
    chosen_baselines = choose(evaluate_all(baselines, parts.validation)[0], config)
    record_search(history, chosen[-1], config, run)

    # From here on, and only here, the test part.
    run.value("majority_accuracy", majority_accuracy(parts.train, parts.test), unit="%", tolerance=0.5)
    test_losses, accuracies = evaluate_all(networks, parts.test)
    _, baseline_accuracies = evaluate_all(baselines, parts.test)
    moved = accuracy_on_moved_images(networks, parts)
    columns = (Column(name, unit="%", tolerance=1.0) for name in ("accuracy", "moved_accuracy", "baseline_accuracy"))
    by_size = run.table("by_size", columns=("training_images", "learning_rate", "test_loss", *columns))
    for size, one, other in zip(config.sizes, chosen, chosen_baselines, strict=True):
        reached, below = accuracies[one.network], baseline_accuracies[other.network]
        by_size.add(size, one.learning_rate, test_losses[one.network], reached, moved[one.network], below)
        run.value(f"accuracy_{size}", reached, unit="%", tolerance=1.0)
        run.value(f"baseline_accuracy_{size}", below, unit="%", tolerance=1.0)
    run.value("moved_accuracy", moved[chosen[-1].network], unit="%", tolerance=1.0)
    run.value("test_loss", test_losses[chosen[-1].network], tolerance=0.02)


def altered(images: torch.Tensor, augmentation: str, height: int, width: int) -> torch.Tensor:
    """Return the views from which a training image is drawn each time it is used (views × count × height·width)."""
    pictures = images.view(-1, height, width)
    if augmentation == "shifted":
        padded = torch.nn.functional.pad(pictures, (1, 1, 1, 1))
        views = [padded[:, y : y + height, x : x + width] for y in range(3) for x in range(3)]
    elif augmentation == "mirrored":
        views = [pictures, pictures.flip(2)]
    elif augmentation in {"none", "noisy"}:
        views = [pictures]
    else:
        raise ValueError(f"unknown augmentation {augmentation!r}; expected none, shifted, noisy or mirrored")
    return torch.stack([view.flatten(1) for view in views])


def accuracy_on_moved_images(networks: SideBySide, parts: Parts) -> list[float]:
    """Return each network's accuracy (percent) on the test images moved by one pixel, the mean of eight directions."""
    views = altered(parts.test.inputs, "shifted", parts.height, parts.width)
    directions = [view for number, view in enumerate(views) if number != len(views) // 2]  # the middle one is unmoved
    accuracies = [evaluate_all(networks, Part(view, parts.test.labels))[1] for view in directions]
    return [math.fsum(of_network) / len(directions) for of_network in zip(*accuracies, strict=True)]


def factor(schedule: str, done: float) -> float:
    """Return by what the learning rate is multiplied when the fraction `done` of the steps lies behind."""
    if schedule == "constant":
        return 1.0
    if schedule == "step":
        return 1.0 if done < 0.5 else 0.1 if done < 0.75 else 0.01
    if schedule == "cosine":  # Loshchilov and Hutter (2017), one period
        return (1.0 + math.cos(math.pi * done)) / 2.0
    if schedule == "warmup":  # up for a tenth of the steps, then down in a straight line
        return done / 0.1 if done < 0.1 else (1.0 - done) / 0.9
    raise ValueError(f"unknown schedule {schedule!r}; expected constant, step, cosine or warmup")


def fit(
    hidden: int, views: torch.Tensor, parts: Parts, config: Config, run: Run
) -> tuple[SideBySide, list[list[float]]]:
    """Train a network for every size and rate, sizes outermost, on batches that are the same for every variant.

    Returns the networks and their validation losses (nats per image), every so many steps and after the last one.
    """
    torch.manual_seed(run.seed)  # so that variants differ in nothing else
    drawing = torch.Generator().manual_seed(run.seed)
    sizes = torch.tensor(config.sizes).repeat_interleave(len(config.learning_rates))
    rates = torch.tensor(config.learning_rates).repeat(len(config.sizes)).to(run.device)
    networks = SideBySide(len(sizes), parts.pixels, hidden, CLASSES).to(run.device)
    optimizer = Momentum(networks, rates, config.momentum)
    history = []
    for step in run.progress(range(config.steps)):
        places = torch.rand(config.batch, generator=drawing)
        rows = (places * sizes[:, None]).long().to(run.device)
        view = torch.randint(len(views), rows.shape).to(run.device)
        images = views[view, rows]
        if config.augmentation == "noisy":
            images = images + config.noise * torch.randn_like(images)
        loss = losses(networks(images), parts.train.labels[rows]).sum()
        optimizer.step(loss, factor(config.schedule, step / config.steps))
        if (step + 1) % config.measured_every == 0 or step + 1 == config.steps:
            history.append(evaluate_all(networks, parts.validation)[0])
    return networks, history


def choose(validation_losses: list[float], config: Config) -> list[Chosen]:
    """Choose the rate for every training size."""
    count = len(config.learning_rates)
    chosen = []
    for first in range(0, len(validation_losses), count):
        tried = zip(config.learning_rates, validation_losses[first : first + count], strict=True)
        chosen.append(best(Chosen(network, rate, loss) for network, (rate, loss) in enumerate(tried, start=first)))
    return chosen


def record_search(history: list[list[float]], chosen: Chosen, config: Config, run: Run) -> None:
    """Record, for the largest training size, each rate's final loss and how the chosen rate got there."""
    run.value("rates_tried", len(config.learning_rates))
    run.choice("learning_rate", chosen.learning_rate)
    run.value("validation_loss", chosen.validation_loss, tolerance=0.02)
    valley = run.table("search", columns=("learning_rate", Column("validation_loss", tolerance=0.02)))
    for rate, loss in zip(config.learning_rates, history[-1][-len(config.learning_rates) :], strict=True):
        valley.add(rate, loss if math.isfinite(loss) else None)  # an empty cell: it diverged
    curve = run.table("learning_curve", columns=("step", Column("validation_loss", tolerance=0.05)))
    for index, losses_then in enumerate(history):
        loss = losses_then[chosen.network]
        step = min((index + 1) * config.measured_every, config.steps)
        curve.add(step, loss if math.isfinite(loss) else None)
    schedule = run.table("schedule", columns=("step", "rate_factor"))
    for step in range(0, config.steps + 1, config.drawn_every):
        schedule.add(step, factor(config.schedule, step / config.steps))
