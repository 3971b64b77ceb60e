"""What of the system code uses is found in its syntax, however it is imported, and has to be declared."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from bifolio.provenance.declaration import USES
from bifolio.provenance.uses import find_uses

if TYPE_CHECKING:
    from tests.conftest import Report


def found(code: str) -> list[tuple[str, int, str]]:
    return find_uses(list(ast.walk(ast.parse(code))))


@pytest.mark.parametrize(
    ("code", "word", "text"),
    [
        ("import time\ntime.perf_counter()", "clock", "time.perf_counter"),
        ("import time as t\nt.time()", "clock", "t.time"),
        ("from time import monotonic as now\nnow()", "clock", "now"),
        ("import datetime\ndatetime.datetime.now()", "clock", "datetime.datetime.now"),
        ("from datetime import date\ndate.today()", "clock", "date.today"),
        ("import timeit\ntimeit.timeit('x')", "clock", "timeit.timeit"),
        ("import pandas as pd\npd.Timestamp.now()", "clock", "pd.Timestamp.now"),
        ("import os\nos.urandom(8)", "entropy", "os.urandom"),
        ("import secrets\nsecrets.token_hex()", "entropy", "secrets.token_hex"),
        ("from random import SystemRandom\nSystemRandom().random()", "entropy", "SystemRandom"),
        ("import random\nrandom.seed()", "entropy", "random.seed()"),
        ("import random\nrandom.Random(None)", "entropy", "random.Random(None)"),
        ("import numpy as np\nnp.random.default_rng()", "entropy", "np.random.default_rng()"),
        ("from numpy.random import default_rng\ndefault_rng(seed=None)", "entropy", "default_rng(seed=None)"),
        ("import uuid\nuuid.uuid4()", "entropy", "uuid.uuid4"),
        ("import torch\ntorch.seed()", "entropy", "torch.seed"),
        ("import socket\nsocket.gethostname()", "host", "socket.gethostname"),
        ("import platform\nplatform.node()", "host", "platform.node"),
        ("import os\nos.uname()", "host", "os.uname"),
        ("import multiprocessing\nmultiprocessing.cpu_count()", "host", "multiprocessing.cpu_count"),
        ("\nimport ctypes", "native", "import ctypes"),
        ("\nfrom ctypes import CDLL", "native", "from ctypes import CDLL"),
        ("\nfrom time import *", "clock", "from time import *"),
    ],
)
def test_a_use_is_found(code: str, word: str, text: str) -> None:
    assert (word, 2, text) in found(code)
    assert {use[0] for use in found(code)} == {word}
    assert word in USES


@pytest.mark.parametrize(
    "code",
    [
        "import time\ntime.sleep(1)",
        "import datetime\ndatetime.datetime(2026, 1, 1)",
        "import random\nrandom.seed(1)\nrandom.Random(2).random()\nrandom.random()",
        "import numpy as np\nnp.random.default_rng(3)",
        "import torch\ntorch.manual_seed(1)",
        "import os\nos.path.join('a', 'b')",
        "time = 3\nprint(time.time)",
        "class Model:\n    def time(self): ...",
        "from experiments.measures.clock import time\ntime()",
        "import platform\nplatform.python_version()",
    ],
)
def test_what_every_run_repeats_is_free(code: str) -> None:
    assert found(code) == []


def test_it_is_asked_of_helpers_too_and_declared_where_the_experiment_is(report: Report) -> None:
    report.write("experiments/__init__.py", "")
    report.write("experiments/clock.py", "import time\n\ndef now():\n    return time.time()\n")
    report.experiment("asking", "run.value('x', int(now() > 0))", imports="from experiments.clock import now")
    report.experiment("other")
    outcomes = report.measure()
    assert outcomes["asking seed 0 (cpu)"].message == (
        "experiments/clock.py:4: an experiment says what of the system its code uses\n"
        '  found:    time.time\n  expected: @experiment(uses=("clock",), ...)'
    )
    assert outcomes["other seed 0 (cpu)"].kind == "measured"
    declared = 'seeds=1, uses=("clock",)'
    report.experiment("asking", "run.value('x', int(now() > 0))", declared, imports="from experiments.clock import now")
    assert [outcome.message for outcome in report.measure().values()] == [""]
