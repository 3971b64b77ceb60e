"""The guide to the rules: it has an entry for each, in every edition, and says how severe it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bifolio.check import RULES, WARNINGS, rule_names
from bifolio.markdown.headings import find_headings

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.mark.parametrize(("language", "error", "warning"), [("zh", "错误", "警告"), ("en", "Error", "Warning")])
def test_every_rule_has_an_entry_that_says_its_severity(language: str, error: str, warning: str) -> None:
    text = (TEMPLATES / f"pages/guide-checks/{language}.md").read_text(encoding="utf-8")
    lines = text.splitlines()
    entries = {heading.id: lines[heading.line + 1] for heading in find_headings(text)}
    assert set(rule_names()) <= set(entries)
    for rule in rule_names():
        severity = warning if rule in WARNINGS else error
        assert re.match(rf"\*\*{severity}[.。]\*\* \S", entries[rule]), rule


def test_a_warning_is_a_rule() -> None:
    assert set(RULES) >= WARNINGS
