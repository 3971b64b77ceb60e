"""The Chinese reviews as the language experiments see them: one split, one character vocabulary."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from bifolio import Run

from experiments.datasets.chinese_reviews import load as load_reviews

SEPARATOR, UNKNOWN = 0, 1  # token ids: the border between two reviews, a character outside the vocabulary
SPECIAL = ("[SEP]", "[UNK]")
VOCABULARY_FILE = "vocabulary.json"


@dataclass(frozen=True)
class Corpus:
    """Whole reviews, each in one part only."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]
    repetitions: int


def split_reviews(run: Run) -> Corpus:
    """Draw the parts by the seed; the same seed draws the same parts in every experiment that calls this."""
    reviews = load_reviews()
    rows = run.split(len(reviews.texts), train=0.8, validation=0.1, test=0.1)
    train, validation, test = (
        tuple(reviews.texts[row] for row in part) for part in (rows.train, rows.validation, rows.test)
    )
    return Corpus(train, validation, test, repetitions=reviews.repetitions)


@dataclass(frozen=True)
class Vocabulary:
    """Characters by token id; the first two are not characters but the special tokens."""

    characters: tuple[str, ...]

    def encode(self, text: str) -> list[int]:
        token_of = self._token_of()
        return [token_of.get(character, UNKNOWN) for character in text]

    def decode(self, tokens: Iterable[int]) -> str:
        return "".join(self.characters[token] for token in tokens)

    def stream(self, reviews: Sequence[str]) -> torch.Tensor:
        """Return all reviews as one row of tokens, a separator before, between and after them."""
        token_of = self._token_of()
        tokens = [SEPARATOR]
        for review in reviews:
            tokens += [token_of.get(character, UNKNOWN) for character in review]
            tokens.append(SEPARATOR)
        return torch.tensor(tokens)

    def _token_of(self) -> dict[str, int]:
        return {character: token for token, character in enumerate(self.characters)}


def build_vocabulary(reviews: Sequence[str], size: int) -> Vocabulary:
    """Return the special tokens and the commonest characters, `size` in all, of these reviews: the training part only.

    Of equally common characters the earlier ones in Unicode are taken. Sizes that are multiples of 64 compute fastest.
    """
    counts = Counter("".join(reviews))
    commonest = sorted(counts, key=lambda character: (-counts[character], character))[: size - len(SPECIAL)]
    return Vocabulary((*SPECIAL, *sorted(commonest)))


def save_vocabulary(vocabulary: Vocabulary, folder: Path) -> None:
    text = json.dumps(vocabulary.characters, ensure_ascii=False, indent=0)
    (folder / VOCABULARY_FILE).write_text(text, encoding="utf-8")


def load_vocabulary(folder: Path) -> Vocabulary:
    return Vocabulary(tuple(json.loads((folder / VOCABULARY_FILE).read_text(encoding="utf-8"))))
