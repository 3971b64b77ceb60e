"""The numbers that the chapter's examples of convolution and pooling name, and PyTorch's for the same."""

from __future__ import annotations

import torch
from torch.nn.functional import conv1d, max_pool1d

from experiments.models.convolving import pool, slide

SIGNAL = (0.0, 0.0, 1.0, 1.0, 0.0)


def test_the_examples_are_what_they_say() -> None:
    edges = slide((-1, 1), SIGNAL)
    assert edges == [0, 1, 0, -1]
    assert pool(edges, 2) == [1, 0]


def test_both_are_what_pytorch_computes() -> None:
    signal, kernel = torch.tensor([[[0.5, -1.0, 2.0, 3.0, 0.0]]]), torch.tensor([[[2.0, -0.5]]])
    slid = conv1d(signal, kernel)
    assert slide(kernel.flatten().tolist(), signal.flatten().tolist()) == slid.flatten().tolist()
    assert pool(slid.flatten().tolist(), 2) == max_pool1d(slid, 2).flatten().tolist()


def test_a_moved_signal_moves_what_the_kernel_finds() -> None:
    moved = slide((-1, 1), (0, *SIGNAL))
    assert moved == [0, *slide((-1, 1), SIGNAL)]
