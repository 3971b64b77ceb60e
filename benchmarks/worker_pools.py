"""Worker pools: ten runs that need torch and transformers, in the ways that were considered for the runner.

Wall time, two workers, medians, the ways take turns. `fork server` is what `bifolio.runner` does: one process a run,
forked from a parent that has imported the libraries. `executor` is concurrent.futures on the same fork server, a
process a task; a task that crashes breaks the whole pool. `loky` is joblib's: every worker imports the libraries
itself. Run it with `.venv/bin/python benchmarks/worker_pools.py`.
"""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.connection
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.process import BaseProcess

from bifolio.runner.executors.forked import PRELOAD

RUNS, WORKERS, REPEATS = 10, 2, 5
ASKED = json.dumps({"imports": [["torch", ""], ["transformers", "GPT2LMHeadModel"]], "libraries": []})


def work(seed: int) -> float:
    """Do a little that needs the libraries."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    config = GPT2Config(n_layer=1, n_embd=32, n_head=2, vocab_size=100, bos_token_id=0, eos_token_id=0)
    model = GPT2LMHeadModel(config)
    return float(model(torch.zeros(1, 8, dtype=torch.long)).logits.sum().item())


def fork_server() -> None:
    """One process a run, at most WORKERS at once."""
    context = _context()
    waiting = list(range(RUNS))
    running: list[BaseProcess] = []
    while waiting or running:
        while waiting and len(running) < WORKERS:
            running.append(context.Process(target=work, args=(waiting.pop(),)))
            running[-1].start()
        multiprocessing.connection.wait([process.sentinel for process in running])
        running = [process for process in running if process.is_alive()]


def executor() -> None:
    """concurrent.futures with a fresh process for every task."""
    with ProcessPoolExecutor(WORKERS, mp_context=_context(), max_tasks_per_child=1) as pool:
        list(pool.map(work, range(RUNS)))


def loky() -> None:
    """joblib's default backend."""
    from joblib import Parallel, delayed  # type: ignore[import-untyped]

    Parallel(n_jobs=WORKERS)(delayed(work)(seed) for seed in range(RUNS))


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bifolio.runner.executors.preload"])
    return context


WAYS = {"fork server": fork_server, "executor": executor, "loky": loky}


def main() -> None:
    """Time every way in processes of its own and print medians."""
    os.environ[PRELOAD] = ASKED
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(REPEATS):
        for way, taken in times.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, __file__, way], check=True)
            taken.append(time.perf_counter() - began)
    base = statistics.median(times["fork server"])
    for way, taken in times.items():
        print(f"{way:<12} {statistics.median(taken):5.2f} s   {statistics.median(taken) / base:.2f}")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        WAYS[sys.argv[1]]()
    else:
        main()
