"""Rules about sentences held against values: somebody says them, and no margin is far wider than what matters."""

from __future__ import annotations

from collections.abc import Iterator

from bifolio.check.finding import Finding
from bifolio.check.subject import Subject
from bifolio.claims import Claim, Name, names_in
from bifolio.claims.arithmetic import compute
from bifolio.claims.condition import Approximately
from bifolio.errors import BifolioError
from bifolio.provenance.quantities import quantity_of

_FAR = 3.0
"""How many times what matters a margin may be; a wider one has to be explained by what was declared."""


def unsourced_statements(subject: Subject) -> Iterator[Finding]:
    """Yield the statements that are nobody's: they become a question or a claim of the author's."""
    for language, claim in _claims(subject):
        if claim.kind == "statement" and not claim.works:
            expected = 'source="KEY, the place in it", or a question of yours: {% question … %}…?{% endquestion %}'
            yield Finding("unsourced-statement", claim.file, claim.line, language, claim.sentence, expected)


def wide_margins(subject: Subject) -> Iterator[Finding]:
    """Yield the conditions that call alike what lies far further apart than the report says to matter."""
    units = _units(subject)
    smallest: dict[str, float] = {}
    for (experiment, name), unit in units.items():
        matters = _matters(subject, experiment, name)
        if matters is not None:
            smallest[unit] = min(matters, smallest.get(unit, matters))
    for language, claim in _claims(subject):
        for condition in claim.conditions:
            if not isinstance(condition, Approximately) or condition.margin is None or names_in(condition.margin):
                continue
            width = float(compute(condition.margin, {}))
            named = [key for name in names_in(condition) if (key := _key(name)) in units]
            own = [found for key in named if (found := _matters(subject, *key)) is not None]
            alike = [smallest[units[key]] for key in named if units[key] in smallest]
            wanted = min(own or alike, default=None)
            if wanted is not None and width > _FAR * wanted:
                expected = f"at most {_FAR:g} times {wanted:g}, which is declared to matter, or another `matters`"
                yield Finding("wide-margin", claim.file, claim.line, language, str(condition), expected)


def _claims(subject: Subject) -> Iterator[tuple[str, Claim]]:
    """Yield what every page that could be made holds against values, with its language."""
    for template in subject.templates:
        record = subject.composition.records.get(f"{template.language}/{template.page}")
        for claim in record.claims if record else ():
            yield template.language, claim


def _key(name: Name) -> tuple[str, str]:
    """Return the experiment and the value of a name: the parts between them are a profile or a variant."""
    return name.parts[0], name.parts[-1]


def _units(subject: Subject) -> dict[tuple[str, str], str]:
    """Return the unit of every stored value, by its experiment and its name."""
    return {
        (run.experiment, name): value.unit for run, one in subject.stored.items() for name, value in one.values.items()
    }


def _matters(subject: Subject, experiment: str, name: str) -> float | None:
    try:
        quantity = quantity_of(subject.declarations[experiment], name)
    except BifolioError:
        return None  # another rule tells it
    return quantity.matters if quantity else None
