"""The rule that every mark of emphasis, code or a formula has its partner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from bifolio.chapters.templates.source import Template
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.markdown.reading import read

_EXPECTED: Mapping[str, str] = {
    "*": "the same mark at the other end of the words, or \\* for the sign itself",
    "`": "the same mark at the other end of the code, or \\` for the sign itself",
    "$": "$ at the other end of the formula, or \\$ for the sign itself, as in prices",
}
_AROUND = 16


def unclosed_marks(subject: Subject) -> Iterator[Finding]:
    """Yield the marks that open or close nothing, in the text and in what macros are given."""
    for template in subject.templates:
        for line, found, expected in subject.memo.recall("marks", template.text, partial(_look, template)):
            yield Finding("unclosed-mark", template.file, line, template.language, found, expected)


def _look(template: Template) -> list[tuple[int, str, str]]:
    found = list(_marks(1, template.literal))
    for line, text in template.strings():
        found += _marks(line, text)
    return found


def _marks(first: int, text: str) -> Iterator[tuple[int, str, str]]:
    for loose in read(text).loose:
        start, end = max(0, loose.start - _AROUND // 2), loose.end + _AROUND
        words = " ".join(text[start:end].split())
        yield first - 1 + loose.line, f"{loose.mark} that has no partner: {words}", _EXPECTED[loose.mark[0]]
