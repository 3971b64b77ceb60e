"""Data sets are verified before a byte is used."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from bifolio.authoring import Dataset, verified_bytes
from bifolio.errors import RunError

DATASET = Dataset("words", "2", "here", "none", "2 words", {"words.txt": hashlib.sha256(b"two words").hexdigest()})


def test_the_declared_bytes_are_handed_over(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(b"two words")
    assert verified_bytes(DATASET, "words.txt", tmp_path / "w") == b"two words"


def test_other_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(b"three words")
    with pytest.raises(RunError) as caught:
        verified_bytes(DATASET, "words.txt", tmp_path / "w")
    assert str(caught.value) == (
        f"{tmp_path / 'w'}: words.txt is not version 2 of the data set words\n"
        f"  found:    sha256 {hashlib.sha256(b'three words').hexdigest()}\n"
        f"  expected: sha256 {hashlib.sha256(b'two words').hexdigest()}"
    )


def test_a_file_that_is_absent_or_not_declared_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be read: No such file or directory"):
        verified_bytes(DATASET, "words.txt", tmp_path / "none")
    with pytest.raises(RunError, match=r"declares no such file\n  found:    word\.txt\n  .*\n  nearest:  words\.txt"):
        verified_bytes(DATASET, "word.txt", tmp_path / "none")
