"""The one tree of errors; a message says where, what was found, what was expected, the nearest valid name.

BifolioError
├── UsageError              the command line was used wrongly (exit status 2)
├── ProjectError            pyproject.toml or the folders of the report
├── UnreadableError         a file that people write, or a record, is no text or is half written: never taken for empty
├── DeclarationError        an experiment's file: its config, its `@experiment(...)`, its data sets
├── RunError                an experiment did something that a run may not do
│   ├── RecordError         it recorded nothing, a name twice, or something that is no number
│   ├── UndeclaredError     it read a file or imported a module that it did not declare
│   ├── SourceAbsent        what it measures is not on this machine: an optional variant is skipped
│   └── EnvironmentMismatch the installed libraries are not the ones the profile declares
├── ResultError             a stored result is cut short, too new, edited, or not the one its path names
├── StorageError            the disk said no: full, read-only, in use
└── ChapterError            a template: a name, an argument, its Markdown
    ├── UnknownNameError    a name that nothing has
    ├── MissingResultError  something that was never measured
    ├── BrokenExperiment    something of an experiment whose file cannot be read
    ├── DraftExperiment     something of an experiment that is not to be published yet
    ├── CitationError       a work that references.bib does not list
    ├── FormulaError        LaTeX that KaTeX refuses
    ├── DiagramError        Mermaid that the drawing engine refuses
    ├── FigureError         a figure or table that its data cannot make
    ├── ConditionError      a claim's condition that cannot be read or evaluated
    └── ClaimError          a sentence that its numbers do not bear out
        ├── ContradictedClaim  the opposite of a claim holds
        ├── UnsupportedClaim   the numbers decide nothing
        ├── ChangedOutcome     the outcome of a statement is another than its author expects
        └── FailedClaims       several of these on one page
"""

from __future__ import annotations

from collections.abc import Iterable


class BifolioError(Exception):
    """Something the user can mend, with what is needed to mend it."""

    exit_status = 1

    def __init__(
        self,
        problem: str,
        *,
        file: object | None = None,
        line: int | None = None,
        found: object | None = None,
        expected: object | None = None,
        nearest: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.file = None if file is None else str(file)
        self.line = line
        self.found = found
        self.expected = expected
        self.nearest = nearest

    def __str__(self) -> str:
        lines = [self.summary]
        if self.found is not None:
            lines.append(f"  found:    {self.found}")
        if self.expected is not None:
            lines.append(f"  expected: {self.expected}")
        if self.nearest is not None:
            lines.append(f"  nearest:  {self.nearest}")
        return "\n".join(lines)

    @property
    def summary(self) -> str:
        """Return place and problem in one line."""
        place = "" if self.file is None else self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.problem}" if place else self.problem

    def at(self, file: object, line: int | None = None) -> BifolioError:
        """Give the error a place, unless a deeper layer already knew a better one."""
        if self.file is None:
            self.file, self.line = str(file), line
        return self


class UsageError(BifolioError):
    """The command line was used wrongly."""

    exit_status = 2


class ProjectError(BifolioError):
    """The report's settings or folders are wrong."""


class UnreadableError(BifolioError):
    """A file is no text, or not all of what it has to be; it is never taken for an empty one."""


class DeclarationError(BifolioError):
    """An experiment's file declares something that cannot be read without running it, or that is not allowed."""


class RunError(BifolioError):
    """An experiment did something that a run may not do."""


class RecordError(RunError):
    """A run recorded nothing, one name twice, or something that is no number."""


class UndeclaredError(RunError):
    """A run read a file or imported a module of the project that it did not declare."""


class SourceAbsent(RunError):
    """A model or data set that an optional variant measures is not on this machine; `run` skips the variant aloud."""


class EnvironmentMismatch(RunError):
    """The installed libraries are not the ones that the profile declares."""


class ResultError(BifolioError):
    """A stored result cannot be trusted as it is."""


class StorageError(BifolioError):
    """The disk refused."""


class ChapterError(BifolioError):
    """A template cannot be rendered."""


class UnknownNameError(ChapterError):
    """A chapter names something that does not exist."""


class MissingResultError(ChapterError):
    """A chapter names something that was never measured."""


class BrokenExperiment(ChapterError):
    """A chapter names an experiment whose file, or one that it imports or needs, cannot be read."""


class DraftExperiment(ChapterError):
    """A chapter names an experiment that is a draft."""


class CitationError(ChapterError):
    """A chapter cites a work that references.bib does not list, or the list cannot be read."""


class FormulaError(ChapterError):
    """A formula is not valid LaTeX."""


class DiagramError(ChapterError):
    """A diagram is not valid Mermaid."""


class FigureError(ChapterError):
    """A figure or table cannot be made from what was asked."""


class ConditionError(ChapterError):
    """The condition of a claim cannot be read or evaluated."""


class ClaimError(ChapterError):
    """A sentence that the numbers do not bear out."""


class ContradictedClaim(ClaimError):
    """The opposite of a claim holds."""


class UnsupportedClaim(ClaimError):
    """The numbers do not decide whether a claim holds."""


class ChangedOutcome(ClaimError):
    """The outcome of a statement is another than its author expects."""


class FailedClaims(ClaimError):
    """What is wrong with the claims of one page, each with a place of its own."""

    def __init__(self, failures: Iterable[ClaimError]) -> None:
        self.failures = tuple(failures)
        super().__init__("\n\n".join(map(str, self.failures)))


def unknown(what: str, found: object, valid: Iterable[str]) -> UnknownNameError:
    """Return the error that says which names there are, and which of them is the nearest."""
    names = tuple(valid)
    return UnknownNameError(
        f"there is no such {what}",
        found=found,
        expected=", ".join(names) or f"no {what} exists yet",
        nearest=nearest_name(str(found), names),
    )


def nearest_name(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like `name`, or None when none is alike."""
    import difflib  # paid for only when something is wrong

    matches = difflib.get_close_matches(name, sorted(candidates), n=1, cutoff=0.5)
    return matches[0] if matches else None
