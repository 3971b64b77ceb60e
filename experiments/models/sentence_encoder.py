"""A BERT that turns a sentence into one vector, as MiniLM does: the mean over its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence
from transformers import BertConfig, BertModel

from experiments.datasets.minilm import MiniLm

EVALUATION_BATCH = 32
PADDING = 0


def tokenize(minilm: MiniLm, texts: Sequence[str]) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
    """Return the texts in ids from 0 upwards, and which rows of MiniLM's vocabulary (new size) these ids are.

    Only word pieces that occur in `texts` get an id. Vectors of the others would never be read, and Adam without weight
    decay would never change them: leaving them out saves time and alters nothing.
    """
    tokenizer = Tokenizer.from_str(minilm.tokenizer)
    tokenizer.no_padding()
    pieces = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    used = sorted({PADDING, *(piece for text in pieces for piece in text)})
    new_id = {piece: number for number, piece in enumerate(used)}
    ids = tuple(torch.tensor([new_id[piece] for piece in text]) for text in pieces)
    return ids, torch.tensor(used)


class SentenceEncoder(nn.Module):
    """BERT, then the mean of its last layer over the tokens of each text (count × width)."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, texts: Sequence[torch.Tensor]) -> torch.Tensor:
        device = self.bert.device
        tokens = pad_sequence(list(texts), batch_first=True, padding_value=PADDING).to(device)
        lengths = torch.tensor([len(text) for text in texts], device=device)
        present = torch.arange(tokens.shape[1], device=device) < lengths[:, None]
        states = self.bert(input_ids=tokens, attention_mask=present.long()).last_hidden_state
        mean: torch.Tensor = (states * present[:, :, None]).sum(dim=1) / lengths[:, None]
        return mean


def pretrained(minilm: MiniLm, rows: torch.Tensor) -> SentenceEncoder:
    """Return MiniLM as it was published, its vocabulary cut to `rows`."""
    weights = {name: tensor for name, tensor in minilm.weights.items() if not name.endswith("position_ids")}
    words = "embeddings.word_embeddings.weight"
    weights[words] = weights[words][rows]
    encoder = untrained(minilm, len(rows))
    encoder.bert.load_state_dict({name: tensor for name, tensor in weights.items() if not name.startswith("pooler.")})
    return encoder


def untrained(minilm: MiniLm, vocabulary_size: int, **smaller: int) -> SentenceEncoder:
    """Return the same architecture with random weights, or a smaller one: `smaller` replaces parts of the shape."""
    shape = {**minilm.shape, "vocab_size": vocabulary_size, **smaller}
    return SentenceEncoder(BertModel(BertConfig(**shape), add_pooling_layer=False))


@torch.no_grad()
def encode(encoder: SentenceEncoder, texts: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return the vectors of the texts (count × width), computed in order of length to save padding."""
    encoder.eval()
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    batches = [order[start : start + EVALUATION_BATCH] for start in range(0, len(order), EVALUATION_BATCH)]
    vectors = torch.cat([encoder([texts[number] for number in batch]) for batch in batches])
    return vectors[torch.tensor(order).argsort()]


def train(
    encoder: SentenceEncoder,
    head: nn.Linear,
    texts: Sequence[torch.Tensor],
    labels: torch.Tensor,
    *,
    rate: float,
    steps: int,
    batch: int,
) -> None:
    """Train encoder and head by Adam: a linear warm-up over a tenth of the steps, then a linear decay to zero."""
    parameters = [*encoder.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=rate, fused=True)
    warm_up = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm_up, (steps - step) / (steps - warm_up))
    )
    encoder.train()
    for _, rows in zip(range(steps), _batches(len(texts), batch), strict=False):
        loss = cross_entropy(head(encoder([texts[row] for row in rows])), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()


def _batches(total: int, size: int) -> Iterator[list[int]]:
    """Yield row numbers for ever, all of them in a new order each time round."""
    while True:
        for rows in torch.randperm(total).split(size):
            yield rows.tolist()
