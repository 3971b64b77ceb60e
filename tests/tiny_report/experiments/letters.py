"""What does a model that knows only pairs of letters write?"""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from bifolio import Column, Run, experiment

from experiments.proverbs import load


@dataclass(frozen=True)
class Config:
    length: int = 40
    greedy: bool = False


class Pairs:
    """How often each letter follows another."""

    def __init__(self, text: str) -> None:
        self.following: dict[str, Counter[str]] = defaultdict(Counter)
        for first, second in pairwise(text):
            self.following[first][second] += 1

    def next(self, letter: str, greedy: bool) -> str:
        counts = self.following[letter] or Counter(" ")
        if greedy:
            return counts.most_common(1)[0][0]
        return random.choices(list(counts), list(counts.values()))[0]


@experiment(
    seeds=3,
    variants={"default": Config(), "greedy": Config(greedy=True)},
    smoke=Config(length=5),
    exclusive=True,
    uses=("clock",),
)
def letters(config: Config, run: Run) -> None:
    lines = load()
    rows = run.split(len(lines), train=0.7, test=0.3)
    pairs = Pairs("\n".join(lines[row] for row in rows.train))
    test = "\n".join(lines[row] for row in rows.test)
    seen = [second in pairs.following[first] for first, second in pairwise(test)]
    run.value("seen_pairs", 100 * sum(seen) / len(seen), unit="%")

    began = time.perf_counter()
    written = ["t"]
    for _ in run.progress(range(config.length)):
        written.append(pairs.next(written[-1], config.greedy))
    run.timing("seconds", time.perf_counter() - began)

    # What a hostile model might write: Jinja, Markdown, HTML and a control character.
    hostile = "{{ 7*7 }} {% raw %} <script>alert(1)</script> **bold** | $x$ [link](x)\n# no heading\u202e"
    run.sample("continuations", [{"prompt": "t", "text": "".join(written)}, {"prompt": "hostile", "text": hostile}])
    table = run.table("vowels", columns=("after", "vowel", Column("count", unit="pairs")))
    for after in "aeiou":
        for vowel in "aeiou":
            table.add(after, vowel, pairs.following[after][vowel])
    run.image("stripes", [[(row * column) % 256 for column in range(32)] for row in range(8)])
