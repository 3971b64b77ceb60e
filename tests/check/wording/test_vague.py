"""Numbers told as measurements in claims whose conditions are only bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from bifolio.chapters.templates.source import Template
from bifolio.check import check
from bifolio.check.wording.vague import vague_in
from bifolio.errors import ChapterError
from bifolio.formats.language import load_language
from bifolio.project import Project

from tests.check.conftest import edit, only

LOSS = "a.x < a.y - 30"


def told(language: str, sentence: str, condition: str = LOSS, kind: str = "claim") -> list[str]:
    """Return the words that are found in a sentence, in the order of the patterns."""
    after = " " if kind == "claim" else "\n\n"
    text = f"Before.\n\n{{% {kind} {condition} %}}{sentence}{{% end{kind} %}}{after}After, about thirty, 三十多。\n"
    words = load_language(language, Path("nowhere")).words
    return [
        found.split("”")[0].lstrip("“") for _, found, _ in vague_in(Template(language, "page", "p.md", text), words)
    ]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("准确率掉了三十多个百分点。", "三十多"),
        ("高出 30 多个百分点。", "30 多"),
        ("高出一百二十余个百分点。", "一百二十余"),
        ("快了三倍多。", "三倍多"),
        ("近四十个百分点没了。", "近四十"),
        ("占百分之四十左右，接近百分之四十。", "接近百分之四十"),
        ("约两倍于对手。", "约两倍"),
        ("大约一半的图认错了。", "大约一半"),
        ("掉了十几个点。", "十几"),
        ("快了几十倍。", "几十"),
        ("快了好几倍。", "好几"),
        ("准确率翻倍。", "翻倍"),
        ("损失翻了一番。", "翻了一番"),
        ("认错的占一半以上。", "一半以上"),
        ("过半的图认错了。", "过半"),
        ("高出三十个百分点左右。", "三十个百分点左右"),
        ("掉了**三十多**个百分点。", "三十多"),
    ],
)
def test_chinese_numbers_that_read_as_measured(sentence: str, found: str) -> None:
    assert found in told("zh", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "第一个网络比第二个好，一个一个地看也是。",
        "掉了三十个百分点以上，超过三十个百分点。",
        "把一半的图拿走，另一半留下。",
        "大多数图、多数类、许多字和更多的数据都一样。",
        "最近一次训练统一多用了十步。",
        "几乎一样，也差不多一样多样。",
        "它接近一条直线，附近十个点也在上面。",
        "半径过半径的圆，几何、几率、余弦、函数都算。",
        "每翻一番就少一些；规模翻倍后也是。",
        "多半是巧合，左右两侧都有。",
        "条约十条，合约百份；步数十分稳定。",
        "约为 1 的梯度，`三十多` 与 $三十多$ 不算。",
        "高出约 {{ a.x }} 个百分点。",
    ],
)
def test_chinese_words_that_are_fine(sentence: str) -> None:
    assert told("zh", sentence) == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Over thirty points are gone.", "Over thirty"),
        ("It loses about half of them.", "about half"),
        ("It is nearly twice as slow.", "nearly twice"),
        ("It more than doubled the loss.", "more than doubled"),
        ("The loss doubled.", "doubled"),
        ("It halves the loss.", "halves the"),
        ("Some thirty points are gone.", "Some thirty"),
        ("Thirty-odd points are gone.", "Thirty-odd"),
        ("Almost a third\n  is lost.", "Almost a third"),
        ("It is several times slower.", "several times"),
        ("Roughly 30 points are lost.", "Roughly 30"),
        ("It falls by around five points.", "around five points"),
        ("Close to 9 % are wrong.", "Close to 9 %"),
        ("More than half are wrong.", "More than half"),
        ("It is more than double.", "more than double"),
    ],
)
def test_english_numbers_that_read_as_measured(sentence: str, found: str) -> None:
    assert told("en", sentence) == [found]


@pytest.mark.parametrize(
    "sentence",
    [
        "More than thirty points of accuracy are gone, less than forty.",
        "The first one, a half of it, half of the images and one of them.",
        "Over ten steps, over 30 epochs and averaged over twenty, with gradients of size about 1, it is worse.",
        "Two halves belong together in double precision.",
        "When the size doubled, it lost more.",
        "It is about as varied as that one, and almost all of them are close to it.",
        "It falls by about {{ a.x }} points; `about thirty` and $about thirty$ are none.",
        "It looks over the two of them, around it and about what it is about.",
    ],
)
def test_english_words_that_are_fine(sentence: str) -> None:
    assert told("en", sentence) == []


@pytest.mark.parametrize(
    ("condition", "kind", "count"),
    [
        ("a.x < a.y", "claim", 1),
        ("a.x_2 >= a.config.rate_50", "claim", 1),
        ("a.x within 0.4..0.6", "claim", 0),
        ("a.x ≈ 50 by 5", "claim", 0),
        ("a.x ~= 50 by 5", "claim", 0),
        ('expected="not supported" if=a.x > a.y', "statement", 1),
        ('expected="holds only if" if=a.x > a.y only=a.x > a.z', "statement", 1),
        ('expected="fails" source="within, p. 3" if=a.x > a.y', "statement", 1),
        ('expected="cannot be tested here" because="a > b"', "statement", 0),
    ],
)
def test_only_a_bound_does_not_bear_it_out(condition: str, kind: str, count: int) -> None:
    assert len(told("en", "It is about half.", condition, kind)) == count
    assert len(told("zh", "约一半。", condition, kind)) == count


@pytest.mark.parametrize(("condition", "count"), [("a.x > a.y / 2", 0), ("a.x > 50", 0), ("a.x > a.y_50", 1)])
def test_a_bound_in_words_is_that_of_the_condition(condition: str, count: int) -> None:
    assert len(told("en", "It is more than half.", condition)) == count
    assert len(told("zh", "占一半以上。", condition)) == count


def test_the_finding_has_its_own_line(edited: Project) -> None:
    edit(
        edited.templates / "pages/chance/en.md",
        "A bent coin lands on heads",
        "A bent coin,\nit seems, nearly twice as often lands on heads",
    )
    (finding,) = only(edited, "vague-number")
    line = (edited.templates / "pages/chance/en.md").read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert (finding.file, finding.edition) == ("templates/pages/chance/en.md", "en") and "nearly twice" in line
    assert finding.found.startswith("“nearly twice” in “") and "coins.fair.heads < coins.bent.heads" in finding.found
    assert finding.expected.startswith("a reference to what was measured")


def test_another_language_brings_its_own_words(edited: Project) -> None:
    words = edited.templates / "words.de.toml"
    edit(edited.templates / "pages/chance/de.md", "zeigt öfter Kopf", "zeigt fast doppelt so oft Kopf")
    assert only(edited, "vague-number") == []
    text = words.read_text(encoding="utf-8")
    words.write_text(
        f'{text}\n[numeral]\nmany = "doppelt|dreifach"\n[vague]\n"about so much" = "fast <many>"\n', encoding="utf-8"
    )
    assert [finding.edition for finding in only(edited, "vague-number")] == ["de"]
    words.write_text(f'{text}\n[vague]\n"about so much" = "fast (doppelt"\n', encoding="utf-8")
    broken = [finding for finding in check(edited) if "pattern" in finding.found]
    assert [finding.file for finding in broken] == ["templates/words.de.toml"]


def test_a_pattern_that_is_none() -> None:
    with pytest.raises(ChapterError, match="a pattern of the language is none"):
        list(vague_in(Template("en", "page", "p.md", ""), {"vague.x": "("}))
