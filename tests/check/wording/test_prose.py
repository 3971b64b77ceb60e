"""Numbers that look measured, and punctuation."""

from __future__ import annotations

import pytest
from bifolio.project import Project

from tests.check.conftest import add, only


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("An accuracy of 93.7 was seen.", "93.7"),
        ("It reached 97 % at last.", "97 %"),
        ("It reached 97\u00a0% at last.", "97 %"),
        ("It is 12 times as fast.", "12 times"),
        ("It is 4× faster.", "4×"),
        ("It fell by 5 percent.", "5 percent"),
        ("With Adam 0.93, without it 0.91.", "0.93"),
        ("A loss of 1,234.5 nats.", "1,234.5"),
        ("| model | score |\n|---|---|\n| ours | 0.87 |", "0.87"),
        ('{{ figure({"a": dice.fair.mean}, title="Up to 3.7 at best.", caption="x") }}', "3.7"),
        ('{{ constant(3, source="x") }} and 2.5', "2.5"),
    ],
)
def test_a_number_that_looks_measured(edited: Project, text: str, number: str) -> None:
    add(edited.templates / "pages/index/en.md", text)
    found = only(edited, "typed-number")
    assert [(finding.file, finding.edition) for finding in found][:1] == [("templates/pages/index/en.md", "en")]
    assert any(number.replace("\u00a0", " ") in finding.found.replace("\u00a0", " ") for finding in found)
    lines = (edited.templates / "pages/index/en.md").read_text(encoding="utf-8").splitlines()
    assert any(number.partition(" ")[0].partition("\u00a0")[0] in lines[finding.line - 1] for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        "In 1948 there were 12 of them, 1,797 in all, 8×8 pixels, split 80/10/10.",
        "Run it with Python 3.11, GPT-3.5 or version 2.5; release 1.2.3 is older.",
        "See section 2.1, Figure 3.2 and p. 4.5.",
        "Use `--rate 0.5` and $x = 0.5$.",
        "```\n0.5\n```",
        "The band is a 95 % interval; a 99 % confidence interval is wider.",
        '{{ constant(93.7, unit="%", source="somebody, p. 3.5") }}',
        "{{ dice.fair.mean }} and {{ 100 * 0.5 }}",
        "[words](a-0.5.md)",
    ],
)
def test_a_number_that_is_none_or_not_measured(edited: Project, text: str) -> None:
    add(edited.templates / "pages/index/en.md", text)
    assert only(edited, "typed-number") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("快了 3.5 倍。", 1), ("快了3倍。", 1), ("准确率为93.7%。", 1), ("第 2.1 节，95 % 区间，2024 年。", 0)],
)
def test_the_words_for_it_are_the_languages(edited: Project, text: str, found: int) -> None:
    add(edited.templates / "pages/index/zh.md", text)
    assert len(only(edited, "typed-number")) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("中文,中文", "full-width marks between Chinese characters"),
        ("中文:中文", "full-width marks between Chinese characters"),
        ("为什么?", "full-width marks after Chinese characters"),
        ("中文(注)中文", "full-width parentheses around Chinese characters"),
        ("中文 中文", "no space or line end between Chinese characters"),
        ("中文\n中文", "no space or line end between Chinese characters"),
        ("中文 ，中文", "no space before full-width marks"),
        ("他说“好。", "” after it"),
        ("他说好”。", "its opening mark before it"),
        ("（他说“好）”。", "its opening mark before it"),
        ('{{ figure({"a": dice.fair.mean}, title="中文,中文", caption="x") }}', "full-width marks between Chinese"),
    ],
)
def test_punctuation_that_is_not_chinese(edited: Project, text: str, expected: str) -> None:
    add(edited.templates / "pages/index/zh.md", text)
    found = only(edited, "punctuation")
    assert found and found[0].expected.startswith(expected)
    assert {(finding.file, finding.edition) for finding in found} == {("templates/pages/index/zh.md", "zh")}


@pytest.mark.parametrize(
    "text",
    [
        "中文，English, 中文：a:b（注）。“引‘中’文”《书》。",
        "- 一项\n- 二项\n\n**强调。** 后面。",
        "`中文,中文` 与 {{ dice.fair.mean }} 和 $a, b$。",
        "| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |",
        "中文[链接](index.md)中文",
    ],
)
def test_punctuation_that_is_chinese(edited: Project, text: str) -> None:
    add(edited.templates / "pages/index/zh.md", text)
    assert only(edited, "punctuation") == []


def test_other_languages_have_other_rules(edited: Project) -> None:
    add(edited.templates / "pages/index/en.md", "中文,中文")
    assert only(edited, "punctuation") == []
    with open(edited.templates / "words.de.toml", "a", encoding="utf-8") as words:
        words.write('\n[punctuation]\n"no space before !" = " !"\n')
    add(edited.templates / "pages/index/de.md", "Ja !")
    (finding,) = only(edited, "punctuation")
    assert (finding.file, finding.expected) == ("templates/pages/index/de.md", "no space before !")


def test_markdown_outside_the_subset_is_found_in_its_template(edited: Project) -> None:
    assert only(edited, "forbidden-markdown") == []
    add(edited.templates / "pages/index/en.md", "Text:\n- one")
    (finding,) = only(edited, "forbidden-markdown")
    assert (finding.file, finding.line, finding.edition) == ("templates/pages/index/en.md", 10, "en")
    assert finding.found == "a list without a blank line before it: - one"
