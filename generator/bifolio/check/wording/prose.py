"""Rules about sentences: numbers that look measured and are typed, punctuation that a language does not use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bifolio.chapters.templates.source import Piece, Template
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.check.wording.numbering import Numbering, numbering_of
from bifolio.markdown.prose import COVER

_AROUND = 24
_NUMBER = rf"(?<![A-Za-z0-9_.,/\\{COVER}])(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d|\.\d)"
_SPACE = "[ \u00a0\u202f]?"
_IDENTIFIER = re.compile(r"arxiv[:：]?\s?\d{4}\.\d{4,5}|(?<!\d)10\.\d{4,9}/\S+", re.IGNORECASE)
"""The name of a paper: what stands before a stroke in a DOI is no decimal."""


def typed_numbers(subject: Subject) -> Iterator[Finding]:
    """Yield numbers in prose that look measured and are no references."""
    for template in subject.templates:
        words = subject.words.get(template.language, {})

        def look(template: Template = template, words: Mapping[str, str] = words) -> Any:
            pattern, exempt = _patterns(words)
            numbering = numbering_of(words, template.prose)
            return [found for piece in template.pieces() for found in _numbers(piece, pattern, exempt, numbering)]

        said = {key: word for key, word in words.items() if key.startswith("number.")}
        decides = f"{sorted(said.items())}{template.text}"
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


def _patterns(words: Mapping[str, str]) -> tuple[re.Pattern[str], str]:
    """Return what a number looks like, and what is exempt whole."""
    percent, times = (words.get(f"number.{name}", "") for name in ("percent", "times"))
    unit = rf"(?P<unit>{_SPACE}(?:%|‰|％{f'|{percent}' if percent else ''}))?"
    factor = rf"(?P<times>{_SPACE}(?:×(?!{_SPACE}\d){f'|{times}' if times else ''}))?"
    return re.compile(_NUMBER + unit + factor), words.get("number.convention", "")


def _numbers(piece: Piece, pattern: re.Pattern[str], exempt: str, numbering: Numbering) -> Iterator[tuple[int, str]]:
    text = _IDENTIFIER.sub(_covered, piece.text)
    text = re.sub(exempt, _covered, text) if exempt else text
    for match in pattern.finditer(text):
        measured = bool(match["unit"] or match["times"])
        if not measured and "." not in match["number"]:
            continue
        if numbering.counts(text, match.start("number"), match.end("number"), measured=measured):
            continue
        start, end = max(0, match.start() - _AROUND), match.end() + _AROUND
        yield piece.line + text.count("\n", 0, match.start()), _excerpt(piece.text, start, end)


def _covered(match: re.Match[str]) -> str:
    return COVER * len(match[0])


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
