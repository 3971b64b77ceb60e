"""`bifolio check` on this report, against a bare Python that imports jinja2 and markdown-it and reads the same files.

Target: under 1 s warm and 15 s cold on the full report. The limit is what any checker of Markdown templates has to
spend: a process, the two libraries, every byte of templates/, docs/ and experiments/. Warm recalls the verdicts on
what has not changed; cold has no .cache/ and renders every page, formula and diagram; a figure whose drawing in docs/
has the right seal is not drawn again. The third check finds no drawings in docs/ either, and draws them all. The
sides take turns; the median of the warm runs and the one of each cold run are printed. Run it with `.venv/bin/python
benchmarks/check.py`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("docs", "experiments", "templates", "pyproject.toml", "references.bib")
REPEATS = 9
LIMIT = """
import jinja2, markdown_it
from pathlib import Path
for folder in ("docs", "experiments", "templates"):
    for path in Path(folder).rglob("*"):
        if path.is_file():
            path.read_bytes()
"""


def seconds(folder: Path, *command: str, status: int = 0) -> tuple[float, float]:
    """Return the wall and CPU seconds that a process took, which has to end with this exit status."""
    before, began = os.times(), time.perf_counter()
    ended_with = subprocess.run([sys.executable, *command], cwd=folder, check=False, stdout=subprocess.DEVNULL)
    assert ended_with.returncode == status, f"exit status {ended_with.returncode}, expected {status}"
    after, ended = os.times(), time.perf_counter()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return ended - began, used


def main() -> None:
    """Measure and print the ratios."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPATH"] = str(ROOT / "generator")
    check = ("-m", "bifolio", "check")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)
        seconds(folder, "-c", LIMIT)
        cold = seconds(folder, *check)
        for drawing in (folder / "docs").rglob("*.svg"):
            drawing.unlink()
        shutil.rmtree(folder / ".cache")
        bare = seconds(folder, *check, status=1)
        shutil.rmtree(folder / "docs")
        shutil.copytree(ROOT / "docs", folder / "docs")
        seconds(folder, *check)
        rounds = [(seconds(folder, "-c", LIMIT), seconds(folder, *check)) for _ in range(REPEATS)]
    limit, warm = (
        [statistics.median(side[kind] for side in sides) for kind in (0, 1)] for sides in zip(*rounds, strict=True)
    )
    for label, (wall, cpu) in (("limit", limit), ("check, warm", warm), ("check, cold", cold), ("drawing all", bare)):
        print(f"{label:<12} {wall:6.2f} s wall {cpu:6.2f} s CPU   {cpu / limit[1]:5.2f} times the limit")


if __name__ == "__main__":
    main()
