"""Strips: each quantity on a scale of its own, its seeds where they lie between the ends."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from bifolio.errors import FigureError
from bifolio.figures import Strip, StripFigure, draw, specification

LOSS = Strip("损失", (0.5, 0.25, 1.0), 0.75, 0.0, 1.5, "0", "1.5")
ACCURACY = Strip("accuracy", (90.0, 95.0, 99.0), 95.0, 92.0, 98.0, "90", "99")
STRIPS = StripFigure((LOSS, ACCURACY))


def test_every_seed_lies_between_the_ends_of_its_own_strip() -> None:
    drawing = specification(STRIPS, theme="light")
    (dots,) = (layer["data"]["values"] for layer in drawing["layer"] if "data" in layer)
    assert [dot["at"] for dot in dots if dot["label"] == "损失"] == pytest.approx([1 / 6, 1 / 3, 2 / 3], abs=1e-6)
    assert [dot["at"] for dot in dots if dot["label"] == "accuracy"] == pytest.approx([0, 5 / 9, 1], abs=1e-6)
    rows = {row["label"]: row for row in drawing["data"]["values"]}
    assert (rows["损失"]["low"], rows["损失"]["mean"], rows["损失"]["high"]) == (0.0, 0.5, 1.0)
    assert rows["accuracy"]["low"] == pytest.approx(2 / 9, abs=1e-6)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_names_and_ends_are_written(theme: str) -> None:
    svg = draw(STRIPS, theme=theme, title="种子", description="每个值一行")  # type: ignore[arg-type]
    root = ElementTree.fromstring(svg)
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert sorted(texts) == sorted(["损失", "accuracy", "0", "1.5", "90", "99"])


def test_long_numbers_have_room_beside_their_strip() -> None:
    def ends(figure: StripFigure) -> tuple[float, float]:
        return tuple(specification(figure, theme="light")["layer"][0]["encoding"]["x"]["scale"]["domain"])

    tiny = replace(LOSS, low_label="6.917 × 10⁻⁸", high_label="1.356 × 10⁻⁷")
    (low, high), (lower, higher) = ends(STRIPS), ends(StripFigure((tiny, ACCURACY)))
    assert lower < low < 0 < 1 < high < higher


@pytest.mark.parametrize(
    ("figure", "problem"),
    [
        (StripFigure(()), "no strips"),
        (StripFigure((LOSS, LOSS)), "labels are the same"),
        (StripFigure((replace(LOSS, samples=(1.0, 1.0), mean=1.0, low=1.0, high=1.0),)), "has no length"),
        (StripFigure((replace(LOSS, mean=9.0),)), "not inside its interval"),
    ],
)
def test_what_cannot_be_drawn_is_refused(figure: StripFigure, problem: str) -> None:
    with pytest.raises(FigureError, match=problem):
        specification(figure, theme="light")
