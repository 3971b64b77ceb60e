"""A seal says what is drawn and by which versions, not by which text of our program."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from bifolio import figures
from bifolio.figures import Axis, Bar, BarFigure, draw, makers_of
from bifolio.figures.seal import is_sealed, sealed, unsealed
from bifolio.programs import PACKAGE

BARS = BarFigure((Bar("baseline", 10, 10, 10), Bar("perceptron", 97, 96, 98)), Axis("accuracy (%)"))


def drawn(figure: BarFigure = BARS, earlier: str = "") -> str:
    return draw(figure, theme="light", title="t", description="d", earlier=earlier)


def test_a_comment_in_every_module_that_draws_changes_no_byte(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "bifolio", ignore=shutil.ignore_patterns("__pycache__", "assets"))
    changed = [*(tmp_path / "bifolio" / "figures").glob("*.py"), tmp_path / "bifolio" / "palette.py"]
    assert len(changed) > 10
    for file in changed:
        file.write_text(f"{file.read_text(encoding='utf-8')}\n# a comment\n", encoding="utf-8")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import bifolio.figures;"
        "assert bifolio.figures.__file__.startswith(sys.path[0]);"
        "from bifolio.figures import *;"
        f"sys.stdout.write(draw({BARS!r}, theme='light', title='t', description='d'))"
    )
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert made.stdout == drawn()


@pytest.mark.parametrize(
    "what",
    [
        lambda patch: patch.setattr(figures, "DRAWING", figures.DRAWING + 1),
        lambda patch: patch.setattr(figures, "version_of", lambda name: "99" if name.startswith("vl") else "0.1.1"),
        lambda patch: patch.setattr(figures, "version_of", lambda name: "99" if "fonts" in name else "1.9.0.post1"),
        lambda patch: patch.setattr(figures, "_VEGA_LITE", "6.4"),
        lambda patch: patch.setattr("bifolio.figures.bars.title_below", lambda label, layout: {"title": label.upper()}),
    ],
    ids=["our number", "library", "font", "Vega-Lite", "specification"],
)
def test_other_makers_and_other_specifications_have_other_seals(what: object, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn()
    assert drawn(earlier=before) == before
    assert callable(what)
    what(monkeypatch)
    calls: list[str] = []
    draw_now = figures._draw
    monkeypatch.setattr(figures, "_draw", lambda written: calls.append(written) or draw_now(written))
    after = drawn(earlier=before)
    assert calls and after != before
    assert drawn(earlier=after) == after and len(calls) == 1


def test_other_data_have_another_seal() -> None:
    before, after = drawn(), drawn(replace(BARS, value=Axis("accuracy")))
    assert before.split('data-drawn="')[1].split('"')[0] != after.split('data-drawn="')[1].split('"')[0]


def test_a_seal_names_what_drew() -> None:
    assert set(makers_of(drawn())) == {"vl-convert-python", "pylopdf-fonts-zh-cn", "drawing"}
    svg = sealed("<svg><g/></svg>", {"a-b": "1.9.0.post1", "c": ""}, "0" * 16)
    assert makers_of(svg) == {"a-b": "1.9.0.post1", "c": ""}
    assert is_sealed(svg, {"a-b": "1.9.0.post1", "c": ""}, "0" * 16)
    assert not is_sealed(svg, {"a-b": "1.9.0.post1", "c": "1"}, "0" * 16)
    assert unsealed(svg) == "<svg><g/></svg>"


@pytest.mark.parametrize("seal", [f' data-drawn="{"0" * 16}-{"1" * 16}"', ' data-drawn="by hand"', ""])
def test_a_drawing_that_does_not_say_is_nobodys(seal: str) -> None:
    assert makers_of(f"<svg{seal}><g/></svg>") == {}
    assert not is_sealed(f"<svg{seal}><g/></svg>", {}, "0" * 16)
