"""The reference prose is prose, is the declared one, and stands in one text only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bifolio.errors import RunError

from experiments.datasets import reference_prose
from experiments.datasets.reference_prose import is_prose, paragraphs

CODE = '''
def area(side):
    """Return the area of a square whose sides all have the one length that is given here.

    The area is the product of the two sides, which are equal,
    and it grows with the square of the length of either of them.

        This is indented more than the rest, as an example is, and so it does not count.

    >>> area(2)
    4
    """
'''


def test_paragraphs_are_joined_to_lines_and_what_is_set_in_is_left_out() -> None:
    assert paragraphs(CODE) == [
        "Return the area of a square whose sides all have the one length that is given here.",
        "The area is the product of the two sides, which are equal, "
        "and it grows with the square of the length of either of them.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Too short to tell.",
        "this one begins in the middle of a sentence and is therefore not taken for one.",
        "This one ends in the middle of a sentence and is therefore not taken for",
        "This one holds `markup` of the kind that marks code and is therefore left out here.",
        "(1, 2, 3) (4, 5, 6) (7, 8, 9) (10, 11, 12) (13, 14, 15) (16, 17, 18).",
    ],
)
def test_what_is_no_sentence_is_left_out(line: str) -> None:
    assert not is_prose(line)


def test_no_paragraph_stands_in_two_texts() -> None:
    texts = reference_prose.load()
    lines = [line for text in texts for line in text.split("\n")]
    assert (len(texts), len(lines), sum(map(len, texts))) == (474, 2992, 428_374)
    assert len(set(lines)) == len(lines)


def test_another_declared_hash_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(reference_prose.DATASET, files={"paragraphs.txt": "0" * 64})
    monkeypatch.setattr(reference_prose, "DATASET", changed)
    with pytest.raises(RunError, match="sha256 0000"):
        reference_prose.load()
