"""The texts that language models are trained on, split by the seed and turned into rows of tokens."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from bifolio import Run

from experiments.datasets.reference_prose import load as load_prose
from experiments.splits.reviews import Vocabulary, build_vocabulary, split_reviews


@dataclass(frozen=True)
class Text:
    """The three parts as rows of tokens."""

    vocabulary: Vocabulary
    train: torch.Tensor
    validation: torch.Tensor
    test: torch.Tensor


def load_text(name: str, vocabulary_size: int, run: Run) -> Text:
    """Draw the parts by whole reviews, or by whole modules whose documentation the prose is."""
    parts: tuple[tuple[str, ...], ...]
    if name == "reviews":
        corpus = split_reviews(run)
        parts = (corpus.train, corpus.validation, corpus.test)
        run.value("reviews", sum(map(len, parts)))
        run.value("repetitions", corpus.repetitions)
    elif name == "prose":
        texts = load_prose()
        rows = run.split(len(texts), train=0.8, validation=0.1, test=0.1)
        parts = tuple(tuple(texts[row] for row in part) for part in (rows.train, rows.validation, rows.test))
        run.value("modules", len(texts))
    else:
        raise ValueError(f"unknown text {name!r}; expected reviews or prose")
    vocabulary = build_vocabulary(parts[0], vocabulary_size)
    streams = [vocabulary.stream(part).to(run.device) for part in parts]
    run.value("vocabulary_size", len(vocabulary.characters))
    run.value("training_characters", len(streams[0]))
    return Text(vocabulary, *streams)
