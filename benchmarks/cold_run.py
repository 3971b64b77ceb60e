"""A cold run: 30 experiments of 0.2 s each, against importing NumPy once and forking a worker for each.

Target: at most 1.15 times the limit. Wall time of whole processes, two workers, medians; the two sides take turns. The
limit does nothing but the work: it stores no result and knows no fingerprint. Run it with
`.venv/bin/python benchmarks/cold_run.py`.
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

from report_of_experiments import write_report

EXPERIMENTS, WORKERS, REPEATS = 30, 2, 5
# 0.2 s of CPU, not of sleep: a run that shares its core with overhead pays for it.
BODY = """began = time.process_time()
    while time.process_time() - began < 0.2:
        numpy.linalg.norm(numpy.ones((64, 64)))"""
LIMIT = f"""
import os, time, numpy
def work():
    {BODY}
running, left = 0, {EXPERIMENTS}
while left or running:
    if left and running < {WORKERS}:
        left -= 1
        if os.fork() == 0:
            work()
            os._exit(0)
        running += 1
    else:
        os.wait()
        running -= 1
"""


def wall_seconds(command: list[str], folder: Path) -> float:
    """Return the seconds that a process took."""
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print the ratio."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    bifolio = str(Path(sys.executable).with_name("bifolio"))
    limit, ours = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_report(folder, EXPERIMENTS, imports="import time\n\nimport numpy\n", body=BODY)
        for _ in range(REPEATS):
            limit.append(wall_seconds([sys.executable, "-c", LIMIT], folder))
            shutil.rmtree(folder / ".cache", ignore_errors=True)
            shutil.rmtree(folder / "experiments" / "results", ignore_errors=True)
            ours.append(wall_seconds([bifolio, "run", "--jobs", str(WORKERS)], folder))
    base, measured = statistics.median(limit), statistics.median(ours)
    print(f"limit        {base:6.2f} s")
    print(f"bifolio run  {measured:6.2f} s   {measured / base:.2f} times the limit")


if __name__ == "__main__":
    main()
