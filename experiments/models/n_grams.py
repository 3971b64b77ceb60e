"""Language models that count sequences of several tokens, smoothed by absolute discounting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from experiments.models.counting import Windows

DISCOUNTS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
ORDERS = (2, 3, 4)
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Seen:
    """What the counted text says of every target of some windows, in one row (count · context).

    `together` is how often the history was followed by the target, `before` how often it was followed by anything, and
    `kinds` by how many different tokens; all are 0 where the history never occurred or does not fit into the window.
    """

    together: torch.Tensor
    before: torch.Tensor
    kinds: torch.Tensor


@dataclass(frozen=True)
class NGram:
    """A model whose longest sequences have `order` tokens, with its discount.

    `validation` and `test` hold the probability that it gives to every target, each in one row (count · context);
    `covered` tells of how many test targets the whole sequence was counted (percent), and `loss` is the mean on the
    test part (nats per token).
    """

    order: int
    discount: float
    validation: torch.Tensor
    test: torch.Tensor
    covered: float

    @property
    def loss(self) -> float:
        return mean_surprise(self.test)


def n_grams(stream: torch.Tensor, unigram: torch.Tensor, validation: Windows, test: Windows) -> tuple[NGram, ...]:
    """Return the bigram, the trigram and the 4-gram that count a stream.

    `unigram` (vocabulary) is what the bigram falls back on. Each model has one discount, the one with the lowest loss
    on the validation windows.
    """
    parts = (validation, test)
    shortest = [unigram[windows.targets.flatten()] for windows in parts]
    seen: list[list[Seen]] = [[], []]
    models = []
    for order in ORDERS:
        for windows, one in zip(parts, seen, strict=True):
            one.append(look_up(stream, windows, order, len(unigram)))
        tried = {discount: discounted(seen[0], shortest[0], discount) for discount in DISCOUNTS}
        best = min(tried, key=lambda discount: mean_surprise(tried[discount]))
        covered = 100.0 * (seen[1][-1].together > 0).double().mean().item()
        models.append(NGram(order, best, tried[best], discounted(seen[1], shortest[1], best), covered))
    return tuple(models)


def mean_surprise(probabilities: torch.Tensor) -> float:
    """Return the mean loss in nats of what was given such probabilities and came."""
    return -probabilities.log().mean().item()


def blended(
    validation: tuple[torch.Tensor, torch.Tensor], test: tuple[torch.Tensor, torch.Tensor]
) -> tuple[float, float]:
    """Return the share of the first of two models in the best mean of their probabilities, and its loss in nats.

    The share is the one with the lowest loss on the validation part, the loss that on the test part.
    """

    def loss(share: float, pair: tuple[torch.Tensor, torch.Tensor]) -> float:
        return mean_surprise(share * pair[0] + (1.0 - share) * pair[1])

    best = min(SHARES, key=lambda share: loss(share, validation))
    return best, loss(best, test)


def look_up(stream: torch.Tensor, windows: Windows, order: int, vocabulary_size: int) -> Seen:
    """Count the sequences of `order` tokens in a stream, and look up the one that ends with each target."""
    grams, together = torch.unique(numbered(stream, order, vocabulary_size), return_counts=True)
    histories, history_of = torch.unique(grams // vocabulary_size, return_inverse=True)
    before = torch.zeros_like(histories).index_add_(0, history_of, together)
    kinds = torch.bincount(history_of, minlength=len(histories))

    whole = torch.cat([windows.inputs, windows.targets[:, -1:]], dim=1)
    wanted = numbered(whole, order, vocabulary_size)
    # The first targets of a window have too little before them: -1 is no number of a sequence, so nothing is found.
    wanted = torch.nn.functional.pad(wanted, (order - 2, 0), value=-1).flatten()
    history = wanted.div(vocabulary_size, rounding_mode="floor")
    return Seen(find(grams, together, wanted), find(histories, before, history), find(histories, kinds, history))


def numbered(rows: torch.Tensor, order: int, vocabulary_size: int) -> torch.Tensor:
    """Give a number to every `order` neighbours in the last dimension: digits in a system with a digit for a token."""
    length = rows.shape[-1] - order + 1
    number = torch.zeros_like(rows[..., :length])
    for place in range(order):
        number = number * vocabulary_size + rows[..., place : place + length]
    return number


def find(keys: torch.Tensor, values: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return the value of each wanted key (sorted keys), 0 where it is not among them."""
    place = torch.searchsorted(keys, wanted).clamp(max=len(keys) - 1)
    return torch.where(keys[place] == wanted, values[place], 0).double()


def discounted(seen: Sequence[Seen], shortest: torch.Tensor, discount: float) -> torch.Tensor:
    """Return the probabilities of interpolated absolute discounting (Ney, Essen and Kneser, 1994).

    p(b|h) = (max(n(hb) - d, 0) + d·k(h)·p(b|h')) / n(h), where h' is h without its first token and k(h) the number of
    different tokens after h; where h never occurred it is p(b|h'). `seen` goes from histories of one token to the
    longest; `shortest` is p(b) without any.
    """
    likelihood = shortest
    for one in seen:
        kept = (one.together - discount).clamp(min=0.0)
        longer = (kept + discount * one.kinds * likelihood) / one.before.clamp(min=1.0)
        likelihood = torch.where(one.before > 0, longer, likelihood)
    return likelihood
