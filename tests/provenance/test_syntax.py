"""The normal form of a file: what of it counts, and that every supported Python sees the same."""

# ruff: noqa: E501 - a source of every syntax keeps its lines

from __future__ import annotations

import ast
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from bifolio.provenance.syntax import normal_form, outside_imports, own_imports

ROOT = Path(__file__).resolve().parents[2]

EVERY_SYNTAX = r'''
"""A bit of every syntax of Python 3.11."""
from __future__ import annotations
import a.b as c, d
from . import e
from ..f import (g as h, i)
@decorator(1, *two, three=3, **four)
class Class(Base, metaclass=Meta):
    """Docstring."""
    field: int = 1
    bare: "quoted"
    async def method(self, /, a, b=2, *rest: int, c, d=4, **others) -> None:
        async with x as y, z:
            await y
        async for p, *q in r:
            yield
        return [s async for s in t if u if v]
def function():
    global n
    try:
        raise Error("x") from cause
    except (A, B) as error:
        pass
    else:
        del a, b[0], c.d
    finally:
        assert x, "message"
    while x := next(y):
        if x: continue
        elif y: break
        else: nonlocal_ = 1
    else:
        lambda *a, b=1, **c: (yield from a)
    match point:
        case {"x": 0, **rest} | [1, *_] | Point(x=0, y=None) as found if found:
            return -1 + ~2 ** 3 // 4 @ 5 << 6 & 7 ^ 8 | 9
        case "a" | b.c | -1.5 | _:
            return not a < b <= c is not d not in e
text = f"{x!r:>{width}} {y=} {{}} {z:%Y-%m} {'nested'} {w:}" "joined" u"prefix" f'{a}{b!s}{{' f"{x:{y}{z}}" f"{'a' 'b'}" f"" "" rf"\d{x}"
data = rb"\x00" b"more", f"""
{x
 + 1}"""
numbers = 0x10, 1_000, 1e-3, 2j, True, None, ..., -0.0, 10**100, 1e400
slices = a[1:2, ::3, ...], a[*b], a[:], (*c,), {**d, "e": 1}, {1, 2}, {k: v for k, v in e}, (g for g in h)
a = b = 1 if False else 2
c += 1
with (a as b, c as d): pass
try: pass
except* C: ...
'''

DIGEST = "a6fa5c4e4dc63d2c8a3aacc544610cd48b0eb9ca43391656186ed8170a38d9af"
"""Of EVERY_SYNTAX. If this must change, raise NORMAL_FORM: every stored result becomes stale."""


def digest(source: str) -> str:
    return normal_form(ast.parse(source)).digest


def other_pythons() -> list[str]:
    """Return the other supported Pythons of this machine that start."""
    found = []
    for version in ("3.12", "3.13", "3.14"):
        installed = [shutil.which(f"python{version}"), *Path.home().glob(f".pyenv/versions/{version}.*/bin/python")]
        starts = [p for p in installed if p and subprocess.run([p, "-c", ""], capture_output=True).returncode == 0]
        found += [str(python) for python in starts[:1]]
    return found


def test_the_normal_form_has_not_changed() -> None:
    assert digest(EVERY_SYNTAX) == DIGEST


def test_every_supported_python_sees_the_same_normal_form() -> None:
    pythons = other_pythons()
    if not pythons:
        pytest.skip("no other supported Python is installed here")
    script = (
        "import ast, sys; from bifolio.provenance.syntax import normal_form\n"
        "print(normal_form(ast.parse(sys.stdin.read())).digest)"
    )
    for python in pythons:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator"), "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run(
            [python, "-W", "ignore", "-c", script], input=EVERY_SYNTAX, env=environment, capture_output=True, text=True
        )
        assert ended.stdout.strip() == DIGEST, f"{python}: {ended.stderr}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1", "x = 1  # a comment"),
        ("x = [1, 2]", "x = [\n    1,\n    2,\n]\n"),
        ("x = 'a'", 'x = u"a"'),
        ("x = 16", "x = 0x1_0"),
        ("x = (1)", "x = 1"),
        ("x = 'a' 'b'", "x = 'ab'"),
        ("", '"""The docstring of an empty module."""'),
        ("", "# nothing"),
        ("def f(): pass", 'def f():\n    """What it does."""'),
        ("def f(): return 1", 'def f():\n    """What it does."""\n    return 1'),
        ("class A:\n    b = 1", 'class A:\n    """What it is."""\n    b = 1'),
        ("async def f(): return 1", 'async def f():\n    "What it does."\n    return 1'),
        ("@experiment(seeds=5)\ndef f(): pass", "@experiment(seeds=9, variants={'a': 1})\ndef f(): pass"),
        ("@experiment\ndef f(): pass", "@experiment()\ndef f(): pass"),
        ("from experiments.a import b", "from experiments.c.a import b"),
        ("from .a import b", "from ..c import b"),
        ("from .a import b\nfrom .c import d", "from .a import d\nfrom .c import b"),
        ("import a\nfrom .a import b\nimport c\nx = 1", "import a\nimport c\nfrom .a import b\nx = 1"),
        ("@bifolio.experiment(seeds=5)\ndef f(): pass", "@bifolio.experiment()\ndef f(): pass"),
    ],
)
def test_what_cannot_change_a_number_does_not_count(before: str, after: str) -> None:
    assert digest(before) == digest(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = 0.0", "x = -0.0"),
        ("x = 'a'", "x = b'a'"),
        ("x = ['ab']", "x = ['a', 'b']"),
        ("x = None", "x = ..."),
        ("f(None)", "f()"),
        ("return_ = f(a, b)", "return_ = f(b, a)"),
        ("def f(): return None", "def f(): return"),
        ("def f(a, /): pass", "def f(a): pass"),
        ("def f(a, *, b): pass", "def f(a, b): pass"),
        ("from a import b", "from c import b"),
        ("from a import b", "from .a import b"),
        ("from .a import b\nx = 1", "x = 1\nfrom .a import b"),
        ("import b\nimport a", "import a\nimport b"),
        ("x = f'{a}'", "x = f'{a!r}'"),
        ("x = a if b else c", "x = c if b else a"),
        ("x = 'not a docstring'", "x = 'another one'"),
        ("f(); 'text'", "g(); 'text'"),
        ("@cache(1)\ndef f(): pass", "@cache(2)\ndef f(): pass"),
        ("a\nb", "if a:\n    b"),
        ("if a:\n    b\nelse:\n    c", "if a:\n    b\n    c"),
    ],
)
def test_what_can_change_a_number_counts(before: str, after: str) -> None:
    assert digest(before) != digest(after)


def test_imports_are_found_wherever_they_stand() -> None:
    tree = ast.parse(
        "import a.b as c\ndef f():\n    from ..d import e, g as h\n    from i import j\n    from .i import j\n"
    )
    assert outside_imports(ast.walk(tree)) == [("a.b", ""), ("i", "j")]
    places = normal_form(tree).places
    assert [[(one.line, one.level, one.module, one.name, one.bound) for one in place] for place in places] == [
        [(3, 2, "d", "e", "e"), (3, 2, "d", "g", "h"), (5, 1, "i", "j", "j")]
    ]


def test_what_follows_one_another_is_one_place() -> None:
    tree = ast.parse(
        "from .a import b\nimport c\nfrom .d import e\nx = 1\nfrom .f import g\nif x:\n    from .h import i\n"
    )
    assert [[one.name for one in place] for place in normal_form(tree).places] == [["b", "e"], ["g"], ["i"]]
    assert own_imports(ast.parse("import a").body[0]) == ()
