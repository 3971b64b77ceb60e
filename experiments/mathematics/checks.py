"""What each formula is computed on, beside what torch computes in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.mathematics.latex import Value
from experiments.mathematics.readings import Plain, as_read, batch_norm_as_read, cross_entropy_gradient_as_read
from experiments.mathematics.reference import (
    adam,
    attention,
    binary_cross_entropy,
    convolution,
    cross_entropy,
    elbo_divergence,
    gan_objective,
    gradient_descent,
    mean_squared_error,
    momentum,
    multi_head,
    perceptron_layer,
    positions,
    rmsprop,
    sigmoid_gradient,
)

BETAS, RATE, MOMENTUM, ALPHA, DECAY = (0.9, 0.999), 0.01, 0.9, 0.99, 0.01
HEADS, WIDTH = 4, 16
Inputs = Mapping[str, Tensor]


@dataclass(frozen=True)
class Check:
    """One formula: its random inputs, what the report displays, computed by sympy or a function, and torch."""

    name: str
    draw: Callable[[], Inputs]
    ours: Callable[[Plain], Value]
    torchs: Callable[[Inputs], Tensor]
    read_by: str = "function"


def optimized(build: Callable[[list[Tensor]], torch.optim.Optimizer]) -> Callable[[Inputs], Tensor]:
    """Return what an optimizer of torch makes of the parameters when it is handed these gradients."""

    def stepped(inputs: Inputs) -> Tensor:
        theta = inputs["theta"].clone().requires_grad_()
        optimizer = build([theta])
        for gradient in inputs["g"]:
            theta.grad = gradient.clone()
            optimizer.step()
        return theta.detach()

    return stepped


def gradient_of(function: Callable[[Tensor], Tensor], letter: str) -> Callable[[Inputs], Tensor]:
    def derived(inputs: Inputs) -> Tensor:
        point = inputs[letter].clone().requires_grad_()
        return torch.autograd.grad(function(point).sum(), point)[0]

    return derived


def cross_entropy_gradient(inputs: Inputs) -> Tensor:
    return gradient_of(lambda z: functional.cross_entropy(z, inputs["target"]), "z")(inputs)


def causal_attention(inputs: Inputs) -> Tensor:
    q, k, v = (inputs[name][None, None] for name in ("q", "k", "v"))
    return functional.scaled_dot_product_attention(q, k, v, is_causal=True)[0, 0]


def separate_heads(one: Plain) -> Value:
    """Hand each head its rows of the joint maps that torch stores: queries, keys, values, one head after another."""
    size = WIDTH // HEADS
    parts = [rows.T for rows in one["joint"].reshape(3 * HEADS, size, WIDTH)]
    heads = [(parts[i], parts[HEADS + i], parts[2 * HEADS + i]) for i in range(HEADS)]
    return multi_head(one["x"], heads, one["mixed"].T)


def torchs_heads(inputs: Inputs) -> Tensor:
    x = inputs["x"]
    layer = nn.MultiheadAttention(WIDTH, HEADS, bias=False, batch_first=True, dtype=x.dtype)
    layer.load_state_dict({"in_proj_weight": inputs["joint"], "out_proj.weight": inputs["mixed"]})
    mask = torch.ones(len(x), len(x), dtype=torch.bool).triu(1)
    found: Tensor = layer(x[None], x[None], x[None], attn_mask=mask, need_weights=False)[0]
    return found[0].detach()


def turned(inputs: Inputs) -> Tensor:
    """Return the vectors of places as pairs that turn, each by an angle of its own from place to place."""
    rates = torch.logspace(0, -4 * (WIDTH - 2) / WIDTH, WIDTH // 2, dtype=inputs["t"].dtype)
    turns = torch.polar(torch.ones_like(rates), rates)[None] ** inputs["t"][:, None]
    return torch.view_as_real(turns).flip(-1).flatten(1)


def normalised(inputs: Inputs) -> Tensor:
    x, gamma, beta = inputs["x"][:, None], inputs["gamma"][None], inputs["beta"][None]
    return functional.batch_norm(x, None, None, gamma, beta, training=True)[:, 0]


def divergence(inputs: Inputs) -> Tensor:
    posterior = torch.distributions.Normal(inputs["mu"], inputs["sigma"])
    prior = torch.distributions.Normal(torch.zeros_like(inputs["mu"]), torch.ones_like(inputs["sigma"]))
    return torch.distributions.kl_divergence(posterior, prior).sum()


def game(inputs: Inputs) -> Tensor:
    real, fake = inputs["real"], inputs["fake"]
    judge = functional.binary_cross_entropy_with_logits
    return -judge(real, torch.ones_like(real)) - judge(fake, torch.zeros_like(fake))


def scores() -> Inputs:
    return {"z": 2 * torch.randn(10)}


def predictions() -> Inputs:
    return {"z": 2 * torch.randn(8, 10), "target": torch.randint(10, (8,))}


def answers() -> Inputs:
    return {"p": torch.rand(16).clamp(0.01, 0.99), "y": torch.randint(2, (16,)).float()}


def gradients() -> Inputs:
    return {"theta": torch.randn(16), "g": torch.randn(16) + torch.randn(10, 16)}


def heads() -> Inputs:
    return {"q": torch.randn(8, 16), "k": torch.randn(8, 16), "v": torch.randn(8, 16)}


def batch() -> Inputs:
    return {"x": 1 + 2 * torch.randn(32), "gamma": torch.rand(()) + 0.5, "beta": torch.randn(())}


CHECKS = (
    Check(
        "perceptron_layer",
        lambda: {"w": torch.randn(8, 16), "x": torch.randn(16), "b": torch.randn(8)},
        lambda one: perceptron_layer(one["w"], one["x"], one["b"]),
        lambda one: functional.relu(functional.linear(one["x"], one["w"], one["b"])),
    ),
    Check("sigmoid", scores, as_read("sigmoid", "z"), lambda one: torch.sigmoid(one["z"]), "sympy"),
    Check("sigmoid_gradient", scores, lambda one: sigmoid_gradient(one["z"]), gradient_of(torch.sigmoid, "z")),
    Check("relu", scores, as_read("relu", "z"), lambda one: functional.relu(one["z"]), "sympy"),
    Check("tanh", scores, as_read("tanh", "z"), lambda one: torch.tanh(one["z"]), "sympy"),
    Check("softmax", scores, as_read("softmax", "z"), lambda one: torch.softmax(one["z"], 0), "sympy"),
    Check(
        "mean_squared_error",
        lambda: {"predicted": torch.randn(16), "y": torch.randn(16)},
        lambda one: mean_squared_error(one["predicted"], one["y"]),
        lambda one: functional.mse_loss(one["predicted"], one["y"]),
    ),
    Check(
        "cross_entropy",
        predictions,
        lambda one: cross_entropy(one["z"], one["target"]),
        lambda one: functional.cross_entropy(one["z"], one["target"]),
    ),
    Check("cross_entropy_gradient", predictions, cross_entropy_gradient_as_read, cross_entropy_gradient, "sympy"),
    Check(
        "binary_cross_entropy",
        answers,
        lambda one: binary_cross_entropy(one["p"], one["y"]),
        lambda one: functional.binary_cross_entropy(one["p"], one["y"]),
    ),
    Check(
        "perplexity", lambda: {"L": 6 * torch.rand(16)}, as_read("perplexity", "L"), lambda one: one["L"].exp(), "sympy"
    ),
    Check(
        "gradient_descent",
        gradients,
        lambda one: gradient_descent(one["theta"], one["g"], RATE),
        optimized(lambda theta: torch.optim.SGD(theta, lr=RATE)),
    ),
    Check(
        "momentum",
        gradients,
        lambda one: momentum(one["theta"], one["g"], RATE, MOMENTUM),
        optimized(lambda theta: torch.optim.SGD(theta, lr=RATE, momentum=MOMENTUM)),
    ),
    Check(
        "rmsprop",
        gradients,
        lambda one: rmsprop(one["theta"], one["g"], RATE, ALPHA),
        optimized(lambda theta: torch.optim.RMSprop(theta, lr=RATE, alpha=ALPHA)),
    ),
    Check(
        "adam",
        gradients,
        lambda one: adam(one["theta"], one["g"], RATE, BETAS),
        optimized(lambda theta: torch.optim.Adam(theta, lr=RATE, betas=BETAS)),
    ),
    Check(
        "adamw",
        gradients,
        lambda one: adam(one["theta"], one["g"], RATE, BETAS, DECAY),
        optimized(lambda theta: torch.optim.AdamW(theta, lr=RATE, betas=BETAS, weight_decay=DECAY)),
    ),
    Check("attention", heads, lambda one: attention(one["q"], one["k"], one["v"]), causal_attention),
    Check(
        "multi_head",
        lambda: {
            "x": torch.randn(8, WIDTH),
            "joint": torch.randn(3 * WIDTH, WIDTH) / WIDTH**0.5,
            "mixed": torch.randn(WIDTH, WIDTH) / WIDTH**0.5,
        },
        separate_heads,
        torchs_heads,
    ),
    Check("positions", lambda: {"t": torch.randperm(32)[:8].float()}, lambda one: positions(one["t"], WIDTH), turned),
    Check(
        "convolution",
        lambda: {"x": torch.randn(2, 6, 6), "w": torch.randn(3, 2, 3, 3), "b": torch.randn(3)},
        lambda one: convolution(one["x"], one["w"], one["b"]),
        lambda one: functional.conv2d(one["x"][None], one["w"], one["b"])[0],
    ),
    Check("batch_norm", batch, batch_norm_as_read, normalised, "sympy"),
    Check(
        "elbo_divergence",
        lambda: {"mu": torch.randn(8), "sigma": torch.rand(8) + 0.1},
        lambda one: elbo_divergence(one["mu"], one["sigma"]),
        divergence,
    ),
    Check(
        "gan_objective",
        lambda: {"real": 1 + torch.randn(16), "fake": torch.randn(16) - 1},
        lambda one: gan_objective(one["real"], one["fake"]),
        game,
    ),
    Check(
        "power_law",
        lambda: {"N": 10 ** (4 + 3 * torch.rand(16)), "a": 5 + torch.rand(()), "alpha": 0.1 * torch.rand(())},
        as_read("power_law", "N", a="a", alpha="alpha"),
        lambda one: one["a"] * one["N"].pow(-one["alpha"]),
        "sympy",
    ),
)
