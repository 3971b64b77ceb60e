"""Adam as it is often printed, without the square root in its last line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch


class MisprintedAdam(torch.optim.Optimizer):
    """Adam (Kingma & Ba, 2015, algorithm 1) that divides by the mean square and not by its root.

    With `root=True` the root is put back, and it takes the steps of `torch.optim.Adam`.
    """

    def __init__(
        self,
        parameters: Iterable[torch.Tensor],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        root: bool = False,
    ) -> None:
        super().__init__(parameters, {"lr": lr, "betas": betas, "eps": eps, "root": root})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]  # no loss is returned
        """Move every parameter one step by its gradient; there is no closure."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    _move(parameter, parameter.grad, self.state[parameter], group)


def _move(
    parameter: torch.Tensor,
    gradient: torch.Tensor,
    state: dict[str, Any],
    group: dict[str, Any],
) -> None:
    if not state:
        state["step"] = 0
        state["mean"] = torch.zeros_like(parameter)
        state["square"] = torch.zeros_like(parameter)
    state["step"] += 1
    first, second = group["betas"]
    state["mean"].mul_(first).add_(gradient, alpha=1 - first)
    state["square"].mul_(second).addcmul_(gradient, gradient, value=1 - second)
    size = state["square"] / (1 - second ** state["step"])
    if group["root"]:
        size.sqrt_()
    size.add_(group["eps"])
    length = group["lr"] / (1 - first ** state["step"])
    parameter.addcdiv_(state["mean"], size, value=-length)
