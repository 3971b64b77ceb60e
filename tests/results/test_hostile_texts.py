"""Every string of a result has its form: what would run something is refused, or stands where any text may."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

import pytest
from bifolio.errors import ResultError
from bifolio.results.reading import read_record
from bifolio.results.record import Result

from tests.payloads import PAYLOADS, text_paths, with_text
from tests.results.test_reading import RESULT

FREE = ("config", "choices", "tables", "samples", "diverged")
"""Whose texts a config, a choice, a model or an author wrote: they may be anything, and are escaped where shown."""
ONE_LINE = ("values", "fingerprint", "witness")
DATA: dict[str, Any] = json.loads(json.dumps(asdict(RESULT)))


def accepts(path: tuple[str | int, ...], text: str) -> bool:
    try:
        read_record(with_text(DATA, path, text), Result, "a.json")  # type: ignore[arg-type]
    except ResultError:
        return False
    return True


@pytest.mark.parametrize("path", list(text_paths(DATA)), ids=str)
def test_a_text_that_is_no_data_is_of_its_form(path: tuple[str | int, ...]) -> None:
    accepted = [text for text in PAYLOADS if accepts(path, text)]
    if path[0] in FREE:
        assert path[-1] in ("name", "unit") or len(accepted) == len(PAYLOADS)
    elif path in {("witness", "device"), ("witness", "machine", "cores")} or path[-1] == "unit" or path[1] == "parts":
        assert accepted == [text for text in PAYLOADS if not re.search(r"[\x00-\x1f]", text)]
    else:
        assert accepted == []


@pytest.mark.parametrize(
    "date", ["2026-11-01", "2026-11-01T00:00:00", "2026-13-01T00:00:00+00:00", "2026-11-01T00:00:00+00:00<b>", ""]
)
def test_a_date_is_a_time_in_utc(date: str) -> None:
    assert not accepts(("witness", "date"), date)


@pytest.mark.parametrize("date", ["2026-11-01T00:00:00+00:00", "2026-11-01T00:00:00Z", "2026-11-01T00:00:00.25+00:00"])
def test_a_date_may_be_written_in_the_usual_ways(date: str) -> None:
    assert accepts(("witness", "date"), date)


@pytest.mark.parametrize("unit", ["a\nb", "\x1b[31m", "\u202e%", "\u2028"])
def test_a_unit_is_one_line(unit: str) -> None:
    assert not accepts(("values", "accuracy", "unit"), unit)
