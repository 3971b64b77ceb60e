"""Each sentence of the fingerprint's definition in DESIGN.md, tried on a small report."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.errors import DeclarationError

from tests.provenance.staleness import stale

if TYPE_CHECKING:
    from tests.conftest import Report

ROOT = Path(__file__).resolve().parents[2]

GOLDEN = "c0fcb3897824945db735f0cc8265ea1bbba26adef14a2b8a762908319212364b"
"""Of the experiment below. If this must change, raise RUN_PROTOCOL: every stored result becomes stale."""


def test_what_a_run_computes_is_guarded_by_a_golden_fingerprint(measured: Report) -> None:
    assert measured.fingerprint("downstream", "b", seed=1).digest == GOLDEN


def test_every_supported_python_computes_the_same_fingerprints(measured: Report) -> None:
    pythons = [python for version in ("3.12", "3.13", "3.14") if (python := interpreter(version))]
    if not pythons:
        pytest.skip("no other supported Python is installed here")
    script = (
        "import sys; from pathlib import Path; from bifolio.project import find_project\n"
        "from bifolio.provenance.sources import read_sources\n"
        "from bifolio.provenance.fingerprint import Fingerprints\n"
        "from bifolio.provenance.declaration import RunName\n"
        "p = find_project(Path.cwd())\n"
        "print(Fingerprints(p, read_sources(p)).of(RunName('downstream', 'cpu', 'b', 1)).digest)"
    )
    for python in pythons:
        shutil.rmtree(measured.root / ".cache", ignore_errors=True)
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator"), "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run(
            [python, "-c", script], cwd=measured.root, env=environment, capture_output=True, text=True
        )
        assert ended.stdout.strip() == GOLDEN, f"{python}: {ended.stderr}"


def interpreter(version: str) -> str | None:
    """Return a Python of that version that starts, if this machine has one."""
    installed = [shutil.which(f"python{version}"), *Path.home().glob(f".pyenv/versions/{version}.*/bin/python")]
    starts = (str(p) for p in installed if p and subprocess.run([p, "-c", ""], capture_output=True).returncode == 0)
    return next(starts, None)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("experiments/inner.py", "return 1", "return 1  # why one"),
        ("experiments/inner.py", "return 1", '"""What it returns."""\n    return 1'),
        ("experiments/inner.py", "return 1", "return (\n        1\n    )"),
        ("experiments/__init__.py", "Experiments", "All the experiments"),
        ("experiments/data/__init__.py", "", '"""Data sets."""'),
        ("experiments/upstream.py", "What is upstream?", "Another question?"),
        ("experiments/upstream.py", "seeds=2", "seeds=3"),
        ("experiments/upstream.py", "seeds=2", "seeds=2, exclusive=True"),
        ("experiments/upstream.py", "seeds=2", "seeds=2, gpu=Config(size=9)"),
        ("experiments/downstream.py", '"b": Config', '"c": Config(size=3), "b": Config'),
        ("experiments/downstream.py", "smoke=Config(size=0)", "smoke=Config(size=5)"),
        ("experiments/unused.py", "x = 1", "x = 2"),
    ],
)
def test_what_changes_no_number_stales_nothing(measured: Report, file: str, old: str, new: str) -> None:
    before = measured.digests()
    measured.write(file, new) if not old else measured.edit(file, old, new)
    assert stale(measured, before) == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "users"),
    [
        ("experiments/inner.py", "return 1", "return 2", {"upstream", "downstream"}),
        ("experiments/outer.py", "import size", "import size as other", {"upstream", "downstream"}),
        ("experiments/inner.py", "def size", "size = 2\ndef size", {"upstream", "downstream"}),
        ("experiments/alone.py", "seeds=1, ", 'seeds=1, uses=("clock",), ', {"alone"}),
        ("experiments/alone.py", "seeds=1, ", 'seeds=1, variables={"A": "1"}, ', {"alone"}),
        ("experiments/__init__.py", '"""Experiments."""', "x = 1", {"upstream", "downstream", "alone"}),
        ("experiments/data/__init__.py", "", "x = 1", {"alone"}),
        ("experiments/upstream.py", "42", "43", {"upstream", "downstream"}),
        ("experiments/downstream.py", "42", "43", {"downstream"}),
        ("experiments/data/words.py", 'version="1"', 'version="2"', {"alone"}),
        ("experiments/data/words.py", '"0a"', '"0b"', {"alone"}),
        ("questions/list.txt", "why?", "why not?", {"alone"}),
        ("experiments/upstream.py", "seeds=2", "seeds=2, threads=2", {"upstream", "downstream"}),
    ],
)
def test_what_changes_a_number_stales_exactly_its_users(
    measured: Report, file: str, old: str, new: str, users: set[str]
) -> None:
    before = measured.digests()
    measured.write(file, new) if not old else measured.edit(file, old, new)
    assert stale(measured, before) == users


def test_the_memo_of_parsed_files_changes_no_fingerprint(measured: Report) -> None:
    cold = measured.digests()
    assert (measured.root / ".cache" / "syntax.json").is_file()
    assert measured.digests() == cold
    for damaged in ("{", "[]", '{"memo": 0, "files": {}}'):
        (measured.root / ".cache" / "syntax.json").write_text(damaged)
        assert measured.digests() == cold


def test_the_config_of_one_run_is_its_own(measured: Report) -> None:
    before = measured.digests()
    measured.edit("experiments/downstream.py", "Config(size=2)", "Config(size=3)")
    after = measured.digests()
    assert {run for run in before if before[run] != after[run]} == {
        "downstream/cpu/b/seed-0.json",
        "downstream/cpu/b/seed-1.json",
    }


def test_a_config_says_what_it_resolves_to(measured: Report) -> None:
    parts = measured.fingerprint("downstream", "b", profile="smoke").parts
    assert parts["config"] == {"rate": "0.1", "size": "0"}  # the profile wins over the variant


def test_every_run_of_a_profile_has_a_fingerprint_of_its_own(measured: Report) -> None:
    digests = measured.digests()
    assert len(digests) == 2 + 4 + 1
    assert len(set(digests.values())) == len(digests)


@pytest.mark.parametrize(
    ("settings", "profile", "users"),
    [
        ("[tool.bifolio.profiles.cpu]\nthreads = 2", "cpu", {"upstream", "downstream", "alone", "importing"}),
        ('[tool.bifolio.profiles.cpu]\nenvironment = { torch = "2.13" }', "cpu", set()),
        ('[tool.bifolio.profiles.cpu]\nenvironment = { hypothesis = "6.1" }', "cpu", {"alone", "importing"}),
        ('[tool.bifolio.profiles.cpu]\nenvironment = { scikit-learn = "1.9" }', "cpu", {"importing"}),
        ('[tool.bifolio.profiles.cpu]\ndevice = "cuda"', "cpu", {"upstream", "downstream", "alone", "importing"}),
        ('[tool.bifolio.profiles.gpu]\nenvironment = { torch = "2.11" }', "cpu", set()),
        ('[tool.bifolio.profiles.gpu]\nenvironment = { hypothesis = "6.1" }', "gpu", {"alone", "importing"}),
    ],
)
def test_what_a_profile_declares_stales_that_profile(
    measured: Report, settings: str, profile: str, users: set[str]
) -> None:
    measured.edit("experiments/data/words.py", 'size="2"', 'size="2", libraries=("hypothesis",)')
    measured.experiment("importing", imports="import hypothesis, sklearn.datasets")
    before = measured.digests(profile)
    with open(measured.root / "pyproject.toml", "a", encoding="utf-8") as stream:
        stream.write(f"\n{settings}\n")
    assert stale(measured, before, profile) == users


def test_an_experiment_may_need_a_variant(measured: Report) -> None:
    measured.experiment("picky", declared='seeds=2, needs=("downstream.b",)')
    before = measured.digests()
    measured.edit("experiments/downstream.py", '"a": Config()', '"a": Config(size=7)')
    assert stale(measured, before) == {"downstream"}
    measured.edit("experiments/downstream.py", "Config(size=2)", "Config(size=8)")
    assert stale(measured, before) == {"downstream", "picky"}


def test_a_variant_may_need_less_than_its_experiment(measured: Report) -> None:
    variants = 'variants={"with": Config(), "without": Variant(Config(size=9), needs=())}'
    measured.experiment("mixed", declared=f'seeds=2, needs=("upstream",), {variants}')
    before = measured.digests()
    measured.edit("experiments/upstream.py", '"answer", 42', '"answer", 43')
    after = measured.digests()
    changed = {path for path in before if path.startswith("mixed/") and before[path] != after[path]}
    assert changed == {"mixed/cpu/with/seed-0.json", "mixed/cpu/with/seed-1.json"}


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (
            'seeds=1, needs=("upstraem",)',
            "experiments/wrong.py:11: a declared need does not exist\n  found:    upstraem\n"
            "  expected: alone, downstream, upstream, wrong\n  nearest:  upstream",
        ),
        (
            'seeds=1, needs=("downstream.c",)',
            "experiments/wrong.py:11: a declared need does not exist\n  found:    downstream.c\n"
            "  expected: downstream.a, downstream.b\n  nearest:  downstream.b",
        ),
        (
            'seeds=3, needs=("upstream",)',
            "experiments/wrong.py:11: a declared need does not exist\n  found:    seed 2 of upstream\n"
            "  expected: 2 seeds",
        ),
        (
            'seeds=1, needs=("wrong",)',
            "experiments need each other in a circle\n  found:    wrong -> wrong",
        ),
        *(
            (
                f'seeds=1, inputs=("{pattern}",)',
                "experiments/wrong.py:11: a declared input matches no file of the project\n"
                f"  found:    {pattern}\n  expected: a path or pattern from the project's root",
            )
            for pattern in ("missing.txt", "../*", "/etc/hosts", "questions", "*.nothing")
        ),
    ],
)
def test_a_dependency_that_does_not_exist_is_named(measured: Report, declared: str, message: str) -> None:
    measured.experiment("wrong", declared=declared)
    with pytest.raises(DeclarationError) as caught:
        measured.digests()
    assert str(caught.value) == message


def test_an_empty_input_pattern_is_no_pattern(measured: Report) -> None:
    measured.experiment("wrong", declared='seeds=1, inputs=("",)')
    with pytest.raises(DeclarationError, match="matches no file"):
        measured.digests()
