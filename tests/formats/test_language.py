"""The words of a language: the same in all, and none that is missing goes unnoticed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bifolio.errors import ChapterError
from bifolio.formats.language import Language, load_language

EN = load_language("en", Path("nowhere"))
ZH = load_language("zh", Path("nowhere"))
DE = Language("de", {"locale": "de_DE", "literal.range": "{low} bis {high}"}, "words.de.toml")


def test_the_package_says_the_same_things_in_every_language() -> None:
    # What not every language has: its own units and punctuation, and its own ways of saying a number.
    optional = ("unit.", "number.", "punctuation.", "question.", "vague.", "numeral.", "bound.")
    tiny = load_language("de", Path(__file__).parents[1] / "tiny_report" / "templates")
    own, *others = ({key for key in one.words if not key.startswith(optional)} for one in (ZH, EN, tiny))
    assert others == [own, own]
    for key in own:
        fields = [set(re.findall(r"\{(\w+)\}", language.words[key])) for language in (ZH, EN, tiny)]
        assert fields[0] == fields[1] == fields[2], key


def test_a_missing_word_names_its_key(tmp_path: Path) -> None:
    (tmp_path / "words.nl.toml").write_text('[state]\nfresh = "vers"\nstale = "oud {x}"\n')
    dutch = load_language("nl", tmp_path)
    assert dutch.say("state.fresh") == "vers"
    with pytest.raises(ChapterError) as missing:
        dutch.say("state.fresch")
    assert (missing.value.expected, missing.value.nearest) == ("state.fresch", "state.fresh")
    with pytest.raises(ChapterError, match="a field that nobody fills in"):
        dutch.say("state.stale", y=1)
    with pytest.raises(ChapterError, match="has no words"):
        load_language("fr", tmp_path)
