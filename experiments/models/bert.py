"""BERT (Devlin et al., 2019) at the size of this report: its marks, its model, and how its weights are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn.utils.rnn import pad_sequence
from transformers import BertConfig, BertForPreTraining

from experiments.splits.reviews import SEPARATOR, Vocabulary, save_vocabulary

SLOPES = (2.0, 0.1)  # scores lost with each character of distance
OWN = -4.0  # a place knows what stands at itself: it looks there only where it must
FORBIDDEN = -1e9  # far below any score, so that softmax makes it 0
MARKS = 3  # beside the separator, which the vocabulary has: classification, mask, padding


@dataclass(frozen=True)
class Marks:
    """Token ids that stand for no character; they follow those of the vocabulary."""

    classification: int
    mask: int
    padding: int


@dataclass(frozen=True)
class Texts:
    """Padded texts (count × length): tokens, segments (0 or 1), and 1 where there is a token at all."""

    tokens: torch.Tensor
    segments: torch.Tensor
    present: torch.Tensor

    def rows(self, rows: torch.Tensor) -> Texts:
        """Return some texts, without the padding that none of them needs."""
        length = int(self.present[rows].sum(dim=1).max())
        return Texts(self.tokens[rows, :length], self.segments[rows, :length], self.present[rows, :length])

    def to(self, device: torch.device) -> Texts:
        return Texts(self.tokens.to(device), self.segments.to(device), self.present.to(device))

    def __len__(self) -> int:
        return len(self.tokens)


@dataclass(frozen=True)
class Shape:
    layers: int
    width: int
    heads: int
    context: int
    dropout: float


def marks_of(vocabulary: Vocabulary) -> Marks:
    first = len(vocabulary.characters)
    return Marks(classification=first, mask=first + 1, padding=first + 2)


def encode(reviews: Sequence[str], vocabulary: Vocabulary) -> list[list[int]]:
    """Return the tokens of every review; one pass over all of them."""
    tokens: list[list[int]] = []
    for token in vocabulary.stream(reviews).tolist()[:-1]:  # separators stand before, between and after the reviews
        if token == SEPARATOR:
            tokens.append([])
        else:
            tokens[-1].append(token)
    return tokens


def join(segments: Sequence[Sequence[Sequence[int]]], marks: Marks) -> Texts:
    """Return each text's one or two segments as `[CLS] first [SEP] second [SEP]`."""
    tokens, kinds = [], []
    for parts in segments:
        row, kind = [marks.classification], [0]
        for number, part in enumerate(parts):
            row += [*part, SEPARATOR]
            kind += [number] * (len(part) + 1)
        tokens.append(torch.tensor(row))
        kinds.append(torch.tensor(kind))
    padded = pad_sequence(tokens, batch_first=True, padding_value=marks.padding)
    return Texts(padded, pad_sequence(kinds, batch_first=True), (padded != marks.padding).long())


def build_bert(shape: Shape, vocabulary: Vocabulary, device: torch.device) -> BertForPreTraining:
    with device:
        return BertForPreTraining(
            BertConfig(
                vocab_size=len(vocabulary.characters) + MARKS,
                hidden_size=shape.width,
                num_hidden_layers=shape.layers,
                num_attention_heads=shape.heads,
                intermediate_size=4 * shape.width,
                max_position_embeddings=shape.context,
                hidden_act="gelu_pytorch_tanh",  # one operation
                hidden_dropout_prob=shape.dropout,
                attention_probs_dropout_prob=shape.dropout,
                initializer_range=shape.width
                ** -0.5,  # BERT's 0.02 suits its width; narrow layers would swallow what they read
                pad_token_id=marks_of(vocabulary).padding,
            )
        )


def read(model: BertForPreTraining, texts: Texts) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a vector for each place (count × length × width) and one for each text (count × width)."""
    nearness = look_near(texts.tokens.shape[1], model.config.num_attention_heads, texts.tokens.device)
    absent = torch.zeros(texts.present.shape, device=texts.tokens.device).masked_fill(texts.present == 0, FORBIDDEN)
    output = model.bert(texts.tokens, attention_mask=nearness + absent[:, None, None], token_type_ids=texts.segments)
    return output.last_hidden_state, output.pooler_output


def look_near(length: int, heads: int, device: torch.device) -> torch.Tensor:
    """Return what is added to attention's scores (1 × heads × length × length): a penalty that grows with distance.

    After ALiBi (Press et al., 2022); every other head looks back, the rest look ahead, as in directional
    self-attention (Shen et al., 2018). A model that sees few texts would not find out in time what is near.
    """
    places = torch.arange(length, device=device)
    ahead = (places[None, :] - places[:, None]).float()
    penalties = []
    for head in range(heads):
        slope = SLOPES[head // 2 % len(SLOPES)]
        side = ahead if head % 2 else -ahead
        penalties.append(torch.where(side > 0, -slope * (side - 1), torch.where(side == 0, OWN, FORBIDDEN)))
    nearness = torch.stack(penalties)
    nearness[:, 0] = 0.0  # the classification mark sees the whole text
    return nearness[None]


def save_bert(model: BertForPreTraining, vocabulary: Vocabulary, folder: Path) -> None:
    model.save_pretrained(folder)
    save_vocabulary(vocabulary, folder)


def start_again(folder: Path, device: torch.device) -> BertForPreTraining:
    """Return a model of the same shape as the one kept in the folder, with weights that have learned nothing."""
    with device:
        return BertForPreTraining(BertConfig.from_pretrained(folder))


def load_bert(folder: Path, device: torch.device) -> BertForPreTraining:
    with device:
        return BertForPreTraining.from_pretrained(folder)
