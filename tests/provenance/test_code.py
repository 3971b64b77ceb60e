"""How the modules that an experiment imports count in its fingerprint: by what they compute, wherever they lie."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.errors import DeclarationError
from bifolio.results.freshness import broken_among, survey

from tests.provenance.staleness import stale

if TYPE_CHECKING:
    from tests.conftest import Report


@pytest.mark.parametrize(
    ("statement", "file"),
    [
        ("from experiments.inner import size", "experiments/inner.py"),
        ("from experiments.inner import size as other", "experiments/inner.py"),
        ("from .inner import size", "experiments/inner.py"),
        ("from .data.words import DATASET", "experiments/data/words.py"),
        ("from .data.words import DATASET", "experiments/data/__init__.py"),
        ("from .data.deep.leaf import size", "experiments/data/deep/leaf.py"),
        ("from .data.deep.leaf import size", "experiments/data/deep/__init__.py"),
        ("from .data.deep.leaf import size", "experiments/inner.py"),
        ("from .data.deep.leaf import size", "experiments/data/words.py"),
        ("def f():\n    from experiments.inner import size", "experiments/inner.py"),
        ("if True:\n    from experiments.inner import size", "experiments/inner.py"),
        ("import json", "experiments/__init__.py"),
    ],
)
def test_a_module_is_found_however_it_is_imported(measured: Report, statement: str, file: str) -> None:
    measured.write("experiments/data/deep/__init__.py", "from ..words import DATASET\n")
    measured.write("experiments/data/deep/leaf.py", "from ...inner import size\n")
    measured.experiment("importing", imports=statement)
    before = measured.digests()
    with open(measured.root / file, "a", encoding="utf-8") as stream:
        stream.write("changed = True\n")
    assert "importing" in stale(measured, before)


@pytest.mark.parametrize(
    ("statement", "line", "expected"),
    [
        ("import experiments.inner", 4, "from experiments.inner import name, ..."),
        ("import json\nimport experiments.inner as other", 5, "from experiments.inner import name, ..."),
        ("from experiments import inner", 4, "from experiments.inner import name, ..."),
        ("from . import inner", 4, "from experiments.inner import name, ..."),
        ("from .data import words", 4, "from experiments.data.words import name, ..."),
        ("from .inner import *", 4, "from .inner import name, ..."),
        ("def f():\n    import experiments.inner", 5, "from experiments.inner import name, ..."),
    ],
)
def test_a_module_that_is_imported_whole_is_refused(measured: Report, statement: str, line: int, expected: str) -> None:
    measured.experiment("importing", imports=statement)
    (error,) = broken_among(survey(measured.project, ("importing",)))
    assert str(error).startswith(
        f"experiments/importing.py:{line}: a module of the report is imported by the names that are used of it\n"
    )
    assert str(error).endswith(f"expected: {expected}")


def test_a_module_that_is_not_there_is_named(measured: Report) -> None:
    measured.experiment("importing", imports="from experiments.iner import size")
    with pytest.raises(DeclarationError) as caught:
        measured.digests()
    assert str(caught.value) == (
        "experiments/importing.py:4: the report has no such module\n  found:    experiments.iner\n"
        "  expected: a file under experiments/\n  nearest:  experiments.inner"
    )


@pytest.mark.parametrize("name", ["__file__", "__name__", "__path__", "__spec__", "__package__"])
def test_a_module_does_not_ask_where_it_lies(measured: Report, name: str) -> None:
    measured.write("experiments/inner.py", f"def size():\n    return len(str({name}))\n")
    with pytest.raises(DeclarationError, match=f"experiments/inner.py:2: .*\n  found:    {name}"):
        measured.digests()


def test_an_attribute_of_that_name_is_free(measured: Report) -> None:
    measured.write("experiments/inner.py", "import json\n\n\ndef size():\n    return type(json.__file__).__name__\n")
    assert measured.digests()


def test_moving_and_renaming_a_module_stales_nothing(measured: Report) -> None:
    measured.write("experiments/other.py", "def other():\n    return 2\n")
    imports = "from experiments.inner import size\nfrom experiments.other import other"
    measured.experiment("importing", imports=imports)
    before = measured.digests()
    (measured.root / "experiments" / "measures").mkdir()
    measured.write("experiments/measures/__init__.py", '"""Measures."""\n')
    (measured.root / "experiments/inner.py").rename(measured.root / "experiments/measures/widths.py")
    measured.write("experiments/outer.py", "from experiments.measures.widths import size\n")
    # a formatter puts the statements into another order now
    moved = "from experiments.other import other\nfrom experiments.measures.widths import size"
    measured.edit("experiments/importing.py", imports, moved)
    assert stale(measured, before) == set()
    measured.write("experiments/measures/__init__.py", "import json\n")
    assert stale(measured, before) == {"upstream", "downstream", "importing"}


def test_which_of_two_modules_has_a_name_counts(measured: Report) -> None:
    measured.write("experiments/one.py", "x = 1\n")
    measured.write("experiments/two.py", "x = 2\n")
    measured.experiment("importing", imports="from experiments.one import x")
    before = measured.digests()
    measured.edit("experiments/importing.py", "experiments.one", "experiments.two")
    assert stale(measured, before) == {"importing"}


def test_two_modules_that_exchange_their_content_stale_their_user(measured: Report) -> None:
    measured.write("experiments/one.py", "x = 1\n")
    measured.write("experiments/two.py", "x = 2\n")
    imports = "from experiments.one import x as a\nfrom experiments.two import x as b"
    measured.experiment("importing", imports=imports)
    before = measured.digests()
    measured.write("experiments/one.py", "x = 2\n")
    measured.write("experiments/two.py", "x = 1\n")
    assert stale(measured, before) == {"importing"}


CIRCLE = {
    "even": "def even(n):\n    from experiments.{odd} import odd\n    return n == 0 or odd(n - 1)\n",
    "odd": "def odd(n):\n    from experiments.{even} import even\n    return n != 0 and even(n - 1)\n",
}


def write_circle(report: Report, **names: str) -> None:
    for module, text in CIRCLE.items():
        report.write(f"experiments/{names[module]}.py", text.format(**names))


def test_modules_that_import_each_other_are_one_unit(measured: Report) -> None:
    write_circle(measured, even="even", odd="odd")
    measured.experiment("counting", imports="from experiments.even import even")
    measured.experiment("doubting", imports="from experiments.odd import odd")
    before = measured.digests()
    measured.edit("experiments/odd.py", "n != 0", "n > 0")
    assert stale(measured, before) == {"counting", "doubting"}
    write_circle(measured, even="even", odd="odd")
    assert stale(measured, before) == set()
    for module in CIRCLE:
        (measured.root / f"experiments/{module}.py").unlink()
    write_circle(measured, even="z", odd="a")  # another order of names
    measured.edit("experiments/counting.py", "experiments.even", "experiments.z")
    measured.edit("experiments/doubting.py", "experiments.odd", "experiments.a")
    assert stale(measured, before) == set()
    measured.edit("experiments/a.py", "even(n - 1)", "even(n - 2)")
    assert stale(measured, before) == {"counting", "doubting"}


def test_a_package_that_imports_its_own_module_is_a_circle(measured: Report) -> None:
    measured.write("experiments/data/__init__.py", "from experiments.data.words import DATASET\n")
    before = measured.digests()
    measured.edit("experiments/data/words.py", 'licence="none"', 'licence="MIT"')
    assert stale(measured, before) == {"alone"}


def test_paths_do_not_count(measured: Report, tmp_path: Path) -> None:
    before = measured.digests()
    moved = shutil.move(measured.root, tmp_path / "elsewhere" / "renamed")
    assert stale(type(measured)(Path(moved)), before) == set()


def test_a_module_that_becomes_a_package_of_the_same_name_stales_nothing(measured: Report) -> None:
    before = measured.digests()
    (measured.root / "experiments" / "inner").mkdir()
    (measured.root / "experiments" / "inner.py").rename(measured.root / "experiments" / "inner" / "__init__.py")
    assert stale(measured, before) == set()
