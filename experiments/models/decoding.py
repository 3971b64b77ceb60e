"""Writes text with a language model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from bifolio import SourceAbsent
from transformers import AutoTokenizer, GPT2LMHeadModel

from experiments.splits.reviews import SEPARATOR, UNKNOWN, Vocabulary, load_vocabulary

SHOWN: dict[str, dict[str, Any]] = {
    "greedy": {"do_sample": False},
    "top-p 0.9": {"do_sample": True, "top_p": 0.9, "top_k": 0},
}


@dataclass(frozen=True)
class Writer:
    """A model and the openings that it continues (count × length).

    `forbidden` tokens are never written, so that all continuations have one length; `read` turns tokens into text;
    `human` holds the openings with what people wrote after them, where that is known.
    """

    model: GPT2LMHeadModel
    openings: torch.Tensor
    forbidden: list[int]
    read: Callable[[list[int]], str]
    human: torch.Tensor | None = None

    @property
    def opening_length(self) -> int:
        return self.openings.shape[1]


def load_trained(folder: Path, reviews: Sequence[str], count: int, length: int, continued: int) -> Writer:
    """Return our own model with the first `length` characters of reviews, and the `continued` ones after them.

    Reviews that are too short or hold a character outside the vocabulary are passed over.
    """
    vocabulary = load_vocabulary(folder)
    whole = length + continued
    beginnings = [vocabulary.encode(review[:whole]) for review in reviews if len(review) >= whole]
    human = torch.tensor([[SEPARATOR, *beginning] for beginning in beginnings if UNKNOWN not in beginning][:count])
    return Writer(
        model=GPT2LMHeadModel.from_pretrained(folder, local_files_only=True),
        openings=human[:, : 1 + length],
        forbidden=[SEPARATOR, UNKNOWN],
        read=lambda tokens: vocabulary.decode(token for token in tokens if token != SEPARATOR),
        human=human,
    )


def load_hub(name: str, texts: Sequence[str], length: int) -> Writer:
    """Return a published model from this machine's Hugging Face cache; raise SourceAbsent when it is not there."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=True)
        model = GPT2LMHeadModel.from_pretrained(name, local_files_only=True)
    except OSError as error:
        raise SourceAbsent(
            f"the weights of {name} are not in this machine's Hugging Face cache; fetch them where there is a "
            f"network with `hf download {name}`, or let HF_HOME name a copy"
        ) from error
    return Writer(
        model=model,
        openings=torch.tensor([tokenizer(text).input_ids[:length] for text in texts]),
        forbidden=[tokenizer.eos_token_id],
        read=lambda tokens: str(tokenizer.decode(tokens)),
    )


def write(model: GPT2LMHeadModel, openings: torch.Tensor, forbidden: list[int], **options: Any) -> torch.Tensor:
    """Return the openings (count × length, nothing padded), each with what the model wrote after it."""
    strict = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(strict, warn_only=True)  # top-p adds odds up, which CUDA cannot do reproducibly
    try:
        output = model.generate(  # type: ignore[misc]  # the library types `self` in a way that mypy refuses
            openings,
            attention_mask=torch.ones_like(openings),
            suppress_tokens=forbidden,
            pad_token_id=forbidden[0],
            **options,
        )
    finally:
        torch.use_deterministic_algorithms(strict)
    return torch.as_tensor(output)


def continuations(
    model: GPT2LMHeadModel, vocabulary: Vocabulary, prompts: Sequence[str], length: int
) -> list[dict[str, str]]:
    """Continue every prompt twice: with the likeliest characters, and drawn from the likeliest nine tenths."""
    model.eval()
    rows = []
    for prompt in prompts:
        tokens = torch.tensor([[SEPARATOR, *vocabulary.encode(prompt)]], device=model.device)
        for decoding, options in SHOWN.items():
            output = write(model, tokens, [UNKNOWN], max_new_tokens=length, **options)
            written = [token for token in output[0, tokens.shape[1] :].tolist() if token != SEPARATOR]
            rows.append({"prompt": prompt, "continuation": vocabulary.decode(written), "decoding": decoding})
    return rows
