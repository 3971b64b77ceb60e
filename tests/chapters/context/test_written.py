"""Text knows which of it expressions wrote."""

from __future__ import annotations

import pytest
from bifolio.chapters.context.written import Written, by_expression, joined, stripped


def made(written: Written) -> list[str]:
    return [written[first:last] for first, last in written.parts]


def test_pieces_put_together_keep_what_expressions_wrote() -> None:
    inner = joined(["a ", by_expression("b"), " c"])
    whole = joined(["b ", inner, by_expression(""), by_expression("d")])
    assert whole == "b a b cd"
    assert whole.parts == ((4, 5), (7, 8)) and made(whole) == ["b", "d"]


def test_str_keeps_it_too_because_jinja_asks_for_it() -> None:
    assert str(by_expression("a")).parts == ((0, 1),)


@pytest.mark.parametrize(
    ("pieces", "parts"),
    [
        (["  a ", by_expression("b"), " "], ["b"]),
        ([" ", by_expression(" b "), "\n"], ["b"]),
        ([by_expression("  "), "a", by_expression("\n")], []),
        (["  "], []),
    ],
)
def test_white_space_goes_and_the_parts_move(pieces: list[str], parts: list[str]) -> None:
    text = joined(pieces)
    assert stripped(text) == text.strip() and made(stripped(text)) == parts
