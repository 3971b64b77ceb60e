"""A temporary file tells whose it is, so that nobody takes what is being written for what was left behind."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from bifolio import owner
from bifolio.owner import is_left_behind, part_name


def test_what_a_living_process_writes_is_not_left_behind() -> None:
    assert not is_left_behind(part_name("result.json"))
    assert not is_left_behind(f"bifolio-fonts-{owner.owner()}-abc")
    assert part_name("a") == f".a.{owner.owner()}.part"


def test_what_a_dead_process_wrote_is() -> None:
    script = "from bifolio.owner import part_name; print(part_name('result.json'))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert is_left_behind(ended.stdout.strip())


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="the system does not say when a process began")
def test_a_number_that_is_used_again_is_another_process() -> None:
    number, began, host = owner.owner().split("-")
    assert is_left_behind(f".a.{number}-{int(began) + 1}-{host}.part")
    assert not is_left_behind(f".a.{number}-0-{host}.part"), "where the beginning is not known, the number counts"


def test_of_another_machine_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_left_behind(".a.999999999-1-00000000.part")
    assert not is_left_behind("site-999999999-1-00000000-x")


@pytest.mark.parametrize("name", [".result.json.4711.part", "site-k3j4h5", ".a.part"])
def test_a_name_of_an_earlier_version_is_left_behind(name: str) -> None:
    assert is_left_behind(name)
