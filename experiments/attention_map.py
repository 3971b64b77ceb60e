"""Where does a trained language model look, and is that what its predictions depend on?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from bifolio import Column, Quantity, Run, experiment
from transformers import GPT2LMHeadModel

from experiments.splits.reviews import SEPARATOR, UNKNOWN, Vocabulary, load_vocabulary, split_reviews


@dataclass(frozen=True)
class Config:
    sentence: str = "房间干净，服务员很热情。"  # ours, every character once, so that each has a row of its own
    excerpts: int = 200
    length: int = 20


@experiment(
    seeds=8,
    needs=("language_model",),
    smoke=Config(excerpts=8, length=8),
    gpu=Config(excerpts=1000),
    quantities={
        "*_share": Quantity(range=(0, 100), matters=5.0, reason="one part in twenty of the weight"),
        "*_correlation": Quantity(range=(-1, 1), matters=0.05, reason="a twentieth of a perfect ranking"),
        "*_hits": Quantity(range=(0, 100), matters=5.0, reason="one excerpt in twenty"),
        "*_map.weight": Quantity(range=(0, 1)),
        "heads": Quantity(exact=True),
    },
)
def attention_map(config: Config, run: Run) -> None:
    corpus = split_reviews(run)
    folder = run.need("language_model").weights
    vocabulary = load_vocabulary(folder)
    model = GPT2LMHeadModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager")
    model = model.to(run.device).eval()  # type: ignore[arg-type]  # the library wraps `to` without its type
    validation = excerpts(corpus.validation, vocabulary, config).to(run.device)
    layer, head = most_backward_head(attention_weights(model, validation))

    # From here on, and only here, the test part.
    test = excerpts(corpus.test, vocabulary, config).to(run.device)
    weights = attention_weights(model, test)
    run.value("excerpts", len(test))
    run.value("heads", weights.shape[0] * weights.shape[2])
    run.value("chosen_layer", layer + 1)
    record_habits(weights, (layer, head), run)
    record_map(model, vocabulary, config, (layer, head), run)
    record_dependence(model, test, weights, run)


def excerpts(reviews: tuple[str, ...], vocabulary: Vocabulary, config: Config) -> torch.Tensor:
    """Return beginnings of reviews, a separator before each (count × 1 + length); none has an unknown character."""
    rows = (vocabulary.encode(review[: config.length]) for review in reviews if len(review) >= config.length)
    return torch.tensor([[SEPARATOR, *row] for row in rows if UNKNOWN not in row][: config.excerpts])


@torch.no_grad()
def attention_weights(model: GPT2LMHeadModel, tokens: torch.Tensor) -> torch.Tensor:
    """Return layers × texts × heads × places that look × places looked at."""
    return torch.stack(model(tokens, output_attentions=True).attentions)


def most_backward_head(weights: torch.Tensor) -> tuple[int, int]:
    """Return layer and head of the one that gives the character just before the most weight."""
    share = weights.diagonal(offset=-1, dim1=-2, dim2=-1).mean(dim=(1, 3))
    layer, head = divmod(int(share.argmax()), share.shape[1])
    return layer, head


def record_habits(weights: torch.Tensor, chosen: tuple[int, int], run: Run) -> None:
    """Record shares of weight (percent, from the third place on, so that start, previous and own place differ)."""
    layer, head = chosen
    late = weights[..., 2:, :]
    places = torch.arange(2, weights.shape[-1], device=weights.device)
    previous = late.gather(-1, (places - 1).expand(late.shape[:-1])[..., None])
    own = late.gather(-1, places.expand(late.shape[:-1])[..., None])
    shares = {
        "chosen_previous": previous[layer, :, head].mean(),
        "previous": previous.mean(),
        "own": own.mean(),
        "start": late[..., 0].mean(),
        "uniform": (1.0 / (places + 1)).mean(),  # of looking at every visible place alike
    }
    for name, share in shares.items():
        run.value(f"{name}_share", 100.0 * share, unit="%", tolerance=1.0)


def record_map(
    model: GPT2LMHeadModel, vocabulary: Vocabulary, config: Config, chosen: tuple[int, int], run: Run
) -> None:
    """Record the weights over one sentence: of the chosen head, and of all heads on average."""
    layer, head = chosen
    tokens = torch.tensor([[SEPARATOR, *vocabulary.encode(config.sentence)]], device=model.device)
    weights = attention_weights(model, tokens)[:, 0]
    labels = ("[SEP]", *config.sentence)
    for name, map_ in (("chosen_map", weights[layer, head]), ("mean_map", weights.mean(dim=(0, 1)))):
        table = run.table(name, columns=("at", "looks_at", Column("weight", tolerance=0.05)))
        for row, at in enumerate(labels):
            for place, looked_at in enumerate(labels):
                table.add(at, looked_at, map_[row, place])


def record_dependence(model: GPT2LMHeadModel, tokens: torch.Tensor, weights: torch.Tensor, run: Run) -> None:
    """Record how well weights rank characters by what losing each changes, beside merely preferring later ones.

    What is explained is the prediction after the whole excerpt; the last character itself is not ranked.
    """
    effect = changes(model, tokens)
    looked = weights[:, :, :, -1, 1:-1].mean(dim=2)
    recency = torch.arange(effect.shape[1], device=effect.device).expand_as(effect).double()
    guesses = {"attention": looked.mean(dim=0), "last_layer": looked[-1], "recency": recency}
    for name, guess in guesses.items():
        run.value(f"{name}_correlation", rank_correlation(guess, effect).mean(), tolerance=0.02)
        hits = (guess.argmax(dim=1) == effect.argmax(dim=1)).double().mean()
        run.value(f"{name}_hits", 100.0 * hits, unit="%", tolerance=1.0)


@torch.no_grad()
def changes(model: GPT2LMHeadModel, tokens: torch.Tensor) -> torch.Tensor:
    """Return how much the prediction after the text changes (divergence in nats) when a character becomes unknown.

    One column for each character but the last: texts × places. This is leave-one-out (Jain & Wallace, 2019), with the
    unknown token in place of the missing one, so that positions stay as they were.
    """
    whole = model(tokens).logits[:, -1].log_softmax(dim=-1)
    columns = []
    for place in range(1, tokens.shape[1] - 1):
        erased = tokens.clone()
        erased[:, place] = UNKNOWN
        without = model(erased).logits[:, -1].log_softmax(dim=-1)
        columns.append((whole.exp() * (whole - without)).sum(dim=-1))
    return torch.stack(columns, dim=1)


def rank_correlation(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Return Spearman's correlation of each row with the same row of the other; numbers of a row are all different."""
    ranks = [numbers.double().argsort(dim=1).argsort(dim=1).double() for numbers in (first, second)]
    one, other = (rank - rank.mean(dim=1, keepdim=True) for rank in ranks)
    count = first.shape[1]
    return (one * other).sum(dim=1) / (count * (math.pow(count, 2) - 1) / 12)
