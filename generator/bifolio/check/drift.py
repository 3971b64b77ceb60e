"""The rule that no paragraph changed in one edition alone since the editions were last seen to agree.

`templates/parity.lock` lists, for each page, the paragraphs that belong together, as one hash for each language.
Paragraphs are paired by their place in their section; where the editions of a section have different numbers of them,
the section is one pair. What is in the lock is known, whatever its place: so moving or inserting paragraphs in all
editions is no drift.
`bifolio build` adds the pairs that are new in every edition; `bifolio check --reviewed FILE` adds all of a page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bifolio.chapters.templates.source import Template
from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.errors import UnreadableError, UsageError, nearest_name
from bifolio.markdown.headings import find_paragraphs
from bifolio.project import Project
from bifolio.storage import parse_json, read_record, write_file

_RULE = "drift"
_LOCK = "parity.lock"
_VERSION = 1
_MEND = "the committed file, or either side of a merge, then `bifolio build`"

Pair = Mapping[str, str]
"""A language -> the hash of its paragraph."""


@dataclass(frozen=True)
class _Block:
    """A paragraph of one edition: the line it starts at, and the hash of its words."""

    line: int
    hash: str


@dataclass(frozen=True)
class _Unit:
    """What the editions have at one place; `known` tells for each language whether the lock has its words."""

    lines: Mapping[str, int]
    pair: Pair
    known: Mapping[str, bool]


def drift(subject: Subject) -> Iterator[Finding]:
    """Yield the paragraphs whose counterpart in another edition changed alone."""
    lock = _read(subject.project)
    for page in subject.pages:
        templates = subject.editions(page)
        for unit in _units(subject, templates, lock.get(page, ())):
            if _has_drifted(unit):
                yield from _findings(unit, templates)


def keep_agreement(project: Project) -> None:
    """Add to the lock the pairs that are new in every edition, and drop what stands nowhere any more."""
    subject = Subject(project)
    lock = _read(project)
    kept: dict[str, list[Pair]] = {}
    for page in subject.pages:
        units = list(_units(subject, subject.editions(page), lock.get(page, ())))
        agreed = [unit.pair for unit in units if not _has_drifted(unit)]
        if any(map(_has_drifted, units)):  # the old pairs are what tells that one side changed
            agreed += [pair for pair in lock.get(page, ()) if pair not in agreed]
        kept[page] = agreed
    _write(project, kept)


def review(project: Project, file: str) -> int:
    """Take the editions of a template's page as agreeing; return the number of pairs; raise UsageError."""
    subject = Subject(project)
    pages = {template.file: template.page for template in subject.templates}
    if file not in pages:
        raise UsageError(
            "no page is made from this file",
            found=file,
            expected="a template of a page, such as templates/pages/index/en.md",
            nearest=nearest_name(file, pages),
        )
    lock = dict(_read(project))
    pairs = [unit.pair for unit in _units(subject, subject.editions(pages[file]), ())]
    _write(project, {**lock, pages[file]: pairs})
    return len(pairs)


def _units(subject: Subject, templates: Mapping[str, Template], locked: Sequence[Pair]) -> Iterator[_Unit]:
    """Yield what belongs together in the editions of a page."""
    if len(templates) < 2:
        return
    editions = {language: _sections(subject, template) for language, template in templates.items()}
    words = {language: {pair.get(language) for pair in locked} for language in templates}
    first = next(iter(editions.values()))
    for section in first:
        if not all(section in sections for sections in editions.values()):
            continue  # heading-parity tells it
        columns = {language: sections[section] for language, sections in editions.items()}
        if len({len(column) for column in columns.values()}) == 1:
            for row in zip(*columns.values(), strict=True):
                pair = {language: one.hash for language, one in zip(columns, row, strict=True)}
                lines = {language: one.line for language, one in zip(columns, row, strict=True)}
                yield _Unit(lines, pair, _known(pair, pair, words, locked))
        else:
            pair = {language: _hash([one.hash for one in column]) for language, column in columns.items()}
            lines = {language: column[0].line for language, column in columns.items()}
            yield _Unit(lines, pair, _known_whole(pair, columns, words, locked))


def _known(
    pair: Pair, hashes: Pair, words: Mapping[str, set[str | None]], locked: Sequence[Pair]
) -> Mapping[str, bool]:
    if pair in locked:
        return dict.fromkeys(pair, True)
    known = {language: hashes[language] in words[language] for language in pair}
    return known if not all(known.values()) else {**known, next(iter(known)): False}  # partners were exchanged


def _known_whole(
    pair: Pair,
    columns: Mapping[str, Sequence[_Block]],
    words: Mapping[str, set[str | None]],
    locked: Sequence[Pair],
) -> Mapping[str, bool]:
    """Tell of a section with unequal numbers of paragraphs in which editions all of them are known."""
    if pair in locked:
        return dict.fromkeys(pair, True)
    if not any(one.hash in words[language] for language, column in columns.items() for one in column):
        return _known(pair, pair, words, locked)
    known = {language: all(one.hash in words[language] for one in column) for language, column in columns.items()}
    fewest = min(columns, key=lambda language: len(columns[language]))
    return known if not all(known.values()) else {**known, fewest: False}  # a paragraph was taken away there


def _has_drifted(unit: _Unit) -> bool:
    return len(set(unit.known.values())) > 1


def _findings(unit: _Unit, templates: Mapping[str, Template]) -> Iterator[Finding]:
    changed = [f"{templates[code].file}:{unit.lines[code]}" for code, known in unit.known.items() if not known]
    for language, known in unit.known.items():
        if known:
            file = templates[language].file
            expected = f"the same change here, or `bifolio check --reviewed {file}` if it needs none"
            found = f"{', '.join(changed)} changed, and this did not"
            yield Finding(_RULE, file, unit.lines[language], language, found, expected)


def _sections(subject: Subject, template: Template) -> dict[str, list[_Block]]:
    def look() -> Any:
        return [[one.line, one.section, _hash([one.words])] for one in find_paragraphs(template.text)]

    found: dict[str, list[_Block]] = {}
    for line, section, words in subject.memo.recall("paragraphs", template.text, look):
        found.setdefault(section, []).append(_Block(line, words))
    return found


def _hash(words: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]


def _read(project: Project) -> dict[str, list[Pair]]:
    """Return the pairs of each page, none where there is no lock; raise UnreadableError for a damaged one."""
    path = project.templates / _LOCK
    if not path.exists():
        return {}
    file = project.relative(path)
    lock = parse_json(read_record(path, file, _MEND), file, _MEND)
    pages = lock.get("pages") if isinstance(lock, dict) else None
    if not isinstance(pages, dict) or lock.get("version") != _VERSION:
        found = f"version {lock['version']}" if isinstance(lock, dict) and "version" in lock else "other fields"
        raise UnreadableError(f"this is no lock of version {_VERSION}", file=file, line=1, found=found, expected=_MEND)
    for page, pairs in pages.items():
        if not isinstance(pairs, list) or not all(map(_is_pair, pairs)):
            raise UnreadableError("no pairs of paragraphs", file=file, line=1, found=f"page {page}", expected=_MEND)
    return pages


def _is_pair(pair: object) -> bool:
    return isinstance(pair, dict) and all(isinstance(text, str) for text in pair.values())


def _write(project: Project, pages: Mapping[str, Sequence[Pair]]) -> None:
    """Write the lock, one line a pair, in the order of the pages' text."""
    blocks = []
    for page, pairs in sorted(pages.items()):
        lines = ",\n".join(f"   {json.dumps(pair, sort_keys=True)}" for pair in pairs)
        blocks.append(f"  {json.dumps(page)}: [\n{lines}\n  ]" if pairs else f"  {json.dumps(page)}: []")
    whole = '{\n "pages": {\n' + ",\n".join(blocks) + f'\n }},\n "version": {_VERSION}\n}}\n'
    write_file(project.templates / _LOCK, whole)
