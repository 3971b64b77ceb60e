"""What an experiment's file declares is read without running it; what cannot be is refused with its place."""

# ruff: noqa: E501 - messages are shown as they are printed

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

import pytest
from bifolio.errors import DeclarationError
from bifolio.provenance.declaration import Declaration, RunName, VariantDeclaration
from bifolio.provenance.reader import declare_experiment
from bifolio.provenance.sources import read_sources

if TYPE_CHECKING:
    from tests.conftest import Report

FILE = "experiments/name.py"
GOOD = '''"""What is it?

More about it.
"""

@dataclass(frozen=True)
class Config:
    size: int = 1
    rate: float = 0.5
    layers: tuple[int, ...] = (1, (2, -3))
    note: str | None = None

@experiment(
    seeds=3,
    variants={"small": Config(size=2), "hub": Variant(Config(rate=1), optional=True, needs=())},
    smoke=Config(size=0),
    needs=("other", "third.b"),
    inputs=("a/*.txt",), draft=True,
    exclusive=True,
    threads=2,
    variables={"B": "2", "A_1": "x"},
    uses=("native", "clock"),
)
def name(config: Config, run: Run) -> None:
    raise SystemExit("this is never run")
'''


def declare(source: str) -> Declaration | None:
    return declare_experiment(ast.parse(source), FILE)


def test_everything_that_is_declared_is_read() -> None:
    assert declare(GOOD) == Declaration(
        name="name",
        question="What is it?",
        file=FILE,
        line=24,
        seeds=3,
        config_class="Config",
        defaults={"size": 1, "rate": 0.5, "layers": (1, (2, -3)), "note": None},
        variants={"small": VariantDeclaration({"size": 2}), "hub": VariantDeclaration({"rate": 1}, True, ())},
        sizes={"smoke": {"size": 0}},
        needs=("other", "third.b"),
        inputs=("a/*.txt",),
        exclusive=True,
        threads=2,
        variables={"A_1": "x", "B": "2"},
        uses=("clock", "native"),
        draft=True,
    )


def test_a_config_is_defaults_then_variant_then_profile() -> None:
    declared = declare(GOOD)
    assert declared
    assert declared.config("small", "cpu")["size"] == 2
    assert declared.config("small", "smoke")["size"] == 0
    assert declared.config("hub", "gpu") == {"size": 1, "rate": 1, "layers": (1, (2, -3)), "note": None}


def test_smoke_is_one_seed_of_each_variant() -> None:
    declared = declare(GOOD)
    assert declared
    assert len(declared.runs("cpu")) == 6
    assert declared.runs("smoke") == (RunName("name", "smoke", "small", 0), RunName("name", "smoke", "hub", 0))


@pytest.mark.parametrize("variants", ["{}", '{"hub": Variant(Config(), optional=True)}'])
def test_without_a_required_variant_there_is_one_called_default(variants: str) -> None:
    declared = declare(
        GOOD.replace('{"small": Config(size=2), "hub": Variant(Config(rate=1), optional=True, needs=())}', variants)
    )
    assert declared
    assert next(iter(declared.variants.items())) == ("default", VariantDeclaration({}))


def test_a_file_without_an_experiment_declares_none() -> None:
    assert declare("def name(): pass") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "dataclass(frozen=True)",
            "dataclass",
            """
            experiments/name.py:7: a config is a frozen dataclass without a base
              found:    @dataclass class Config
              expected: @dataclass(frozen=True) class Config
            """,
        ),
        (
            "class Config:",
            "class Config(Base):",
            """
            experiments/name.py:7: a config is a frozen dataclass without a base
              found:    @dataclass(frozen=True) class Config
              expected: @dataclass(frozen=True) class Config
            """,
        ),
        (
            "size: int = 1",
            "size: int",
            """
            experiments/name.py:8: every field of a config has a default
              found:    size: int
              expected: size: int = <a literal>
            """,
        ),
        (
            "size: int = 1",
            "size: int = int(1)",
            """
            experiments/name.py:8: the config's field size must be a literal, so that it can be read without running the file
              found:    int(1)
              expected: a number, a string, True, False, None, or a tuple of them
            """,
        ),
        (
            "size: int = 1",
            "size: int = 1.5",
            """
            experiments/name.py:8: the config's field size
              found:    1.5
              expected: int
            """,
        ),
        (
            "size: int = 1",
            "size: int = True",
            """
            experiments/name.py:8: the config's field size
              found:    True
              expected: int
            """,
        ),
        *(
            (
                "note: str | None = None",
                f"note: object = {value}",
                f"""
                experiments/name.py:11: the config's field note
                  found:    {value}
                  expected: a number, a string, True, False, None, or a tuple of them
                """,
            )
            for value in ("[1, 2]", "{'a': 1}", "{1, 2}", "b'bytes'", "2j", "...", "(1, [2])")
        ),
        (
            "Config(size=2)",
            "Config(sizes=2)",
            """
            experiments/name.py:15: the config has no such field
              found:    sizes
              expected: size, rate, layers, note
              nearest:  size
            """,
        ),
        (
            "Config(size=2)",
            "Config(2)",
            """
            experiments/name.py:15: a config is written with keywords
              found:    Config(2)
              expected: Config(field=literal)
            """,
        ),
        (
            "Config(size=2)",
            "SMALL",
            """
            experiments/name.py:15: a config is written out
              found:    SMALL
              expected: Config(field=literal)
            """,
        ),
        (
            '"small"',
            '"cpu"',
            """
            experiments/name.py:15: a variant's name
              found:    'cpu'
              expected: small letters, digits and underscores; no profile
            """,
        ),
        (
            '"small"',
            '"../x"',
            """
            experiments/name.py:15: a variant's name
              found:    '../x'
              expected: small letters, digits and underscores; no profile
            """,
        ),
        (
            "optional=True",
            "optoinal=True",
            """
            experiments/name.py:15: Variant has no such argument
              found:    optoinal
              expected: needs, optional, seeds
              nearest:  optional
            """,
        ),
        (
            "Variant(Config(rate=1), optional=True, needs=())",
            "Variant(Config(rate=1), True)",
            """
            experiments/name.py:15: a variant
              found:    Variant(Config(rate=1), True)
              expected: Variant(Config(...), optional=True, needs=(...), seeds=...)
            """,
        ),
        (
            "needs=())",
            "seeds=True)",
            """
            experiments/name.py:15: seeds
              found:    True
              expected: a whole number from 1
            """,
        ),
        (
            "seeds=3",
            "seeds=0",
            """
            experiments/name.py:14: seeds
              found:    0
              expected: a whole number from 1
            """,
        ),
        (
            "seeds=3",
            "seed=3",
            """
            experiments/name.py:13: @experiment has no such argument
              found:    seed
              expected: draft, exclusive, gpu, inputs, needs, quantities, seeds, smoke, threads, uses, variables, variants
              nearest:  seeds
            """,
        ),
        (
            'needs=("other", "third.b")',
            'needs=("other")',
            """
            experiments/name.py:17: needs
              found:    'other'
              expected: needs=("name",)
            """,
        ),
        (
            "exclusive=True",
            "exclusive=1",
            """
            experiments/name.py:19: exclusive
              found:    1
              expected: True or False
            """,
        ),
        (
            "def name(config: Config, run: Run)",
            "def name(run: Run)",
            """
            experiments/name.py:24: an experiment takes its config and its run
              found:    def name(run: Run)
              expected: def name(config: Config, run: Run) -> None
            """,
        ),
        (
            "def name(config: Config, run: Run)",
            "def name(config: Conf, run: Run)",
            """
            experiments/name.py:24: the config is a frozen dataclass of the same file, named in the function's first annotation
              found:    Conf
              expected: def name(config: Config, run: Run) -> None
            """,
        ),
        (
            "def name(",
            "def other(",
            """
            experiments/name.py:24: a file holds one experiment, and both have one name of small letters, digits and underscores
              found:    other
              expected: name
            """,
        ),
        (
            '"""What is it?\n\nMore about it.\n"""',
            "\n\n\n",
            """
            experiments/name.py:1: the file's docstring opens with the experiment's question
            """,
        ),
    ],
)
def test_what_cannot_be_read_without_running_is_refused(old: str, new: str, message: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(DeclarationError) as caught:
        declare(GOOD.replace(old, new))
    assert str(caught.value) == textwrap.dedent(message).strip()


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (
            'uses=("clocks",)',
            "an experiment cannot say that it uses this\n  found:    clocks\n"
            "  expected: subprocess, loopback, entropy, clock, host, native\n  nearest:  clock",
        ),
        ("uses=3", 'uses\n  found:    3\n  expected: uses=("name",)'),
        *(
            (
                f"variables={found}",
                f"environment variables\n  found:    {found}\n"
                '  expected: variables={"NAME": "value"}, names in capital letters',
            )
            for found in ("{'name': '1'}", "{'NAME': 1}", "('NAME',)", "{'A=B': '1'}")
        ),
        (
            "variables={'A': str(1)}",
            "variables must be a literal, so that it can be read without running the file\n  found:    {'A': str(1)}\n"
            "  expected: a number, a string, True, False, None, or a tuple of them",
        ),
    ],
)
def test_what_the_system_is_asked_for_is_refused_where_it_is_wrong(declared: str, message: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare(
            GOOD.replace("threads=2,", f"threads=2, {declared},")
            .replace('    variables={"B": "2", "A_1": "x"},\n', "", 1)
            .replace('    uses=("native", "clock"),\n', "", 1)
        )
    assert str(caught.value) == f"experiments/name.py:20: {message}"


def test_an_experiment_in_a_folder_is_refused(report: Report) -> None:
    report.experiment("hello")
    (report.root / "experiments/vision").mkdir()
    (report.root / "experiments/hello.py").rename(report.root / "experiments/vision/hello.py")
    error = read_sources(report.project).broken["experiments.vision.hello"]
    assert str(error) == (
        "experiments/vision/hello.py:11: an experiment lies in experiments/ itself\n"
        "  found:    experiments/vision/hello.py\n"
        "  expected: experiments/hello.py; folders in it are for what experiments import"
    )


def test_variants_keep_the_order_of_the_file_when_they_are_remembered(report: Report) -> None:
    report.experiment(
        "dice", declared='variants={"sgd": Config(), "adam": Config(size=2)}', config="size: int = 1; a: int = 2"
    )
    for _ in ("parsed", "remembered"):
        declared = read_sources(report.project).declarations["dice"]
        assert list(declared.variants) == ["sgd", "adam"]
        assert list(declared.defaults) == ["size", "a"]
