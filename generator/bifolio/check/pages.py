"""Rules about pages: every one renders, and docs/ holds what rendering makes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from bifolio.chapters.memory import MANIFEST, read_manifest
from bifolio.chapters.writing import all_files
from bifolio.check.finding import Finding, finding_of
from bifolio.check.subject import Subject
from bifolio.errors import FailedClaims

_MEND = "`bifolio build`"
_LONGEST = 120


def failed_pages(subject: Subject) -> Iterator[Finding]:
    """Yield the first problem of every page that cannot be rendered, or all of its claims that fail."""
    composition = subject.composition
    for path, error in (*composition.errors.items(), *composition.kept.items(), *composition.left_out.items()):
        for one in error.failures if isinstance(error, FailedClaims) else (error,):
            yield finding_of(one, edition=path.split("/")[0])


def outdated_docs(subject: Subject) -> Iterator[Finding]:
    """Yield the files of docs/ that rendering would change, add or remove; the pages that fail stay as they are."""
    project, composition = subject.project, subject.composition
    folder = project.relative(project.docs)
    for path, data in sorted(composition.files.items()):
        stored = project.docs / path
        edition = path.split("/")[0]
        if not stored.is_file():
            yield Finding("outdated-docs", f"{folder}/{path}", 0, edition, "no such file", _MEND)
        elif stored.read_bytes() != data:
            line, found, expected = _first_difference(stored.read_bytes(), data)
            yield Finding("outdated-docs", f"{folder}/{path}", line, edition, found, expected)
    if composition.errors:
        return
    made, listed = all_files(composition), read_manifest(project)
    for path in sorted(listed - made):
        if (project.docs / path).is_file():
            yield Finding("outdated-docs", f"{folder}/{path}", 0, path.split("/")[0], "no page makes it", _MEND)
    if listed != made:
        yield Finding("outdated-docs", f"{folder}/{MANIFEST}", 0, "", "it lists other files than were made", _MEND)


def _first_difference(stored: bytes, made: bytes) -> tuple[int, str, str]:
    """Return the first line that differs, as it stands and as it would be; line 0 for what is no text."""
    try:
        pairs = zip_longest(stored.decode().splitlines(), made.decode().splitlines(), fillvalue="")
    except UnicodeDecodeError:
        return 0, f"{len(stored)} bytes", f"{len(made)} other bytes, from {_MEND}"
    different = ((line, old, new) for line, (old, new) in enumerate(pairs, start=1) if old != new)
    line, old, new = next(different, (0, "other line ends", f"those of {_MEND}"))
    same = next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - _LONGEST // 4)
    return line, _excerpt(old, start), _excerpt(new, start)


def _excerpt(line: str, start: int) -> str:
    """Return the part of a line in which it differs."""
    before, after = "…" if start else "", "…" if len(line) > start + _LONGEST else ""
    return f"{before}{line[start : start + _LONGEST]}{after}"
