"""Makes a report of many small experiments in a folder, for the benchmarks that need one."""

from __future__ import annotations

from pathlib import Path

_EXPERIMENT = '''"""How large is number {number}?"""

from dataclasses import dataclass
{imports}
from bifolio import Run, experiment


@dataclass(frozen=True)
class Config:
    size: int = {number}


@experiment({declared})
def number_{number:02}(config: Config, run: Run) -> None:
    {body}
    run.value("size", config.size)
    curve = run.table("curve", columns=("step", "loss"))
    for step in range(20):
        curve.add(step, 1 / (step + 1))
'''


def write_report(folder: Path, count: int, *, declared: str = "seeds=1", imports: str = "", body: str = "pass") -> None:
    """Write a project of `count` experiments, each of which does `body` and records a value and a table."""
    (folder / "experiments").mkdir(parents=True)
    settings = '[tool.bifolio]\nlanguages = ["en"]\nchapters = []\n'
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    for number in range(count):
        text = _EXPERIMENT.format(number=number, declared=declared, imports=imports, body=body)
        (folder / "experiments" / f"number_{number:02}.py").write_text(text, encoding="utf-8")
