"""A memo: what is recalled, what is forgotten, and that nothing depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bifolio.memo import Memo


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file of a memo that knows one answer."""
    memo = Memo(tmp_path / ".cache" / "answers.json", "programs")
    assert memo.recall("sum", "1 + 1", lambda: (2, "zwei")) == [2, "zwei"]
    memo.keep()
    return tmp_path / ".cache" / "answers.json"


def looked(memo: Memo, text: str = "1 + 1") -> bool:
    """Tell whether a memo had to look."""
    calls: list[str] = []
    memo.recall("sum", text, lambda: calls.append(text))
    return bool(calls)


def test_what_was_found_is_recalled_by_kind_and_text(file: Path) -> None:
    assert not looked(Memo(file, "programs"))
    assert looked(Memo(file, "programs"), "1 + 2")
    assert Memo(file, "programs").recall("product", "1 + 1", lambda: 1) == 1


def test_other_programs_recall_nothing(file: Path) -> None:
    assert looked(Memo(file, "other programs"))


def test_a_byte_that_changed_is_noticed_wherever_it_stands(file: Path) -> None:
    good = file.read_bytes()
    for place in range(len(good)):
        file.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        assert Memo(file, "programs").known == {}
    for damaged in (b"", b"{", b"\xff\xfe", b"[]\n[]", good[:-1], good + b" "):
        file.write_bytes(damaged)
        assert Memo(file, "programs").known == {}
    file.write_bytes(good)
    assert not looked(Memo(file, "programs"))


def test_what_was_not_recalled_is_forgotten_but_for_some(file: Path) -> None:
    memo = Memo(file, "programs")
    for number in range(3):
        assert looked(memo, f"{number}")
    memo.keep(unused=1)
    memo = Memo(file, "programs")
    assert not looked(memo) and not looked(memo, "2")
    memo.keep()
    assert len(Memo(file, "programs").known) == 2


def test_what_cannot_be_written_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / ".cache").write_text("a file where the folder would be: it stops even those who may write everywhere")
    memo = Memo(tmp_path / ".cache" / "answers.json", "programs")
    assert looked(memo)
    memo.keep()
    assert looked(Memo(tmp_path / ".cache" / "answers.json", "programs"))
