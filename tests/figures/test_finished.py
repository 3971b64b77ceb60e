"""Finished drawings to the byte: whoever changes how they are finished is told to raise `figures.DRAWING`.

`finished.json` holds, for each drawing, the hash of its specification and that of its bytes without their seal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from bifolio import figures
from bifolio.figures import (
    DRAWINGS,
    Axis,
    Bar,
    BarFigure,
    Figure,
    HeatmapFigure,
    LineFigure,
    Point,
    Series,
    Strip,
    StripFigure,
    draw,
    makers_of,
    specification,
    unsealed,
)
from bifolio.figures.seal import digest

FILE = Path(__file__).with_name("finished.json")
FALLING = Series("训练", (Point(1, 8, 7, 9), Point(2, 3, 2.5, 3.5), Point(4, 0.5, 0.001, 1)))
RISING = Series("validation", (Point(1, 2, 2, 2), Point(2, 3, 2.9, 3.1), Point(4, 4, 3, 5)))
FIGURES: Mapping[str, Figure] = {
    "lines": LineFigure((FALLING, RISING), Axis("epoch"), Axis("损失（纳特）")),
    "lines-log": LineFigure((FALLING,), Axis("step", True), Axis("loss", True)),
    "bars": BarFigure((Bar("多数类基线", 10, 10, 10), Bar("多层感知机", 97, 96, 98)), Axis("准确率（%）")),
    "bars-log": BarFigure((Bar("small", 1e-7, 1e-8, 2e-7), Bar("large", 40, 1, 80)), Axis("seconds", True)),
    "heatmap": HeatmapFigure(((9, 1.5), (2, 8)), ("零", "一"), ("zero", "one"), "真实", "prediction"),
    "strips": StripFigure((Strip("accuracy", (97.5, 96.9, 98.0), 97.5, 96.1, 98.8, "96.1", "98.8"),)),
}


def found() -> dict[str, object]:
    """Return what `finished.json` would hold now."""
    drawings: dict[str, list[str]] = {}
    makers: dict[str, str] = {}
    for name, figure in FIGURES.items():
        for ending, (shape, theme) in DRAWINGS.items():
            wanted = json.dumps(specification(figure, theme=theme, shape=shape), ensure_ascii=False)
            svg = draw(figure, theme=theme, shape=shape, title="a < 乙", description='甲为 3，"b" is 6')
            makers = makers_of(svg)
            drawings[f"{name}{ending}"] = [digest(wanted), digest(unsealed(svg))]
    return {"makers": makers, "drawings": drawings}


def unexplained(stored: dict[str, object], now: dict[str, object]) -> list[str]:
    """Return the drawings whose bytes changed although what is drawn, and what draws, stayed the same."""
    if stored["makers"] != now["makers"]:
        return []
    before, after = stored["drawings"], now["drawings"]
    assert isinstance(before, dict) and isinstance(after, dict)
    return [
        name for name in after if name in before and before[name] != after[name] and before[name][0] == after[name][0]
    ]


def test_finished_drawings_are_what_they_were() -> None:
    stored, now = json.loads(FILE.read_text(encoding="utf-8")), found()
    if stored == now:
        return
    text = json.dumps(now, indent=1, ensure_ascii=False)
    changed = unexplained(stored, now)
    why = f"drawings are finished otherwise ({', '.join(changed)}): raise DRAWING in {figures.__file__}; then, and"
    pytest.fail(f"{why if changed else 'other specifications or libraries draw:'} put this into {FILE}:\n{text}")


def test_only_what_nothing_else_explains_asks_for_a_new_number() -> None:
    stored = {"makers": {"drawing": "1"}, "drawings": {"a": ["s", "d"], "b": ["s", "d"]}}
    finished_otherwise = {"makers": {"drawing": "1"}, "drawings": {"a": ["s", "other"], "b": ["t", "other"]}}
    assert unexplained(stored, finished_otherwise) == ["a"]
    assert unexplained(stored, {**finished_otherwise, "makers": {"drawing": "2"}}) == []
