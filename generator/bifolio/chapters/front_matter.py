"""A page's front matter: what the engines that build docs/ are told about it, out of its reader's sight."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.report import evidence_of
from bifolio.errors import ChapterError
from bifolio.formats.dates import format_date
from bifolio.formats.numbers import format_number
from bifolio.formulas.plain import plain_formula
from bifolio.markdown.headings import title_of
from bifolio.markdown.plain import opening, plain_text

_FRONT = re.compile(r"---[ \t]*\n(?P<keys>.*?)^---[ \t]*(?:\n\s*|\Z)", re.DOTALL | re.MULTILINE)
_LONGEST = 200
"""Characters of a description; who shows it cuts it near there."""


def with_front_matter(page: Page, text: str) -> tuple[str, str]:
    """Return a page's front matter and its text: what the author wrote above the page stays, the rest is added.

    Raises ChapterError for front matter of the author's that is no table of YAML.
    """
    own, body = _divided(text)
    added = {key: value for key, value in _keys(page, body).items() if key not in _read(own)}
    keys = own + "".join(f"{key}: {value}\n" for key, value in added.items())
    return (f"---\n{keys}---\n\n" if keys else ""), body  # two rules with nothing between them would be shown


def is_empty(text: str) -> bool:
    """Tell whether a page has no text, at most front matter."""
    return not _divided(text)[1].strip()


def _divided(text: str) -> tuple[str, str]:
    """Return the author's own keys and what stands below them."""
    match = _FRONT.match(text)
    return (match["keys"], text[match.end() :]) if match else ("", text)


def _keys(page: Page, body: str) -> dict[str, str]:
    """Return keys with their values as YAML; a string of JSON is one of YAML."""
    keys = {}
    title = title_of(body)
    if "$" in title:  # a drawn formula says its words in several ways, and engines would take all of them
        keys["title"] = json.dumps(plain_text(title, plain_formula), ensure_ascii=False)
    description = opening(body, plain_formula)  # in a chapter, its question
    if len(description) > _LONGEST:
        description = f"{description[: _LONGEST - 1].rstrip()}…"
    if description:
        keys["description"] = json.dumps(description, ensure_ascii=False)
    evidence = evidence_of(page)
    if evidence.results:
        total = len(evidence.results)
        numbers = {"fresh": evidence.fresh, "total": total}
        note = page.say(
            "site.evidence",
            date=format_date(page.language, evidence.newest),
            **{name: format_number(page.language, number) for name, number in numbers.items()},
        )
        keys["evidence"] = evidence.newest
        keys["evidence_note"] = json.dumps(note, ensure_ascii=False)
        if evidence.fresh < total:
            keys["state"] = "stale"
    return keys


def _read(own: str) -> Mapping[str, object]:
    """Return the author's own keys."""
    if not own.strip():
        return {}
    import yaml

    try:
        keys = yaml.safe_load(own)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be read"
        raise ChapterError(
            f"the front matter is not valid YAML: {reason}",
            line=None if mark is None else mark.line + 2,  # below the first rule; lines are counted from one
        ) from None
    if not isinstance(keys, Mapping):
        raise ChapterError("the front matter is no table", line=2, found=own.strip(), expected="key: value")
    return keys
