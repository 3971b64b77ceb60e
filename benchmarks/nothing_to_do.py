"""Nothing to do: `bifolio status` on 30 finished experiments, against a bare Python that reads the same files.

Target: at most 2.5 times the limit when warm. CPU time (user and system) of whole processes, medians; the two sides
take turns. Cold means without `.cache/`: every experiment is parsed. Run it with
`.venv/bin/python benchmarks/nothing_to_do.py`.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from report_of_experiments import write_report

EXPERIMENTS, REPEATS = 30, 25
LIMIT = """
import hashlib, json, sys
for file in sys.argv[1:]:
    with open(file, "rb") as stream:
        content = stream.read()
    if file.endswith(".py"):
        hashlib.sha256(content).hexdigest()
    else:
        json.loads(content)
"""


def cpu_seconds(command: list[str], folder: Path) -> float:
    """Return the CPU seconds that a process and its children used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print the ratio."""
    bifolio = str(Path(sys.executable).with_name("bifolio"))
    # Byte-compiled, as `make site` leaves it; without .pyc files every start costs two to three times as much.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_report(folder, EXPERIMENTS)
        subprocess.run([bifolio, "run"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        files = [*folder.glob("experiments/*.py"), *folder.glob("experiments/results/**/seed-*.json")]
        assert len(files) == 2 * EXPERIMENTS
        limit_command = [sys.executable, "-c", LIMIT, *map(str, sorted(files))]
        limit, warm, cold = [], [], []
        for _ in range(REPEATS):
            limit.append(cpu_seconds(limit_command, folder))
            warm.append(cpu_seconds([bifolio, "status"], folder))
            shutil.rmtree(folder / ".cache")
            cold.append(cpu_seconds([bifolio, "status"], folder))
    base = statistics.median(limit)
    print(f"limit            {base * 1000:6.1f} ms")
    for label, times in (("status, warm", warm), ("status, cold", cold)):
        median = statistics.median(times)
        print(f"{label:<16} {median * 1000:6.1f} ms   {median / base:.2f} times the limit")


if __name__ == "__main__":
    main()
