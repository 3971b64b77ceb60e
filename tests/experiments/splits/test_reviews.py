"""Characters become tokens and back; nothing of the test part is in the vocabulary."""

from __future__ import annotations

from pathlib import Path

from experiments.splits.reviews import (
    SEPARATOR,
    UNKNOWN,
    Vocabulary,
    build_vocabulary,
    load_vocabulary,
    save_vocabulary,
)


def test_only_the_commonest_characters_are_known() -> None:
    vocabulary = build_vocabulary(["好好", "好坏"], size=3)
    assert vocabulary.characters == ("[SEP]", "[UNK]", "好")
    assert vocabulary.encode("好坏书") == [2, UNKNOWN, UNKNOWN]


def test_text_of_known_characters_survives_the_way_there_and_back() -> None:
    vocabulary = build_vocabulary(["房间很好。"], size=99)
    assert vocabulary.decode(vocabulary.encode("很好房间")) == "很好房间"


def test_a_stream_has_a_separator_before_between_and_after() -> None:
    vocabulary = Vocabulary(("[SEP]", "[UNK]", "a", "b"))
    assert vocabulary.stream(["ab", "b"]).tolist() == [SEPARATOR, 2, 3, SEPARATOR, 3, SEPARATOR]


def test_a_vocabulary_is_the_same_after_it_was_stored(tmp_path: Path) -> None:
    vocabulary = build_vocabulary(['好"\\\n坏 '], size=99)
    save_vocabulary(vocabulary, tmp_path)
    assert load_vocabulary(tmp_path) == vocabulary
