"""How many parameters a network has."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

import torch
from torch import nn

WIDEST = 2000  # no width tried is larger


def count_parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def closest_width(of_width: Callable[[int], nn.Module], parameters: int) -> int:
    """Return the width whose network comes closest to so many parameters."""

    def count(width: int) -> int:
        with torch.device("meta"):  # counts what would be allocated, and draws no random numbers
            return count_parameters(of_width(width))

    wider = max(2, bisect_left(range(1, WIDEST + 1), parameters, key=count) + 1)
    return min((wider - 1, wider), key=lambda width: abs(count(width) - parameters))
