"""A message says where, what was found, what was expected and the nearest valid name."""

from __future__ import annotations

import inspect
import re

import pytest
from bifolio import errors
from bifolio.errors import BifolioError, UsageError, nearest_name


def test_a_message_has_every_part_that_is_known() -> None:
    error = BifolioError("no such field", file="a.py", line=3, found="hiden", expected="hidden", nearest="hidden")
    assert str(error) == "a.py:3: no such field\n  found:    hiden\n  expected: hidden\n  nearest:  hidden"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (BifolioError("wrong"), "wrong"),
        (BifolioError("wrong", file="a.py"), "a.py: wrong"),
        (BifolioError("wrong", found=0), "wrong\n  found:    0"),
    ],
)
def test_a_message_leaves_out_what_is_not_known(error: BifolioError, message: str) -> None:
    assert str(error) == message


def test_a_place_is_given_once_by_the_layer_that_knows_best() -> None:
    error = BifolioError("wrong").at("inner.py", 7).at("outer.py", 1)
    assert str(error) == "inner.py:7: wrong"


def test_wrong_usage_has_an_exit_status_of_its_own() -> None:
    assert (BifolioError.exit_status, UsageError.exit_status) == (1, 2)


@pytest.mark.parametrize(("found", "nearest"), [("acuracy", "accuracy"), ("zzz", None)])
def test_the_nearest_name_is_given_only_when_one_is_near(found: str, nearest: str | None) -> None:
    assert nearest_name(found, ["loss", "accuracy"]) == nearest


def test_the_tree_that_is_drawn_is_the_tree_there_is() -> None:
    drawn = dict.fromkeys(["BifolioError"], None)
    above = ["BifolioError"]
    for bars, name in re.findall(r"^([│ ]*)[├└]── (\w+)", errors.__doc__ or "", flags=re.MULTILINE):
        depth = len(bars) // 4 + 1
        drawn[name] = above[depth - 1]
        above[depth:] = [name]
    there = {
        name: None if kind is BifolioError else kind.__base__.__name__
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, BifolioError)
    }
    assert drawn == there
