"""What does dividing by √d do to attention, and what does attention cost as the text grows?"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import linear_regression, median

import torch
from bifolio import Column, Quantity, Run, experiment
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

MEASURES = ("variance", "entropy", "largest", "mean_gradient", "median_gradient")


@dataclass(frozen=True)
class Config:
    dimensions: tuple[int, ...] = (4, 16, 64, 256, 1024)
    usual_dimension: int = 64  # of GPT-2 and of many since
    places: int = 64
    texts: int = 64
    lengths: tuple[int, ...] = (64, 128, 256, 512, 1024, 2048)
    fitted_from: int = 512
    width: int = 256
    heads: int = 4
    repeats: int = 5


@dataclass(frozen=True)
class Softness:
    """What softmax makes of one kind of scores, over all queries.

    The variance of the scores; the entropy of the weights (nats) and the share of the largest one (percent), both
    averaged; the length of the gradient that reaches a query, its mean and its median.
    """

    variance: float
    entropy: float
    largest: float
    mean_gradient: float
    median_gradient: float


@experiment(
    seeds=20,
    quantities={
        "*_entropy": Quantity(range=(0, None)),
        "*_largest": Quantity(range=(0, 100)),
        "*_gradient": Quantity(range=(0, None)),
        "variance_exponent": Quantity(matters=0.05, reason="over a hundredfold d, a quarter more or less variance"),
        "attention_exponent": Quantity(matters=0.3, reason="doubling the text then costs 23 % more or less"),
        "attention_training_exponent": Quantity(matters=0.3, reason="doubling the text then costs 23 % more or less"),
        "fused_exponent": Quantity(matters=0.3, reason="doubling the text then costs 23 % more or less"),
        "feed_forward_exponent": Quantity(matters=0.3, reason="doubling the text then costs 23 % more or less"),
        "*_ratio": Quantity(range=(0, None)),
        "scale.*_variance": Quantity(range=(0, None)),
        "scale.*_entropy": Quantity(range=(0, None)),
        "scale.*_largest": Quantity(range=(0, 100)),
        "scale.*_gradient": Quantity(range=(0, None)),
        "cost.*": Quantity(range=(0, None)),
    },
    smoke=Config(dimensions=(4, 64), places=16, texts=4, lengths=(16, 32, 64), fitted_from=16, width=32, repeats=2),
    gpu=Config(lengths=(256, 512, 1024, 2048, 4096, 8192, 16384), fitted_from=2048, width=1024, heads=16),
    exclusive=True,
    uses=("clock",),
)
def attention(config: Config, run: Run) -> None:
    run.no_data()
    record_scale(config, run)
    record_cost(config, run)


def record_scale(config: Config, run: Run) -> None:
    """Record what the division changes, by head dimension; most values are those of the largest dimension."""
    names = [f"{kind}_{measure}" for measure in MEASURES for kind in ("unscaled", "scaled")]
    table = run.table("scale", columns=("dimension", *(column(name) for name in names)))
    unscaled, scaled = list[Softness](), list[Softness]()
    for dimension in config.dimensions:
        unscaled.append(soften(config, dimension, 1.0, run))
        scaled.append(soften(config, dimension, 1.0 / math.sqrt(dimension), run))
        pairs = ([getattr(unscaled[-1], one), getattr(scaled[-1], one)] for one in MEASURES)
        table.add(dimension, *(number for pair in pairs for number in pair))
    run.value("variance_exponent", slope(config.dimensions, [one.variance for one in unscaled]), tolerance=0.02)
    usual = config.dimensions.index(config.usual_dimension)
    for kind, softness in (("unscaled", unscaled), ("scaled", scaled)):
        for measure in MEASURES[1:]:
            unit = "%" if measure == "largest" else ""
            run.value(f"{kind}_{measure}", getattr(softness[-1], measure), unit=unit, tolerance=0.5 if unit else 0.02)
        run.value(f"{kind}_usual_median_gradient", softness[usual].median_gradient, tolerance=0.02)
    run.value("uniform_entropy", math.log(config.places), tolerance=0)  # of looking at every place alike


def column(name: str) -> Column:
    return Column(name, unit="%", tolerance=0.5) if name.endswith("largest") else Column(name)


def soften(config: Config, dimension: int, scale: float, run: Run) -> Softness:
    """Weigh random places by random queries; all components are independent, with mean 0 and variance 1.

    The loss is the weighted mean of one more such number a place, so that its gradient shows what softmax lets pass.
    """
    torch.manual_seed(run.seed)  # so that scaled and unscaled scores are of the same queries and keys
    shape = (config.texts, config.places, dimension)
    queries, keys = torch.randn(shape).to(run.device), torch.randn(shape).to(run.device)
    worth = torch.randn(config.texts, 1, config.places).to(run.device)
    queries.requires_grad_()
    scores = scale * queries @ keys.mT
    weights = scores.softmax(dim=-1)
    (gradient,) = torch.autograd.grad((weights * worth).sum(), queries)
    lengths = gradient.norm(dim=-1).flatten()
    return Softness(
        variance=scores.var().item(),
        entropy=torch.special.entr(weights).sum(dim=-1).mean().item(),
        largest=100.0 * weights.amax(dim=-1).mean().item(),
        mean_gradient=lengths.mean().item(),
        median_gradient=lengths.quantile(0.5).item(),
    )


def record_cost(config: Config, run: Run) -> None:
    """Record milliseconds for one text by its length, and the exponents of the longer lengths."""
    kinds = ("attention", "fused", "feed_forward", "attention_training")
    table = run.table("cost", columns=("length", *(Column(kind, unit="ms", timing=True) for kind in kinds)))
    measured: list[tuple[float, ...]] = []
    with run.device:
        for length in run.progress(config.lengths):
            measured.append(tuple(milliseconds(work, config.repeats) for work in works(config, length)))
            table.add(length, *measured[-1])
    long = [row for row, length in enumerate(config.lengths) if length >= config.fitted_from]
    for place, kind in enumerate(kinds):
        exponent = slope([config.lengths[row] for row in long], [measured[row][place] for row in long])
        run.timing(f"{kind}_exponent", exponent, unit="")
    run.timing("shortest_ratio", measured[0][0] / measured[0][2], unit="")
    run.timing("longest_ratio", measured[-1][0] / measured[-1][2], unit="")


def works(config: Config, length: int) -> tuple[Callable[[], torch.Tensor], ...]:
    """Return what is timed: attention as its formula says, fused into one operation, the layer beside it, and training.

    The linear maps before and after attention, which cost as the feed-forward layer does, are left out.
    """
    size = config.width // config.heads
    queries, keys, values = (torch.randn(1, config.heads, length, size) for _ in range(3))
    mask = torch.full((length, length), -math.inf).triu(1)
    layer = nn.Sequential(
        nn.Linear(config.width, 4 * config.width),
        nn.GELU(approximate="tanh"),
        nn.Linear(4 * config.width, config.width),
    )
    vectors = torch.randn(length, config.width)

    def as_printed() -> torch.Tensor:
        return (queries @ keys.mT / math.sqrt(size) + mask).softmax(dim=-1) @ values

    @torch.no_grad()
    def forward() -> torch.Tensor:
        return as_printed()

    @torch.no_grad()
    def fused() -> torch.Tensor:
        return scaled_dot_product_attention(queries, keys, values, is_causal=True)

    @torch.no_grad()
    def feed_forward() -> torch.Tensor:
        return torch.as_tensor(layer(vectors))

    def training() -> torch.Tensor:
        leaves = [queries, keys, values]
        for leaf in leaves:
            leaf.requires_grad_()
        return torch.autograd.grad(as_printed().sum(), leaves)[0]

    return forward, fused, feed_forward, training


def milliseconds(work: Callable[[], torch.Tensor], repeats: int) -> float:
    """Return the median time of the work; the first time, which pays for what later ones find ready, is not counted."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        work().flatten()[-1].item()  # a GPU works ahead of us: reading a number waits for it
        times.append(1000.0 * (time.perf_counter() - start))
    return median(times[1:])


def slope(sizes: Sequence[int], numbers: Sequence[float]) -> float:
    """Return the exponent of the power law that fits best, by least squares on the logarithms of both."""
    return linear_regression([math.log(size) for size in sizes], [math.log(number) for number in numbers]).slope
