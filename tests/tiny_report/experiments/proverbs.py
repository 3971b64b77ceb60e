"""A dozen English proverbs, older than any copyright."""

from __future__ import annotations

from bifolio import Dataset

DATASET = Dataset(
    name="proverbs",
    version="1",
    source="common knowledge",
    licence="public domain",
    size="12 lines",
    files={},
)


def load() -> tuple[str, ...]:
    return (
        "a stitch in time saves nine",
        "all that glitters is not gold",
        "birds of a feather flock together",
        "every cloud has a silver lining",
        "fortune favours the bold",
        "haste makes waste",
        "look before you leap",
        "practice makes perfect",
        "the early bird catches the worm",
        "the pen is mightier than the sword",
        "too many cooks spoil the broth",
        "when in rome do as the romans do",
    )
