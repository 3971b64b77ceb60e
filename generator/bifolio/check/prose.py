"""Rules about sentences: numbers that look measured and are typed, punctuation that a language does not use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bifolio.chapters.templates.source import Piece, Template
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.markdown.prose import COVER

_AROUND = 24
_NUMBER = rf"(?<![A-Za-z0-9_.,/\\{COVER}])(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d|\.\d)"
_SPACE = "[ \u00a0\u202f]?"
_BEFORE = re.compile(r"[^.!?:。！？：\s|*>-][ \u00a0][A-Z][\w+#-]*[ \u00a0]$|[A-Za-z]-?$")
"""A name, as in `Python 3.11` or `GPT-3.5`, that does not open a sentence: then a number from 1 is a version."""


def typed_numbers(subject: Subject) -> Iterator[Finding]:
    """Yield numbers in prose that look measured and are no references."""
    for template in subject.templates:
        words = subject.words.get(template.language, {})
        pattern, exempt, before = _patterns(words)

        def look(template: Template = template, patterns: Any = (pattern, exempt, before)) -> Any:
            return [found for piece in template.pieces() for found in _numbers(piece, *patterns)]

        decides = "\0".join([pattern.pattern, exempt, before, template.text])
        for line, found in subject.memo.recall("typed-number", decides, look):
            expected = 'a reference to a result, or {{ constant(…, source="…") }} for what was not measured here'
            yield Finding("typed-number", template.file, line, template.language, found, expected)


def punctuation(subject: Subject) -> Iterator[Finding]:
    """Yield what a language's own rules of punctuation, in its words, do not allow."""
    for template in subject.templates:
        words = subject.words.get(template.language, {})
        rules = {
            key.removeprefix("punctuation."): rule for key, rule in words.items() if key.startswith("punctuation.")
        }

        def look(template: Template = template, rules: Mapping[str, str] = rules) -> Any:
            return [found for piece in template.pieces() for found in _marks(piece, rules)]

        for line, found, expected in subject.memo.recall(
            "punctuation", f"{sorted(rules.items())}{template.text}", look
        ):
            yield Finding("punctuation", template.file, line, template.language, found, expected)


def _patterns(words: Mapping[str, str]) -> tuple[re.Pattern[str], str, str]:
    """Return what a number looks like, what is exempt whole, and what may stand before a number that counts things."""
    percent, times = (words.get(f"number.{name}", "") for name in ("percent", "times"))
    unit = rf"(?P<unit>{_SPACE}(?:%|‰|％{f'|{percent}' if percent else ''}))?"
    factor = rf"(?P<times>{_SPACE}(?:×(?!{_SPACE}\d){f'|{times}' if times else ''}))?"
    return re.compile(_NUMBER + unit + factor), words.get("number.convention", ""), words.get("number.counting", "")


def _numbers(piece: Piece, pattern: re.Pattern[str], exempt: str, counting: str) -> Iterator[tuple[int, str]]:
    text = re.sub(exempt, lambda match: COVER * len(match[0]), piece.text) if exempt else piece.text
    for match in pattern.finditer(text):
        measured = match["unit"] or match["times"]
        if not measured and ("." not in match["number"] or _is_name(text[: match.start()], match["number"], counting)):
            continue
        start, end = max(0, match.start() - _AROUND), match.end() + _AROUND
        yield piece.line + text.count("\n", 0, match.start()), _excerpt(piece.text, start, end)


def _is_name(before: str, number: str, counting: str) -> bool:
    """Tell whether a plain decimal is a version or the number of a section."""
    line = before[-80:].replace("\n", " ")
    if counting and re.search(rf"(?:{counting})[ \u00a0]?$", line, re.IGNORECASE):
        return True
    return not number.startswith("0.") and _BEFORE.search(line) is not None


def _marks(piece: Piece, rules: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    for expected, rule in rules.items():
        if expected == "pairs":
            yield from _pairs(piece, rule)
            continue
        for match in re.finditer(rule, piece.text):
            start, end = max(0, match.start() - _AROUND // 2), match.end() + _AROUND // 2
            yield piece.line + piece.text.count("\n", 0, match.start()), _excerpt(piece.text, start, end), expected


def _pairs(piece: Piece, pairs: str) -> Iterator[tuple[int, str, str]]:
    """Yield the first mark of a paragraph that lacks its partner; `pairs` names opening and closing marks in turn."""
    closing = dict(zip(pairs[::2], pairs[1::2], strict=False))
    opened: list[tuple[str, int]] = []
    for place, mark in enumerate(piece.text):
        if mark in closing:
            opened.append((mark, place))
        elif mark in closing.values():
            if not opened or closing[opened[-1][0]] != mark:
                opened.append((mark, place))
                break
            opened.pop()
    if opened:
        mark, place = opened[-1]
        expected = f"{closing[mark]} after it" if mark in closing else "its opening mark before it"
        yield piece.line + piece.text.count("\n", 0, place), _excerpt(piece.text, place, place + _AROUND), expected


def _excerpt(text: str, start: int, end: int) -> str:
    """Return a part of a text on one line; what is covered shows as a dot."""
    shown = re.sub(rf"{COVER}+", "…", " ".join(text[start:end].split()))
    return f"{'…' if start else ''}{shown}{'…' if end < len(text) else ''}".replace("……", "…")
