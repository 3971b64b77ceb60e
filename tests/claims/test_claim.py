"""A claim holds its conditions as trees; their text is for records."""

from __future__ import annotations

from bifolio.claims import Claim, Name, names_in, parse_condition


def made(kind: str, *conditions: str, expected: str = "holds") -> Claim:
    read = tuple(map(parse_condition, conditions))
    return Claim(kind, 1, read, "It is so.", expected, "", "templates/pages/a/en.md", 3)  # type: ignore[arg-type]


def test_what_a_claim_names_is_asked_of_its_trees() -> None:
    claim = made("claim", "a.b   < (c.d)")
    assert names_in(claim.conditions[0]) == (Name(("a", "b")), Name(("c", "d")))


def test_the_text_of_a_condition_is_read_as_the_same_condition() -> None:
    claim = made("claim", "a.b   < (c.d)")
    assert claim.condition_texts == ("a.b < c.d",) and claim.asked == "a.b < c.d"
    assert tuple(map(parse_condition, claim.condition_texts)) == claim.conditions


def test_editions_have_all_but_the_words_in_common() -> None:
    statement = made("statement", "a.b < 1", "a.c < 1", expected="holds only if")
    assert statement.asked == "“holds only if” a.b < 1 only a.c < 1"
    assert made("statement", expected="cannot be tested here").asked == "“cannot be tested here”"
