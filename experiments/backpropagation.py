"""Do gradients by hand, by autograd and by finite differences agree, and what does each cost?"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from bifolio import Column, Quantity, Run, experiment
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy, relu
from torch.utils.flop_counter import FlopCounterMode

from experiments.mathematics.gradients import (
    Loss,
    Network,
    by_autograd,
    by_differences,
    by_hand,
    by_hand_too_early,
    difference,
    one_output_by_hand,
    one_output_loss,
)

EXAMPLE_X, EXAMPLE_Y = (1.0, 2.0), 0.0
EXAMPLE_THETA = (0.5, -0.5, 1.0, 0.25, 0.0, 0.0, 1.0, 0.5, 0.0)
EXAMPLE_NAMES = ("W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "b1[1]", "b1[2]", "W2[1]", "W2[2]", "b2")
EXAMPLE_RATE = 0.5


@dataclass(frozen=True)
class Config:
    inputs: int = 8
    hidden: int = 16
    classes: int = 4
    batch: int = 32
    rate: float = 0.5
    deep_layers: int = 10
    steps: tuple[float, ...] = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12)


@dataclass(frozen=True)
class Problem:
    """A random network and batch in double precision, from numbers that single precision holds exactly."""

    network: Network
    theta: Tensor
    x: Tensor
    labels: Tensor

    def loss(self, dtype: torch.dtype) -> Loss:
        return lambda theta: self.network.loss(theta, self.x.to(dtype), self.labels)


@experiment(
    seeds=20,
    smoke=Config(hidden=4),
    quantities={
        "hand_autograd_*": Quantity(range=(0, None)),
        "one_output_*": Quantity(range=(0, None)),
        "forgotten_*": Quantity(range=(0, None)),
        "turned_round": Quantity(range=(0, 100)),
        "updated_too_early": Quantity(range=(0, None)),
        "*_best": Quantity(range=(0, None)),
        "*_smallest_step": Quantity(range=(0, None)),
        "parameters": Quantity(exact=True),
        "passes_*": Quantity(exact=True),
        "backward_cost*": Quantity(exact=True),
        "example_*": Quantity(exact=True),
        "example.*": Quantity(exact=True),
        "error_by_step.*_64": Quantity(range=(0, None)),
        "error_by_step.*_32": Quantity(range=(0, None)),
    },
)
def backpropagation(config: Config, run: Run) -> None:
    run.no_data()
    problem = draw(config)
    record_agreement(problem, config, run)
    record_forgotten_weight(config, run)
    record_steps(problem, config, run)
    record_costs(problem, config, run)
    record_example(run)


def draw(config: Config) -> Problem:
    network = Network(config.inputs, config.hidden, config.classes)
    theta = torch.randn(network.parameters) / 2
    x, labels = torch.randn(config.batch, config.inputs), torch.randint(config.classes, (config.batch,))
    return Problem(network, theta.double(), x.double(), labels)


def record_agreement(problem: Problem, config: Config, run: Run) -> None:
    """Record how far the gradients by hand, right ones and two usual mistakes, lie from autograd's."""
    network, theta, x, labels = problem.network, problem.theta, problem.x, problem.labels
    right = by_autograd(problem.loss(torch.float64), theta)
    run.value("hand_autograd_64", difference(by_hand(network, theta, x, labels), right), tolerance=1e-12)
    single = by_autograd(problem.loss(torch.float32), theta.float())
    run.value(
        "hand_autograd_32", difference(by_hand(network, theta.float(), x.float(), labels), single), tolerance=1e-4
    )
    forgotten = by_hand(network, theta, x, labels, derivative=False)
    run.value("forgotten_derivative", 100 * difference(forgotten, right), unit="%", tolerance=0.5)
    early = by_hand_too_early(network, theta, x, labels, config.rate)
    run.value("updated_too_early", 100 * difference(early, right), unit="%", tolerance=0.5)


def record_forgotten_weight(config: Config, run: Run) -> None:
    """Record what dropping W2 does to the gradient of a network with one output, as an article prints it."""
    network = Network(config.inputs, config.hidden, 1)
    theta, x = torch.randn(network.parameters).double() / 2, torch.randn(config.batch, config.inputs).double()
    answers = torch.randint(2, (config.batch,)).double()
    right = by_autograd(lambda point: one_output_loss(network, point, x, answers), theta)
    by_hand_too = one_output_by_hand(network, theta, x, answers)
    run.value("one_output_64", difference(by_hand_too, right), tolerance=1e-12)
    wrong = one_output_by_hand(network, theta, x, answers, weight=False)
    run.value("forgotten_weight", 100 * difference(wrong, right), unit="%", tolerance=0.5)
    first = (config.inputs + 1) * config.hidden
    turned = (wrong[:first].sign() != right[:first].sign()).double().mean()
    run.value("turned_round", 100 * turned, unit="%", tolerance=0.5)


def record_steps(problem: Problem, config: Config, run: Run) -> None:
    """Record the error of difference quotients at every step, against autograd in double precision."""
    right = by_autograd(problem.loss(torch.float64), problem.theta)
    columns = ("central_64", "central_32", "one_sided_64")
    table = run.table("error_by_step", columns=("step", *(Column(name, tolerance=0.05) for name in columns)))
    errors: dict[str, list[float]] = {name: [] for name in columns}
    for step in run.progress(config.steps):
        for name in columns:
            dtype = torch.float32 if name.endswith("32") else torch.float64
            central = name.startswith("central")
            quotients = by_differences(problem.loss(dtype), problem.theta.to(dtype), step, central=central)
            errors[name].append(difference(quotients, right))
        table.add(step, *(errors[name][-1] for name in columns))
    for name, found in errors.items():
        run.value(f"{name}_best", min(found), tolerance=0.05)
        run.choice(f"{name}_best_step", config.steps[found.index(min(found))])
    run.value("central_64_smallest_step", errors["central_64"][-1], tolerance=0.05)


def record_costs(problem: Problem, config: Config, run: Run) -> None:
    """Record how many forward passes a gradient takes, and the floating-point work of going back, in forward passes."""
    parameters = problem.network.parameters
    run.value("parameters", parameters)
    run.value("passes_one_sided", parameters + 1)
    run.value("passes_central", 2 * parameters)
    network = problem.network
    two = nn.Sequential(
        nn.Linear(network.inputs, network.hidden), nn.Tanh(), nn.Linear(network.hidden, network.classes)
    )
    run.value("backward_cost", backward_cost(two, problem.x.float()))
    layers = [
        layer for _ in range(config.deep_layers) for layer in (nn.Linear(config.inputs, config.inputs), nn.Tanh())
    ]
    run.value("backward_cost_deep", backward_cost(nn.Sequential(*layers), problem.x.float()))


def backward_cost(model: nn.Module, x: Tensor) -> float:
    """Return the operations of matrix products in the backward pass as a multiple of those in the forward pass."""
    with FlopCounterMode(display=False) as forward:
        loss = model(x).sum()
    with FlopCounterMode(display=False) as backward:
        loss.backward()
    return float(backward.get_total_flops() / forward.get_total_flops())


def example_forward(theta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return z1, p and the loss of the worked example: two inputs, two units with ReLU, one probability."""
    w1, b1, w2, b2 = theta[:4].view(2, 2), theta[4:6], theta[6:8], theta[8]
    z1 = w1 @ torch.tensor(EXAMPLE_X, dtype=theta.dtype) + b1
    p = torch.sigmoid(w2 @ relu(z1) + b2)
    return z1, p, binary_cross_entropy(p, torch.tensor(EXAMPLE_Y, dtype=theta.dtype))


def example_by_hand(theta: Tensor) -> Tensor:
    """Return the gradient of the worked example, line by line as the chapter has it."""
    x, w2 = torch.tensor(EXAMPLE_X, dtype=theta.dtype), theta[6:8]
    z1, p, _ = example_forward(theta)
    delta_2 = p - EXAMPLE_Y
    delta_1 = w2 * delta_2 * (z1 > 0)
    return torch.cat([torch.outer(delta_1, x).flatten(), delta_1, delta_2 * relu(z1), delta_2[None]])


def record_example(run: Run) -> None:
    theta = torch.tensor(EXAMPLE_THETA, dtype=torch.float64)
    z1, p, loss = example_forward(theta)
    hand = example_by_hand(theta)
    automatic = by_autograd(lambda point: example_forward(point)[2], theta)
    quotients = by_differences(lambda point: example_forward(point)[2], theta, 1e-5)
    table = run.table("example", columns=("parameter", "value", "by_hand", "by_autograd", "by_differences", "stepped"))
    stepped = theta - EXAMPLE_RATE * hand
    for row in zip(EXAMPLE_NAMES, theta, hand, automatic, quotients, stepped, strict=True):
        table.add(*row)
    run.value("example_score", theta[6:8] @ relu(z1) + theta[8])
    run.value("example_probability", p)
    run.value("example_loss", loss)
    run.value("example_delta_hidden", hand[5])
    run.value("example_output_gradient", hand[7])
    run.value("example_probability_after", example_forward(stepped)[1])
    run.value("example_loss_after", example_forward(stepped)[2])
