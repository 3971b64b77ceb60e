"""Numbers, words and untrusted text in a language."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from pathlib import Path

import markdown
import pytest
from babel.numbers import parse_decimal
from bifolio.errors import ChapterError
from bifolio.formats.language import Language, load_language
from bifolio.formats.numbers import (
    SPACE,
    format_bytes,
    format_date,
    format_duration,
    format_estimate,
    format_mean,
    format_number,
    format_range,
    interval_decimals,
)
from bifolio.markdown.escaping import escape, escape_attribute, fence, visible
from bifolio.statistics import Estimate
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

EN = load_language("en", Path("nowhere"))
ZH = load_language("zh", Path("nowhere"))
DE = Language("de", {"locale": "de_DE"}, "words.de.toml")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
HOSTILE = st.lists(
    st.sampled_from([*"*_`[](){}<>#|\\!&~$^=+-.:;'\"@%/? \n\t0aé汉", "{{", "{%", "    ", "1. ", "http://a.b", "&amp;"]),
    min_size=1,
    max_size=25,
).map("".join)
PYTHON_MARKDOWN = markdown.Markdown(
    extensions=[
        "attr_list",
        "md_in_html",
        "tables",
        "footnotes",
        "admonition",
        "def_list",
        "abbr",
        "pymdownx.superfences",
    ]
)
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


def plain(text: str) -> str:
    """Write ordinary spaces, so that expectations can be read."""
    return text.replace("\u00a0", " ")


def estimate(mean: float, half_width: float | None, count: int = 5) -> Estimate:
    return Estimate(mean, half_width, count, mean, mean)


@pytest.mark.parametrize(
    ("mean", "half_width", "expected"),
    [
        (97.23456, 0.5678, "97.2 ± 0.6 %"),
        (97.23456, 0.1234, "97.23 ± 0.12 %"),
        (97.23456, 0.096, "97.23 ± 0.10 %"),
        (1840.4, 120.9, "1,840 ± 120 %"),
        (1840.4, 35.0, "1,840 ± 40 %"),
        (0.3, 0.3, "0.3 ± 0.3 %"),
        (-0.04, 0.3, "0.0 ± 0.3 %"),
        (-2.5, 0.3, "−2.5 ± 0.3 %"),
        (2.5e-7, 3e-8, "(2.5 ± 0.3) × 10⁻⁷ %"),
        (44.44444444, 2e-14, "44.44 ± 0 %"),
        (1797.0, None, "1,797 %"),
        (0.123456, None, "0.1235 %"),
    ],
)
def test_an_estimate_is_rounded_to_its_interval(mean: float, half_width: float | None, expected: str) -> None:
    assert plain(format_estimate(EN, estimate(mean, half_width), "%")) == expected


def test_numbers_follow_the_language() -> None:
    assert plain(format_estimate(DE, estimate(1234.56, 1.9), "s")) == "1.234,6 ± 1,9 s"
    assert plain(format_estimate(ZH, estimate(1234.56, 1.9), "s")) == "1,234.6 ± 1.9 秒"
    assert format_mean(EN, estimate(97.23456, 0.5678)) == "97.2"
    assert plain(format_range(EN, estimate(97.23456, 0.5678), 96.6, 97.8, "%")) == "96.6–97.8 %"


@pytest.mark.parametrize(
    ("number", "decimals", "expected"),
    [
        (0.05, None, "0.05"),
        (12345.678, None, "12,346"),
        (3.0, None, "3"),
        (2.34567, None, "2.346"),
        (0.00001234, None, "1.234 × 10⁻⁵"),
        (2.34567, 1, "2.3"),
        (-1234567, None, "−1,234,567"),
        (0, None, "0"),
    ],
)
def test_numbers_without_an_interval(number: float, decimals: int | None, expected: str) -> None:
    assert plain(format_number(EN, number, decimals)) == expected


@given(st.floats(1e-9, 1e9))
def test_a_half_width_keeps_one_or_two_digits(half_width: float) -> None:
    digits = f"{round(half_width, interval_decimals(half_width)):e}".partition("e")[0].replace(".", "").rstrip("0")
    assert 1 <= len(digits) <= 2
    assert round(half_width, interval_decimals(half_width)) == pytest.approx(half_width, rel=0.34)


def read_back(text: str, language: Language) -> Decimal:
    """Return the number that a reader of the language reads."""
    mantissa, _, exponent = text.partition(f"{SPACE}×{SPACE}10")
    number = parse_decimal(mantissa.replace("\u2212", "-"), locale=language.locale, strict=True)
    return number * Decimal(10) ** int(exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


numbers = st.floats(-1e15, 1e15, allow_nan=False).filter(lambda number: number == 0 or abs(number) > 1e-300)
languages = st.sampled_from([EN, ZH, DE])


@given(numbers, languages, st.integers(2, 6))
def test_what_is_read_is_what_was_measured(number: float, language: Language, significant: int) -> None:
    shown = read_back(format_number(language, number, significant=significant), language)
    assert abs(shown - Decimal(number)) <= abs(Decimal(number)) * Decimal(10) ** (1 - significant) / 2 * Decimal("1.01")


@given(st.integers(-(10**15), 10**15), languages)
def test_whole_numbers_are_shown_whole(number: int, language: Language) -> None:
    assert read_back(format_number(language, number), language) == number


@given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e6), languages)
def test_mean_and_half_width_are_rounded_alike(mean: float, half_width: float, language: Language) -> None:
    sides = format_estimate(language, estimate(mean, half_width)).split(f"{SPACE}±{SPACE}")
    if half_width <= 1e-12 * mean:
        return
    unit = Decimal(10) ** -interval_decimals(half_width)
    for shown, exact in zip(sides, (mean, half_width), strict=True):
        assert abs(read_back(shown, language) - Decimal(exact)) <= unit / 2 * Decimal("1.01")
        assert read_back(shown, language) % unit == 0


def test_dates_durations_and_sizes() -> None:
    assert format_date(ZH, "2026-11-22T01:02:03Z") == "2026年11月22日"
    assert format_date(EN, "2026-11-22T01:02:03Z") == "November 22, 2026"
    assert format_date(EN, "<b>") == "<b>"
    assert [format_duration(EN, seconds) for seconds in (0.042, 4.21, 42.3, 252, 7260)] == [
        "0.042 sec",
        "4.2 sec",
        "42 sec",
        "4 min 12 sec",
        "2 hr 1 min",
    ]
    assert [format_bytes(EN, size) for size in (12, 18_400_000, 1_250_000_000)] == ["12 byte", "18 MB", "1.2 GB"]


def test_the_package_says_the_same_things_in_every_language() -> None:
    optional = ("unit.", "number.", "punctuation.", "question.")  # what not every language has
    tiny = load_language("de", Path(__file__).parent / "tiny_report" / "templates")
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


def shown(page: str) -> str:
    """Return the text that a browser shows of a page with one paragraph or cell."""
    return html.unescape(re.sub(r"<[^>]*>", "", page)).strip("\n")


@given(TEXT | HOSTILE)
def test_escaped_text_is_literal_in_both_markdowns(text: str) -> None:
    for wrapped in (escape(text), f"before {escape(text)} after"):
        expected = html.unescape(wrapped)
        assert shown(PYTHON_MARKDOWN.reset().convert(wrapped)) == expected
        assert shown(COMMONMARK.render(wrapped)) == expected
    assert html.unescape(escape(text)) == visible(text)


@given(HOSTILE)
def test_escaped_text_makes_no_element(text: str) -> None:
    paragraph = f'<span class="bf-text">{escape(text)}</span>'
    boxed = f'<div class="bf-sample" markdown="1">\n\n{paragraph}\n\n</div>'
    assert re.findall(r"<(\w+)", PYTHON_MARKDOWN.reset().convert(boxed)) == ["div", "p", "span"]
    assert re.findall(r"<(\w+)", COMMONMARK.render(boxed)) == ["div", "p", "span"]
    table = f"| a | b |\n| --- | --- |\n| {escape(text)} | x |"
    for page in (PYTHON_MARKDOWN.reset().convert(table), COMMONMARK.render(table)):
        assert re.findall(r"<(\w+)", page) == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]


@given(HOSTILE)
def test_a_title_cannot_leave_its_link(text: str) -> None:
    link = f'[x](y.md "{escape_attribute(text)}")'
    for page in (PYTHON_MARKDOWN.reset().convert(link), COMMONMARK.render(link)):
        assert re.findall(r"<(\w+)", page) == ["p", "a"]


def test_nothing_hides_in_a_text() -> None:
    assert visible("a\r\nb\tc\x00d\u202ee") == "a⏎b␉c␀d⟨U+202E⟩e"


@given(TEXT | st.text("`\n a", max_size=20))
def test_a_fence_holds_any_code(code: str) -> None:
    tokens = COMMONMARK.parse(fence(visible(code).replace("⏎", "\n")))
    assert [token.type for token in tokens] == ["fence"]
