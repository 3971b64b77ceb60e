"""How many people does it take until two of them share a birthday?"""

from __future__ import annotations

import random
from dataclasses import dataclass

from bifolio import Column, Run, experiment


@dataclass(frozen=True)
class Config:
    days: int = 365
    people: int = 23
    rooms: int = 10_000


@experiment(
    seeds=5,
    variants={"earth": Config(), "mars": Config(days=668, people=31)},
    smoke=Config(rooms=100),
)
def birthdays(config: Config, run: Run) -> None:
    filled = [fill(config.days) for _ in run.progress(range(config.rooms))]
    by_size = run.table(
        "by_size", columns=("people", Column("simulated", unit="%", tolerance=2.0), Column("exact", unit="%"))
    )
    for people in range(2, 61):
        by_size.add(people, share(filled, people), exact_share(people, config.days))
    run.no_data()
    run.value("shared", share(filled, config.people), unit="%", tolerance=2.0)
    run.value("mean_people", sum(filled) / len(filled), tolerance=0.5)


def fill(days: int) -> int:
    """Let people in one by one; return how many it took until two shared a birthday."""
    seen: set[int] = set()
    while (birthday := random.randrange(days)) not in seen:
        seen.add(birthday)
    return len(seen) + 1


def share(filled: list[int], people: int) -> float:
    """Return the percentage of rooms in which so many people were enough."""
    return 100 * sum(needed <= people for needed in filled) / len(filled)


def exact_share(people: int, days: int) -> float:
    """Return the same percentage by arithmetic: everyone has to avoid the days that those before have taken."""
    all_differ = 1.0
    for taken in range(people):
        all_differ *= 1 - taken / days
    return 100 * (1 - all_differ)
