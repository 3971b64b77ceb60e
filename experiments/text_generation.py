"""How do greedy, beam, plain, temperature, top-k and top-p decoding change what one model writes?"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Any

import torch
from bifolio import Column, Quantity, Run, Variant, experiment

from experiments.measures.text import distinct, perplexity, repetition
from experiments.models.decoding import Writer, load_hub, load_trained, write
from experiments.splits.reviews import split_reviews

SHARES = ("distinct_1", "distinct_2", "repetition")
RETURNED = 5
ENGLISH_OPENINGS = (
    "The history of the city begins with a small",
    "When the doctor opened the door of the house",
    "In the last ten years the price of computers",
    "Scientists who study the oceans have found that many",
)


@dataclass(frozen=True)
class Config:
    model: str = "language_model"
    openings: int = 50
    openings_of_five: int = 15
    opening_length: int = 6
    new_tokens: int = 40
    beams: int = 5
    temperature: float = 0.7
    top_k: int = 20
    top_p: float = 0.9
    shown: int = 2


@experiment(
    seeds=8,
    needs=("language_model",),
    variants={"gpt2": Variant(Config(model="gpt2", shown=1), optional=True, needs=())},
    smoke=Config(openings=4, new_tokens=12),
    gpu=Config(openings=500),
    exclusive=True,
    uses=("clock",),
    quantities={
        "*_perplexity": Quantity(range=(1, None), matters=5.0, reason="a tenth of the perplexity of human text"),
        "*_distinct_1": Quantity(range=(0, 100), matters=5.0, reason="one different character in twenty"),
        "*_distinct_2": Quantity(range=(0, 100), matters=5.0, reason="one different pair in twenty"),
        "*_distinct_2_of_five": Quantity(range=(0, 100), matters=5.0, reason="one different pair in twenty"),
        "*_repetition": Quantity(range=(0, 100), matters=5.0, reason="one repeated sequence in twenty"),
        "*_per_second": Quantity(range=(0, None)),
        "strategies.perplexity": Quantity(range=(1, None)),
        "strategies.distinct_?": Quantity(range=(0, 100)),
        "strategies.repetition": Quantity(range=(0, 100)),
    },
)
def text_generation(config: Config, run: Run) -> None:
    writer = load(config, run)
    strategies: dict[str, dict[str, Any]] = {
        "greedy": {"do_sample": False},
        "beam": {"do_sample": False, "num_beams": config.beams},
        "plain": {"do_sample": True, "top_k": 0},
        "temperature": {"do_sample": True, "temperature": config.temperature, "top_k": 0},
        "top_k": {"do_sample": True, "top_k": config.top_k},
        "top_p": {"do_sample": True, "top_p": config.top_p, "top_k": 0},
    }
    run.value("openings", len(writer.openings))
    run.value("new_tokens", config.new_tokens)
    percentages = [Column(name, unit="%", tolerance=1.0) for name in SHARES]
    table = run.table("strategies", columns=("strategy", Column("perplexity", tolerance=1.0), *percentages))
    shown = []
    continue_all(writer, config, strategies["greedy"])  # the first call pays for what later ones find ready
    for name in run.progress(tuple(strategies)):
        start = time.perf_counter()
        texts = continue_all(writer, config, strategies[name])
        texts[-1, -1].item()  # a GPU works ahead of us: reading the last token waits for it
        seconds = time.perf_counter() - start
        run.timing(f"{name}_tokens_per_second", len(texts) * config.new_tokens / seconds, unit="1/s")
        table.add(name, *measure(name, texts, writer, run))
        shown += five_of_each(name, writer, config, strategies[name], run)
    if writer.human is not None:
        table.add("human", *measure("human", writer.human, writer, run))
    run.sample("continuations", shown)
    run.sample("refusal", [ask_for_the_impossible(writer, config)])


def load(config: Config, run: Run) -> Writer:
    """Return the model and its openings: for our own, the beginnings of test reviews, which it has not read."""
    if config.model == "language_model":
        reviews = split_reviews(run).test
        folder = run.need("language_model").weights
        writer = load_trained(folder, reviews, config.openings, config.opening_length, config.new_tokens)
    else:
        writer = load_hub(config.model, ENGLISH_OPENINGS, config.opening_length)
    return replace(
        writer,
        model=writer.model.to(run.device).eval(),  # type: ignore[arg-type]  # the library wraps `to` without its type
        openings=writer.openings.to(run.device),
        human=None if writer.human is None else writer.human.to(run.device),
    )


def continue_all(writer: Writer, config: Config, options: dict[str, Any], returned: int = 1) -> torch.Tensor:
    """Return every opening with `new_tokens` tokens after it, `returned` times in a row."""
    return write(
        writer.model,
        writer.openings,
        writer.forbidden,
        max_new_tokens=config.new_tokens,
        num_return_sequences=returned,
        **options,
    )


def measure(name: str, texts: torch.Tensor, writer: Writer, run: Run) -> tuple[float, float, float, float]:
    """Record and return perplexity, distinct-1, distinct-2 and repetition of one continuation an opening."""
    continuations = texts[:, writer.opening_length :].tolist()
    surprise = perplexity(writer.model, texts, writer.opening_length)
    shares = (distinct(continuations, 1), distinct(continuations, 2), repetition(continuations))
    run.value(f"{name}_perplexity", surprise, tolerance=1.0)
    for measured, share in zip(SHARES, shares, strict=True):
        run.value(f"{name}_{measured}", share, unit="%", tolerance=1.0)
    return surprise, *shares


def five_of_each(name: str, writer: Writer, config: Config, options: dict[str, Any], run: Run) -> list[dict[str, Any]]:
    """Record how different five continuations of one opening are; return some to be shown (greedy has only one)."""
    returned = 1 if name == "greedy" else RETURNED
    few = replace(writer, openings=writer.openings[: config.openings_of_five])
    texts = continue_all(few, config, options, returned).view(len(few.openings), returned, -1)
    if returned > 1:
        different = [distinct(five, 2) for five in texts[:, :, writer.opening_length :].tolist()]
        run.value(f"{name}_distinct_2_of_five", math.fsum(different) / len(different), unit="%", tolerance=1.0)
    return [
        {
            "strategy": name,
            "prompt": writer.read(text[: writer.opening_length]),
            "number": number,
            "continuation": writer.read(text[writer.opening_length :]),
        }
        for five in texts[: config.shown].tolist()
        for number, text in enumerate(five, start=1)
    ]


def ask_for_the_impossible(writer: Writer, config: Config) -> dict[str, str]:
    """Return what greedy decoding answers when asked for five continuations: there is only one likeliest."""
    try:
        continue_all(writer, config, {"do_sample": False}, returned=RETURNED)
    except ValueError as error:
        answer = f"{type(error).__name__}: {error}"
    else:
        answer = "no error"
    return {"call": f"generate(do_sample=False, num_return_sequences={RETURNED})", "answer": answer}
