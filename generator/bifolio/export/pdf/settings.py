"""What the style of a book is told: title, dates, words, colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from bifolio.export.manuscript import Manuscript
from bifolio.export.pdf.typst import literal, string
from bifolio.formats.dates import format_date
from bifolio.palette import PALETTES

_WORDS = ("chapter", "appendix", "at", "edition", "verify", "reading", "attached", "listed")
"""The words of a language's [book] table that the style uses; it fills in what stands in braces."""
_SHARED = ("contents", "evidence")
"""Those of its [export] table."""


def settings_code(manuscript: Manuscript) -> str:
    """Return the source of `settings.typ`: one dictionary."""
    say = manuscript.language.say
    language, region = _locale(manuscript.language.locale)
    date = format_date(manuscript.language, manuscript.evidence_date) if manuscript.evidence_date else ""
    colours = {name: value for name, value in asdict(PALETTES["light"]).items() if isinstance(value, str)}
    keys = {**{name: f"book.{name}" for name in _WORDS}, **{name: f"export.{name}" for name in _SHARED}}
    told = {name: string(say(key)) for name, key in keys.items()}
    if manuscript.volume != "both":
        told["edition"] = string(f"{say('book.edition')} · {say(f'book.volume_{manuscript.volume}')}")
        told["reading"] = string(say(f"book.reading_{manuscript.volume}"))
    told["commit"] = string(say("export.commit" if len(manuscript.commits) == 1 else "export.commits"))
    told |= {"unrecorded": string(say("witness.unrecorded")), "separator": string(say("literal.separator"))}
    fields = {
        "title": string(manuscript.title),
        "description": string(manuscript.description),
        "version": string(say("site.version", version=manuscript.version) if manuscript.version else ""),
        "commits": literal(manuscript.commits),
        "day": literal(manuscript.evidence_date),
        "date": string(date),
        "url": string(manuscript.url),
        "language": string(language),
        "region": literal(region),
        "letters": string(say("export.script")),
        "words": _dictionary(told),
        "colours": _dictionary({name: string(value) for name, value in colours.items()}),
    }
    return f"// What the book is told by the program; the style reads it.\n#let settings = {_dictionary(fields)}\n"


def formulas_code(formulas: Mapping[str, str]) -> str:
    """Return the source of `formulas.typ`: all equations by name, where only Typst's own names are known."""
    return f"#let formulas = {_dictionary({string(name): code for name, code in sorted(formulas.items())})}\n"


def _dictionary(fields: Mapping[str, str]) -> str:
    """Return a dictionary of finished code; an empty one has a form of its own."""
    return "(:)" if not fields else f"({''.join(f'{name}: {value}, ' for name, value in fields.items())})"


def _locale(name: str) -> tuple[str, str | None]:
    """Return language and territory of a CLDR locale, which decide how lines are broken."""
    from babel import Locale

    locale = Locale.parse(name)
    return str(locale.language), locale.territory
