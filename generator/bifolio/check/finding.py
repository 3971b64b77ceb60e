"""A finding, and the report that rules look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from bifolio.chapters.composition import Composition, compose
from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.memory import file_digest, write_records
from bifolio.chapters.templates.plan import plan
from bifolio.chapters.templates.source import Template, read_template
from bifolio.errors import (
    BifolioError,
    ChangedOutcome,
    CitationError,
    ContradictedClaim,
    DeclarationError,
    DiagramError,
    FormulaError,
    MissingResultError,
    ProjectError,
    ResultError,
    UnknownNameError,
    UnsupportedClaim,
)
from bifolio.formats.language import load_language
from bifolio.memo import Memo
from bifolio.programs import programs
from bifolio.project import Project
from bifolio.provenance.declaration import Declaration, RunName
from bifolio.results.freshness import ExperimentState
from bifolio.results.record import Result, Value
from bifolio.results.store import read_result, result_path, stored_runs

RULE_OF: Mapping[type[BifolioError], str] = {
    ResultError: "corrupt-result",
    MissingResultError: "missing-result",
    UnknownNameError: "unknown-name",
    FormulaError: "broken-formula",
    DiagramError: "broken-diagram",
    CitationError: "unknown-citation",
    DeclarationError: "broken-experiment",
    ContradictedClaim: "contradicted-claim",
    UnsupportedClaim: "unsupported-claim",
    ChangedOutcome: "changed-outcome",
}
"""The rule that an error breaks; any other error breaks `broken-page`."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong; `edition` is a language, or empty where it concerns all; line 0 is the whole file."""

    rule: str
    file: str
    line: int
    edition: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file or "the report"
        edition = f" ({self.edition})" if self.edition else ""
        expected = f"\n  expected: {self.expected}" if self.expected else ""
        return f"{place}: {self.rule}{edition}\n  found:    {self.found}{expected}"


@dataclass(frozen=True)
class Stored:
    """A stored run: what is wrong with its file, whether its tree was uncommitted, its values without their units.

    `columns` are the lowest and the highest number in each `table.column` that holds numbers.
    """

    fault: Finding | None
    uncommitted: bool
    values: Mapping[str, Value]
    columns: Mapping[str, tuple[float, float]]


class Subject:
    """A report under examination; what several rules need is made once."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def states(self) -> tuple[ExperimentState, ...]:
        return tuple(self.catalogue.states.values())

    @property
    def declarations(self) -> Mapping[str, Declaration]:
        """Return every experiment's declaration; raise DeclarationError for a file that declares something wrong."""
        return self.catalogue.declarations

    @cached_property
    def stored(self) -> dict[RunName, Stored]:
        """Return what can be said of every stored run of the experiments there are."""
        names = [name for state in self.states for name in stored_runs(self.project, state.experiment, state.profile)]
        return {name: self._stored(name) for name in names}

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.project)

    @cached_property
    def composition(self) -> Composition:
        return compose(self.project, self.project.languages, catalogue=self.catalogue)

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """Return the templates of all editions, in reading order; those of an edition that lacks one are left out."""
        return tuple(template for language in self.project.languages for template in self._edition(language))

    def editions(self, page: str) -> dict[str, Template]:
        """Return a page's templates by language."""
        return {template.language: template for template in self.templates if template.page == page}

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Return the names of the pages that come from templates."""
        return tuple(dict.fromkeys(template.page for template in self.templates))

    @cached_property
    def words(self) -> dict[str, Mapping[str, str]]:
        """Return the words of each language; none for a language that has none, which rendering tells."""
        found: dict[str, Mapping[str, str]] = {}
        for language in self.project.languages:
            with suppress(BifolioError):
                found[language] = load_language(language, self.project.templates).words
        return found

    @cached_property
    def memo(self) -> Memo:
        """Return the verdicts that depend on a text alone."""
        return Memo(self.project.cache / "checked.json", programs(self.project.cache, "bifolio.check").digest)

    def keep(self) -> None:
        """Remember, under .cache/ alone, what was looked at; what docs/ holds decides whether it still counts."""
        self.memo.keep()
        with suppress(BifolioError):  # a composition that failed has nothing to remember, and is a finding already
            if not self.composition.errors:
                write_records(self.project, self.composition.records)

    def _stored(self, name: RunName) -> Stored:
        def look() -> dict[str, Any]:
            try:
                result = read_result(self.project, name)
            except BifolioError as error:
                return {"fault": asdict(finding_of(error))}
            values = {name: (one.number, "", one.tolerance, one.timing) for name, one in result.values.items()}
            columns = {name: (min(cells), max(cells)) for name, cells in _numbers(result).items()}
            uncommitted = bool(result.witness.commit and result.witness.dirty)
            return {"uncommitted": uncommitted, "values": values, "columns": columns}

        path = result_path(self.project, name)
        found = self.memo.recall("result", f"{name.path} {file_digest(path)}", look)
        if "fault" in found:
            return Stored(Finding(**found["fault"]), False, {}, {})
        values = {name: Value(*one) for name, one in found["values"].items()}
        columns = {name: (low, high) for name, (low, high) in found["columns"].items()}
        return Stored(None, found["uncommitted"], values, columns)

    def _edition(self, language: str) -> Sequence[Template]:
        try:
            return [read_template(self.project, planned) for planned in plan(self.project, language)]
        except BifolioError:
            return ()  # rendering tells it


def _numbers(result: Result) -> dict[str, list[float]]:
    """Return the numbers of each `table.column` that has some."""
    found = {
        f"{name}.{column.name}": [row[place] for row in table.rows]
        for name, table in result.tables.items()
        for place, column in enumerate(table.columns)
    }
    numbers = {name: [cell for cell in cells if isinstance(cell, int | float)] for name, cells in found.items()}
    return {name: cells for name, cells in numbers.items() if cells}


def finding_of(error: BifolioError, edition: str = "") -> Finding:
    """Return the finding that an error amounts to; a fault of the report, or of a result, concerns all editions."""
    rule = next((rule for kind, rule in RULE_OF.items() if isinstance(error, kind)), "broken-page")
    found = error.problem if error.found is None else f"{error.problem}: {error.found}"
    expected = str(error.expected or "") + (f" (nearest: {error.nearest})" if error.nearest else "")
    shared = isinstance(error, ProjectError | ResultError | DeclarationError)
    return Finding(rule, error.file or "", error.line or 0, "" if shared else edition, found, expected)
