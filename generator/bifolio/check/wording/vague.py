"""A rule about what claims say: no number that reads as a measurement where the condition has only a bound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bifolio.chapters.templates.source import Sentence, Template
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.errors import ChapterError
from bifolio.markdown.prose import COVER

_AROUND = 16
_ATTRIBUTE = re.compile(r'\b[a-z_]+\s*=(?!=)(?:\s*"[^"]*")?')
"""What a statement's tag names, with what stands there in quotation marks."""
_TWO_SIDED = re.compile(r"≈|~=|\bwithin\b")
_BOUND = re.compile(r"[<>]")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_TOLD = "told"
"""The group of a pattern that is meant, where the rest of it is only passed over."""


@dataclass(frozen=True)
class _Pattern:
    """A way of telling a number; `numbers` are those of which the condition must have one, none that excuses it."""

    kind: str
    looks: re.Pattern[str]
    numbers: frozenset[float]

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        group: str | int = _TOLD if _TOLD in self.looks.groupindex else 0
        for match in self.looks.finditer(text):
            if match[group]:
                yield match.span(group)


def vague_numbers(subject: Subject) -> Iterator[Finding]:
    """Yield the numbers told vaguely in sentences whose condition is only a bound, by the patterns of each language.

    A condition with two sides, `within` or `≈`, bears such words out.
    """
    for template in subject.templates:
        words = subject.words.get(template.language, {})
        said = {key: word for key, word in words.items() if key.startswith(("vague.", "numeral.", "bound."))}
        decides = f"{sorted(said.items())}{template.text}"
        look = partial(_look, template, said)
        for line, found, expected in subject.memo.recall("vague-number", decides, look) if said else ():
            yield Finding("vague-number", template.file, line, template.language, found, expected)


def _look(template: Template, said: Mapping[str, str]) -> Any:
    return list(vague_in(template, said))


def vague_in(template: Template, words: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    """Yield line, what was found and what is expected; raise ChapterError for a pattern that is none."""
    patterns = _patterns(words, f"templates/words.{template.language}.toml")
    for sentence in template.sentences():
        yield from _told(sentence, patterns)


def _patterns(said: Mapping[str, str], file: str) -> list[_Pattern]:
    """Return a language's patterns, the names of its numerals filled in; raise ChapterError for one that is none."""
    numerals = {
        f"<{key.removeprefix('numeral.')}>": f"(?:{word})" for key, word in said.items() if key.startswith("numeral.")
    }
    found = []
    for key, word in said.items():
        table, _, kind = key.partition(".")
        if table not in ("vague", "bound"):
            continue
        for name, numeral in numerals.items():
            word = word.replace(name, numeral)
        numbers = frozenset(map(float, _NUMBER.findall(kind))) if table == "bound" else frozenset[float]()
        try:
            found.append(_Pattern(kind, re.compile(word, re.IGNORECASE), numbers))
        except re.error as error:
            raise ChapterError("a pattern of the language is none", file=file, found=key, expected=str(error)) from None
    return found


def _told(sentence: Sentence, patterns: list[_Pattern]) -> Iterator[tuple[int, str, str]]:
    """Yield line, words and what is expected for each vague number of a sentence, if its condition is a bound."""
    condition = " ".join(_ATTRIBUTE.sub(" ", sentence.said).split())
    if _TWO_SIDED.search(condition) or not _BOUND.search(condition):
        return
    held = set(map(float, _NUMBER.findall(condition)))
    text, lines = _on_one_line(sentence)
    told: list[tuple[int, int]] = []
    for pattern in patterns:
        for start, end in () if held & pattern.numbers else pattern.places(text):
            if any(start < last and first < end for first, last in told):
                continue  # said already, in other words
            told.append((start, end))
            excerpt = text[max(0, start - _AROUND) : end + _AROUND].replace(COVER, "…").strip()
            yield lines[start], f"“{text[start:end]}” in “{excerpt}”; the condition is {condition}", _expected(pattern)


def _expected(pattern: _Pattern) -> str:
    if pattern.numbers:
        numbers = " or ".join(f"{number:g}" for number in sorted(pattern.numbers))
        return f"a bound that the condition has ({numbers}), or a reference to what was measured"
    return f"a reference to what was measured, or a bound as the condition has it; this reads as {pattern.kind}"


def _on_one_line(sentence: Sentence) -> tuple[str, list[int]]:
    """Return a sentence without line ends, and the line of each of its characters."""
    parts: list[str] = []
    lines: list[int] = []
    line = sentence.line
    for match in re.finditer(r"\s+|\S+", sentence.text):
        part = " " if match[0].isspace() else match[0]
        parts.append(part)
        lines += [line] * len(part)
        line += match[0].count("\n")
    return "".join(parts), lines
