"""How soon does the mean of thrown dice settle?"""

from __future__ import annotations

import random
from dataclasses import dataclass

from bifolio import Run, experiment

from experiments.sides import sides


@dataclass(frozen=True)
class Config:
    throws: int = 1200
    sixes: int = 1
    kind: str = "fair_*die*"


@experiment(
    seeds=3,
    variants={"fair": Config(), "loaded": Config(sixes=4, kind="loaded")},
    smoke=Config(throws=20),
)
def dice(config: Config, run: Run) -> None:
    faces = sides(config.sixes)
    curve = run.table("running_mean", columns=("throws", "mean"))
    total = 0
    for throw in run.progress(range(1, config.throws + 1)):
        total += random.choice(faces)
        if throw % (config.throws // 10) == 0:
            curve.add(throw, total / throw)
    waits = run.table("waits", columns=("game", "throws"))
    for game in range(1, 6):
        throws = 1
        while random.choice(faces) != 6:
            throws += 1
        waits.add(game, throws)
    run.value("mean", total / config.throws, tolerance=0.1)
    run.value("sides", len(faces), tolerance=0)
    run.value("share_of_sixes", 100 * config.sixes / len(faces), unit="%")
