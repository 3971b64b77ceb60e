"""The report that rules look at, with what several of them need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from typing import Any

from bifolio.chapters.composed import Composition
from bifolio.chapters.composition import compose
from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.memory import file_digest, write_records
from bifolio.chapters.templates.plan import plan
from bifolio.chapters.templates.source import Template, read_template
from bifolio.check.finding import Finding, finding_of
from bifolio.errors import BifolioError, UnreadableError
from bifolio.formats.language import load_language
from bifolio.memo import Memo
from bifolio.programs import programs
from bifolio.project import Project
from bifolio.provenance.declaration import Declaration, RunName
from bifolio.results.freshness import ExperimentState
from bifolio.results.record import Result, Value
from bifolio.results.store import read_result, result_path, stored_runs


@dataclass(frozen=True)
class Stored:
    """A stored run: what is wrong with its file, whether its tree was uncommitted, its values.

    `data` tells that it says what the seed did with the data; `columns` are the lowest and the highest number in each
    `table.column` that holds numbers.
    """

    fault: Finding | None
    uncommitted: bool
    data: bool
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
            values = {name: astuple(one) for name, one in result.values.items()}
            columns = {name: (min(cells), max(cells)) for name, cells in _numbers(result).items()}
            uncommitted = bool(result.witness.commit and result.witness.dirty)
            said = result.split is not None
            return {"uncommitted": uncommitted, "data": said, "values": values, "columns": columns}

        path = result_path(self.project, name)
        found = self.memo.recall("result", f"{name.path} {file_digest(path)}", look)
        if "fault" in found:
            return Stored(Finding(**found["fault"]), False, False, {}, {})
        values = {name: Value(*one) for name, one in found["values"].items()}
        columns = {name: (low, high) for name, (low, high) in found["columns"].items()}
        return Stored(None, found["uncommitted"], found["data"], values, columns)

    def _edition(self, language: str) -> Sequence[Template]:
        try:
            planned = list(plan(self.project, language))
        except BifolioError:
            return ()  # rendering tells it
        found = []
        for one in planned:
            with suppress(UnreadableError):  # rendering tells it, and the others can be looked at
                found.append(read_template(self.project, one))
        return found


def _numbers(result: Result) -> dict[str, list[float]]:
    """Return the numbers of each `table.column` that has some."""
    found = {
        f"{name}.{column.name}": [row[place] for row in table.rows]
        for name, table in result.tables.items()
        for place, column in enumerate(table.columns)
    }
    numbers = {name: [cell for cell in cells if isinstance(cell, int | float)] for name, cells in found.items()}
    return {name: cells for name, cells in numbers.items() if cells}
