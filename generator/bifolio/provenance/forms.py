"""The forms that the strings of records have: what has another form is refused when a record is read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

Date = Annotated[
    str,
    re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(\+00:00|Z)"),
    "a time in UTC such as 2026-11-29T12:00:00+00:00",
]
Digest = Annotated[str, re.compile(r"[0-9a-f]{64}"), "a sha256 in hexadecimal"]
CommitName = Annotated[str, re.compile(r"([0-9a-f]{40}([0-9a-f]{24})?)?"), "the name of a commit, or nothing"]
Line = Annotated[
    str,
    re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]*"),
    "one line of text without control characters",
]
Key = Annotated[str, re.compile(r"[^\W\d]\w*"), "a name of Python"]
Library = Annotated[str, re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"), "the name of a distribution"]
Version = Annotated[str, re.compile(r"[A-Za-z0-9][A-Za-z0-9.+!_-]*"), "a version such as 2.13.0"]


def moment(date: Date) -> datetime:
    """Return a date as a time, for dates written in several ways compare as times only; ValueError for no day."""
    return datetime.fromisoformat(date)
