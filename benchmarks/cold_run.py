"""A cold run: 30 experiments of 0.2 s each, against importing NumPy once and forking a worker for each.

Target: at most 1.15 times the limit in CPU time (user and system, of all processes); wall time is shown beside it. Two
workers, medians; the two sides take turns. The limit does nothing but the work: it parses no experiment, stores no
result and knows no fingerprint. Linux only: it adopts the fork server's processes to count them. Run it with
`.venv/bin/python benchmarks/cold_run.py`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report_of_experiments import write_report

EXPERIMENTS, WORKERS, REPEATS = 30, 2, 5
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
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


def seconds(command: list[str], folder: Path) -> tuple[float, float]:
    """Return the CPU and the wall seconds that a process and all its descendants took."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - began
    while True:  # the fork server outlives its command by a moment, and is ours to wait for
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main() -> None:
    """Measure and print the ratio."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    bifolio = str(Path(sys.executable).with_name("bifolio"))
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    limit, ours = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        declared = 'seeds=1, uses=("clock",)'
        write_report(folder, EXPERIMENTS, declared=declared, imports="import time\n\nimport numpy\n", body=BODY)
        for _ in range(REPEATS):
            limit.append(seconds([sys.executable, "-c", LIMIT], folder))
            shutil.rmtree(folder / ".cache", ignore_errors=True)
            shutil.rmtree(folder / "experiments" / "results", ignore_errors=True)
            ours.append(seconds([bifolio, "run", "--jobs", str(WORKERS)], folder))
    for kind, label in enumerate(("CPU", "wall")):
        base, measured = (statistics.median(times[kind] for times in side) for side in (limit, ours))
        print(f"{label:<4} limit {base:5.2f} s   bifolio run {measured:5.2f} s   {measured / base:.2f} times the limit")


if __name__ == "__main__":
    main()
