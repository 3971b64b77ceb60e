"""Five architectures for images and for texts, each as wide as an equal number of parameters allows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from experiments.models.parameters import closest_width
from experiments.models.perceptrons import perceptron

ARCHITECTURES = ("mlp", "cnn", "rnn", "lstm", "transformer")
HEADS = 4
IMAGE_FILTERS = 10  # of the first convolution; the second one's are what is fitted
IMAGE_VECTOR, TEXT_VECTOR = 24, 32  # the width of the Transformer; its feed-forward layer's is what is fitted


@dataclass(frozen=True)
class Images:
    """Square images of side² pixels (batch × side²); who reads a sequence reads them row by row."""

    side: int
    classes: int


@dataclass(frozen=True)
class Texts:
    """Texts as token ids (batch × length), every token a learned vector of so many numbers."""

    length: int
    tokens: int
    vector: int
    classes: int


class Recurrent(nn.Module):
    """Read a sequence (batch × time × features) from left to right; judge by the last state (Elman, 1990)."""

    def __init__(self, cell: type[nn.RNN] | type[nn.LSTM], features: int, hidden: int, classes: int) -> None:
        super().__init__()
        self.cell = cell(features, hidden, batch_first=True)
        self.scores = nn.Linear(hidden, classes)

    def forward(self, sequence: torch.Tensor) -> torch.Tensor:
        states, _ = self.cell(sequence)
        return self.scores(states[:, -1])  # type: ignore[no-any-return]


class Encoder(nn.Module):
    """One Transformer layer over a sequence (batch × time × features), averaged over its places."""

    def __init__(self, features: int, length: int, vector: int, feedforward: int, classes: int) -> None:
        super().__init__()
        self.enter = nn.Linear(features, vector)
        self.places = nn.Parameter(0.02 * torch.randn(length, vector))
        self.layer = nn.TransformerEncoderLayer(vector, HEADS, feedforward, dropout=0.0, batch_first=True)
        self.scores = nn.Linear(vector, classes)

    def forward(self, sequence: torch.Tensor) -> torch.Tensor:
        return self.scores(self.layer(self.enter(sequence) + self.places).mean(dim=1))  # type: ignore[no-any-return]


class Channels(nn.Module):
    """Turn a sequence (batch × time × features) into what a convolution expects (batch × features × time)."""

    def forward(self, sequence: torch.Tensor) -> torch.Tensor:
        return sequence.transpose(1, 2)


def set_vectors(model: nn.Module, deviation: float) -> None:
    """Draw the vectors of the tokens anew, with this standard deviation; PyTorch draws them with 1."""
    for module in model.modules():
        if isinstance(module, nn.Embedding | nn.EmbeddingBag):
            nn.init.normal_(module.weight, std=deviation)


def build(architecture: str, task: Images | Texts, parameters: int) -> nn.Module:
    """Return the network whose number of parameters comes closest to the one that is asked for."""

    def of_width(width: int) -> nn.Module:
        return (
            _image_model(architecture, task, width)
            if isinstance(task, Images)
            else _text_model(architecture, task, width)
        )

    return of_width(closest_width(of_width, parameters))


def _image_model(architecture: str, task: Images, width: int) -> nn.Module:
    side, classes = task.side, task.classes
    if architecture == "mlp":
        return perceptron(side * side, width, classes)
    if architecture == "cnn":
        return nn.Sequential(
            nn.Unflatten(1, (1, side, side)),
            *(nn.Conv2d(1, IMAGE_FILTERS, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(IMAGE_FILTERS, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(width * (side // 4) ** 2, classes)),
        )
    return nn.Sequential(nn.Unflatten(1, (side, side)), _reader(architecture, side, side, IMAGE_VECTOR, width, classes))


def _text_model(architecture: str, task: Texts, width: int) -> nn.Module:
    embedding = nn.Embedding(task.tokens, task.vector)
    inputs, classes = task.length * task.vector, task.classes
    if architecture == "mlp":
        return nn.Sequential(embedding, nn.Flatten(), perceptron(inputs, width, classes))
    if architecture == "cnn":
        return nn.Sequential(
            *(embedding, Channels()),
            *(nn.Conv1d(task.vector, width, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2)),
            *(nn.Conv1d(width, width, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool1d(1)),
            *(nn.Flatten(), nn.Linear(width, classes)),
        )
    return nn.Sequential(embedding, _reader(architecture, task.vector, task.length, TEXT_VECTOR, width, classes))


def _reader(architecture: str, features: int, length: int, vector: int, width: int, classes: int) -> nn.Module:
    if architecture == "rnn":
        return Recurrent(nn.RNN, features, width, classes)
    if architecture == "lstm":
        return Recurrent(nn.LSTM, features, width, classes)
    if architecture == "transformer":
        return Encoder(features, length, vector, width, classes)
    raise ValueError(f"unknown architecture {architecture!r}; expected {', '.join(ARCHITECTURES)}")
