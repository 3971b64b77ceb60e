"""Does a bent coin land on heads more often?"""

from __future__ import annotations

import random
from dataclasses import dataclass

from bifolio import Run, experiment


@dataclass(frozen=True)
class Config:
    tosses: int = 1000
    chance: float = 0.5


@experiment(
    seeds=5,
    variants={"fair": Config(), "bent": Config(chance=0.7)},
    smoke=Config(tosses=10),
)
def coins(config: Config, run: Run) -> None:
    heads = sum(random.random() < config.chance for _ in run.progress(range(config.tosses)))
    run.value("heads", 100 * heads / config.tosses, unit="%")
    run.value("tosses", config.tosses)
