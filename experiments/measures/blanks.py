"""What a BERT puts into the blanks of masked reviews."""

from __future__ import annotations

import math

import torch
from torch.nn.functional import cross_entropy
from transformers import BertForPreTraining

from experiments.measures.classification import percent
from experiments.models.bert import read
from experiments.models.masking import Masked
from experiments.splits.reviews import SEPARATOR, UNKNOWN, Vocabulary

EVALUATION_BATCH = 64
GUESSES = 3
NEIGHBOURS = 10  # characters shown on either side of a blank


@torch.no_grad()
def filled(model: BertForPreTraining, masked: Masked) -> tuple[float, float]:
    """Return the mean loss (nats per hidden character) and how many of them are guessed first (percent)."""
    scores = hidden_scores(model, masked)
    return cross_entropy(scores, masked.targets).item(), percent(scores.argmax(dim=1) == masked.targets)


@torch.no_grad()
def hidden_scores(model: BertForPreTraining, masked: Masked) -> torch.Tensor:
    """Return the scores (hidden × vocabulary) of what may stand at every hidden place."""
    model.eval()
    scores = []
    for rows in torch.arange(len(masked.texts), device=masked.hidden.device).split(EVALUATION_BATCH):
        texts = masked.texts.rows(rows)
        places, _ = read(model, texts)
        scores.append(model.cls.predictions(places[masked.hidden[rows, : places.shape[1]]]))
    model.train()
    return torch.cat(scores)


@torch.no_grad()
def fill_in(model: BertForPreTraining, masked: Masked, vocabulary: Vocabulary, shown: int) -> list[dict[str, str]]:
    """Show the first hidden character of some reviews amid its neighbours, and what the model would put there."""
    model.eval()
    names = ["␣" if character == " " else character for character in (*vocabulary.characters, "", "□", "")]
    examples = []
    for row in masked.hidden.any(dim=1).nonzero().flatten()[:shown]:
        place = int(masked.hidden[row].nonzero()[0])
        texts = masked.texts.rows(row[None])
        scores = model.cls.predictions(read(model, texts)[0][0, place])
        scores[[SEPARATOR, UNKNOWN]] = -math.inf
        likeliest = scores.softmax(dim=0).topk(GUESSES)
        around = texts.tokens[0, max(1, place - NEIGHBOURS) : place + NEIGHBOURS + 1].tolist()
        hidden_before = int(masked.hidden[:row].sum())
        examples.append(
            {
                "text": "".join("" if token == SEPARATOR else names[token] for token in around),
                "answer": names[int(masked.targets[hidden_before])],
                "guesses": " ".join(
                    f"{names[token]} {100 * chance:.0f}%"
                    for chance, token in zip(likeliest.values.tolist(), likeliest.indices.tolist(), strict=True)
                ),
            }
        )
    return examples
