"""Language models that only count: the baselines of the trained one, on the same characters."""

from __future__ import annotations

from dataclasses import dataclass

import torch

STRENGTHS = (10.0, 30.0, 100.0, 300.0, 1000.0)


@dataclass(frozen=True)
class Windows:
    """A stream cut into rows (count × context): tokens, and the token that follows each of them."""

    inputs: torch.Tensor
    targets: torch.Tensor

    def first(self, count: int) -> Windows:
        return Windows(self.inputs[:count], self.targets[:count])


def cut(stream: torch.Tensor, context: int) -> Windows:
    """Cut a stream into whole rows; what is left over at the end is dropped."""
    count = (len(stream) - 1) // context
    inputs, targets = stream[: count * context], stream[1 : count * context + 1]
    return Windows(inputs.view(count, context), targets.view(count, context))


@dataclass(frozen=True)
class Counts:
    """How likely each token is (vocabulary), and how often each pair occurred (vocabulary × vocabulary)."""

    unigram: torch.Tensor
    pairs: torch.Tensor


def count(stream: torch.Tensor, vocabulary_size: int) -> Counts:
    """Count tokens, with one added to each so that none is impossible, and pairs of neighbours."""
    unigram = torch.bincount(stream, minlength=vocabulary_size).double() + 1.0
    pairs = torch.bincount(stream[:-1] * vocabulary_size + stream[1:], minlength=vocabulary_size**2).double()
    return Counts(unigram / unigram.sum(), pairs.view(vocabulary_size, vocabulary_size))


def unigram_loss(counts: Counts, windows: Windows) -> float:
    """Return the mean loss in nats per token of a model that does not look back."""
    return -counts.unigram[windows.targets].log().mean().item()


def bigram_loss(counts: Counts, windows: Windows, strength: float) -> float:
    """Return the mean loss in nats per token of a model that looks one token back.

    Pairs are smoothed towards single tokens: p(b|a) = (n(ab) + s·p(b)) / (n(a) + s) (MacKay and Peto, 1995).
    """
    before, after = windows.inputs.flatten(), windows.targets.flatten()
    seen = counts.pairs.sum(dim=1)[before]
    likelihood = (counts.pairs[before, after] + strength * counts.unigram[after]) / (seen + strength)
    return -likelihood.log().mean().item()


def best_strength(counts: Counts, validation: Windows) -> float:
    """Return the smoothing strength with the lowest loss on the validation part."""
    return min(STRENGTHS, key=lambda strength: bigram_loss(counts, validation, strength))
