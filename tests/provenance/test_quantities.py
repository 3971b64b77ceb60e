"""What is declared of quantities is read without running the file, and found by the names of what runs record."""

# ruff: noqa: E501 - messages are shown as they are printed

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

import pytest
from bifolio.errors import DeclarationError
from bifolio.provenance.declaration import Declaration, QuantityDeclaration
from bifolio.provenance.quantities import is_within, quantity_of, range_text
from bifolio.provenance.reader import declare_experiment
from bifolio.provenance.sources import read_sources

if TYPE_CHECKING:
    from tests.conftest import Report

SOURCE = '''"""What is it?"""

@dataclass(frozen=True)
class Config:
    size: int = 1

@experiment(
    quantities={quantities},
)
def name(config: Config, run: Run) -> None:
    pass
'''
PERCENT = 'Quantity(range=(0, 100), matters=1.0, reason="one image in a hundred", exact=False)'


def declare(quantities: str) -> Declaration:
    declared = declare_experiment(ast.parse(SOURCE.replace("{quantities}", quantities)), "experiments/name.py")
    assert declared
    return declared


def refused(quantities: str) -> str:
    with pytest.raises(DeclarationError) as caught:
        declare(quantities)
    return str(caught.value)


def test_everything_that_is_declared_is_read() -> None:
    declared = declare(
        f'{{"accuracy_at_*": {PERCENT}, "learning_curve.loss": Quantity(range=(0, None)), "count": Quantity(exact=True),'
        ' "change": Quantity(range=(None, -1), matters=None), "ti?e": Quantity(matters=2, reason=" why ")}'
    )
    assert declared.quantities == {
        "accuracy_at_*": QuantityDeclaration((0, 100), 1.0, "one image in a hundred"),
        "learning_curve.loss": QuantityDeclaration((0, None)),
        "count": QuantityDeclaration(exact=True),
        "change": QuantityDeclaration((None, -1)),
        "ti?e": QuantityDeclaration(None, 2, "why"),
    }


@pytest.mark.parametrize(
    ("quantities", "message"),
    [
        (
            "QUANTITIES",
            """
            experiments/name.py:8: quantities are written out
              found:    QUANTITIES
              expected: quantities={"name": Quantity(...)}
            """,
        ),
        *(
            (
                f"{{{name}: Quantity(exact=True)}}",
                f"""
                experiments/name.py:8: the name or pattern of a quantity
                  found:    {name}
                  expected: a value, or "table.column"; * stands for any letters, ? for one
                """,
            )
            for name in ("'a.b.c'", "'[ab]'", "'a.'", "'Accuracy'", "''", "'1a'", "f'{a}'", "1")
        ),
        (
            "{**MORE}",
            """
            experiments/name.py:8: the name or pattern of a quantity
              found:    {**MORE}
              expected: a value, or "table.column"; * stands for any letters, ? for one
            """,
        ),
        (
            '{"a*": Quantity(exact=True), "a*": Quantity(range=(0, 1))}',
            """
            experiments/name.py:8: this name or pattern has a quantity already
              found:    'a*'
              expected: every one once
            """,
        ),
        *(
            (
                f'{{"a": {value}}}',
                f"""
                experiments/name.py:8: {problem}
                  found:    {value}
                  expected: Quantity(range=(0, 100), matters=1.0, reason="...", exact=False), at least one of these
                """,
            )
            for value, problem in (
                ("PERCENT", "a quantity is written out, with keywords"),
                ("Quantity((0, 1))", "a quantity is written out, with keywords"),
                ("Quantity()", "a quantity that says nothing"),
                ("Quantity(exact=False)", "a quantity that says nothing"),
            )
        ),
        (
            '{"a": Quantity(rnage=(0, 1))}',
            """
            experiments/name.py:8: Quantity has no such argument
              found:    rnage
              expected: exact, matters, range, reason
              nearest:  range
            """,
        ),
        *(
            (
                f'{{"a": Quantity(range={limits})}}',
                f"""
                experiments/name.py:8: range of a Quantity
                  found:    {limits}
                  expected: (low, high), low below high; None for an end that is open
                """,
            )
            for limits in (
                "(1, 1)",
                "(1, 0)",
                "(None, None)",
                "(0,)",
                "(0, 1, 2)",
                "5",
                "(False, 1)",
                "('0', 1)",
                "[0, 1]",
            )
        ),
        (
            '{"a": Quantity(range=(0, HIGHEST))}',
            """
            experiments/name.py:8: range of a Quantity must be a literal, so that it can be read without running the file
              found:    (0, HIGHEST)
              expected: a number, a string, True, False, None, or a tuple of them
            """,
        ),
        *(
            (
                f'{{"a": Quantity(matters={size}, reason="r")}}',
                f"""
                experiments/name.py:8: matters of a Quantity
                  found:    {size}
                  expected: a number above 0, or None
                """,
            )
            for size in ("0", "-1", "True", "'1'")
        ),
        (
            '{"a": Quantity(matters=1e309, reason="r")}',
            """
            experiments/name.py:8: matters of a Quantity is too large a number
              found:    1e309
              expected: finite numbers, at most 1.798e+308
            """,
        ),
        *(
            (
                f'{{"a": Quantity({words})}}',
                f"""
                experiments/name.py:8: reason of a Quantity
                  found:    {found}
                  expected: a text with `matters=`, which says why a difference of this size matters
                """,
            )
            for words, found in (
                ("matters=1", "Quantity(matters=1)"),
                ("matters=1, reason=' '", "' '"),
                ("matters=1, reason=3", "3"),
                ("range=(0, 1), reason='r'", "'r'"),
            )
        ),
        (
            '{"a": Quantity(exact=1)}',
            """
            experiments/name.py:8: exact of a Quantity
              found:    1
              expected: True or False
            """,
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(quantities: str, message: str) -> None:
    assert refused(quantities) == textwrap.dedent(message).strip()


def test_a_name_finds_its_own_quantity_before_a_pattern() -> None:
    declared = declare(
        '{"accuracy_*": Quantity(range=(0, 1)), "accuracy_a": Quantity(range=(0, 2)), "c*.lo?s": Quantity(exact=True)}'
    )
    found = {
        name: quantity_of(declared, name)
        for name in ("accuracy_a", "accuracy_b", "accuracy", "curve.loss", "curve.losss", "closs", "accuracy_t.loss")
    }
    assert found == {
        "accuracy_a": QuantityDeclaration((0, 2)),
        "accuracy_b": QuantityDeclaration((0, 1)),
        "accuracy": None,
        "curve.loss": QuantityDeclaration(exact=True),
        "curve.losss": None,
        "closs": None,
        "accuracy_t.loss": None,
    }


def test_two_patterns_for_one_name_are_an_error_that_names_both() -> None:
    declared = declare('{"a*": Quantity(range=(0, 1)), "*b": Quantity(range=(0, 2))}')
    assert quantity_of(declared, "a") == QuantityDeclaration((0, 1))
    with pytest.raises(DeclarationError) as caught:
        quantity_of(declared, "ab")
    assert str(caught.value) == (
        "experiments/name.py:10: more than one pattern matches ab\n"
        "  found:    a*, *b\n"
        '  expected: one of them, or "ab" by itself'
    )


def test_the_ends_belong_to_a_range_and_an_open_one_has_none() -> None:
    assert [is_within(number, (0, 1)) for number in (-0.1, 0, 1, 1.1)] == [False, True, True, False]
    assert [is_within(number, (None, 1)) for number in (-1e9, 1.1)] == [True, False]
    assert [is_within(number, (0, None)) for number in (-0.1, 1e9)] == [False, True]
    assert [range_text(limits) for limits in ((0, 1.5), (None, 1), (0, None))] == [
        "0 to 1.5",
        "at most 1",
        "at least 0",
    ]


def test_quantities_are_remembered_as_they_were_read(report: Report) -> None:
    report.experiment("dice", declared=f'quantities={{"b": {PERCENT}, "a": Quantity(range=(0, None))}}')
    first, second = (read_sources(report.project).declarations["dice"] for _ in ("parsed", "remembered"))
    assert repr(first) == repr(second)
    assert list(second.quantities) == ["b", "a"]


def test_quantities_do_not_enter_the_fingerprint(report: Report) -> None:
    report.experiment("dice")
    before = report.fingerprint("dice")
    report.edit("experiments/dice.py", "seeds=1", f'seeds=1, quantities={{"answer": {PERCENT}}}')
    assert report.fingerprint("dice") == before


@pytest.mark.parametrize(
    ("imports", "counts"),
    [
        ("from bifolio import Quantity, Run, experiment", False),
        ("from bifolio import Quantity\nfrom bifolio import Run, experiment", False),
        ("from bifolio import Run, Variant, experiment", False),
        ("from bifolio import Run, experiment\nfrom bifolio.authoring import Quantity", False),
        ("from bifolio import Need, Run, experiment", True),
        ("from bifolio import Run, experiment\nfrom typing import Quantity", True),
    ],
)
def test_importing_what_only_declarations_use_does_not_enter_the_fingerprint(
    report: Report, imports: str, counts: bool
) -> None:
    report.experiment("dice", imports="from bifolio import Run, experiment")
    before = report.fingerprint("dice")
    report.experiment("dice", imports=imports)
    assert (report.fingerprint("dice") != before) is counts


def test_what_authors_write_can_be_run() -> None:
    from bifolio import Quantity

    assert Quantity(range=(0, 100), matters=1.0, reason="one image in a hundred") == Quantity(
        range=(0, 100), matters=1.0, reason="one image in a hundred", exact=False
    )
