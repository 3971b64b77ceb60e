"""What went wrong in an experiment, as its author is told: the place, what is wrong, the report's own frames."""

from __future__ import annotations

import builtins
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import FunctionType, TracebackType

from bifolio.calls import called_name, read_mismatch
from bifolio.errors import BifolioError, EnvironmentMismatch, RunError, nearest_name
from bifolio.project import Project
from bifolio.provenance.declaration import PACKAGE, Declaration
from bifolio.runner.missing_libraries import how_to_install

_MOST_NAMES = 12
"""So many names are listed; of more, the nearest one says enough."""
_IMPORTED = re.compile(r"cannot import name '(\w+)'")


@dataclass(frozen=True)
class Failure:
    """`message` is the error, `trace` the author's frames that led there, `whole` all that Python says of it."""

    message: str
    trace: str
    whole: str


def failure_of(error: BaseException, project: Project, declaration: Declaration, listed: str | None) -> Failure:
    """Return how a run failed; `listed` is the report's list of libraries, which cannot be seen any more."""
    whole = "".join(traceback.format_exception(error))
    if isinstance(error, BifolioError):  # one that names its line needs no other place
        return Failure(str(error), "" if error.file else _trace(error, project), whole)
    told = _told(error, project, listed)
    place = raised_at(error, project)
    trace = "" if isinstance(told, EnvironmentMismatch) else _trace(error, project)
    return Failure(str(told.at(*(place or (declaration.file, declaration.line)))), trace, whole)


def raised_at(error: BaseException, project: Project) -> tuple[str, int | None] | None:
    """Return file and line of the innermost line of the report's own code that an exception passed through."""
    frames = _own_frames(error.__traceback__, project)
    return (project.relative(Path(frames[-1].filename)), frames[-1].lineno) if frames else None


def _told(error: BaseException, project: Project, listed: str | None) -> BifolioError:
    if isinstance(error, SystemExit):
        code = "" if error.code is None else repr(error.code)
        expected = "an exception where it fails, `return` where it is done"
        return RunError("the experiment ended its process", found=f"sys.exit({code})", expected=expected)
    if isinstance(error, MemoryError):
        return RunError("out of memory")
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.partition(".")[0] != PACKAGE:
        library = error.name.partition(".")[0]
        return EnvironmentMismatch(
            "the experiment imports a library that is not installed",
            found=error.name,
            expected=how_to_install(project, [library], listed),
        )
    said = RunError(_in_short(error))
    with suppress(Exception):  # of objects that answer badly, what Python says is enough
        _add_names(said, error)
    return said


def _in_short(error: BaseException) -> str:
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _add_names(said: BifolioError, error: BaseException) -> None:
    """Say which names or arguments there are, where a wrong one was used."""
    name, valid = _wrong_name(error)
    if name:
        names = sorted({one for one in valid if not one.startswith("_")})
        said.found, said.nearest = name, nearest_name(name, names)
        said.expected = ", ".join(names) if 0 < len(names) <= _MOST_NAMES else None
    called = called_name(str(error)) if isinstance(error, TypeError) else None
    function = _find(called, error.__traceback__) if called else None
    if called and function:
        wrong = read_mismatch(str(error), function, called.rpartition(".")[2])
        said.found, said.expected, said.nearest = wrong.found, wrong.expected, wrong.nearest


def _wrong_name(error: BaseException) -> tuple[str | None, Iterable[str]]:
    """Return the name that an exception says is not there, and those that are."""
    if isinstance(error, AttributeError) and error.name and error.obj is not None:
        return error.name, dir(error.obj)
    if isinstance(error, NameError) and error.name:
        *_, (frame, _) = traceback.walk_tb(error.__traceback__)
        return error.name, (*frame.f_locals, *frame.f_globals, *dir(builtins))
    imported = _IMPORTED.match(str(error)) if isinstance(error, ImportError) else None
    if imported and error.name in sys.modules:  # type: ignore[attr-defined]
        return imported[1], dir(sys.modules[error.name])  # type: ignore[attr-defined]
    return None, ()


def _find(called: str, trace: TracebackType | None) -> Callable[..., object] | None:
    """Return the function or method of a qualified name, as the innermost frame knows it."""
    *_, (frame, _) = traceback.walk_tb(trace)
    kind, _, method = called.rpartition(".")
    for value in (*frame.f_locals.values(), *frame.f_globals.values()):
        if not kind and isinstance(value, FunctionType) and value.__qualname__ == called:
            return value
        owner = value if isinstance(value, type) else type(value)
        found: object = getattr(owner, method, None) if kind and owner.__qualname__ == kind else None
        if isinstance(found, FunctionType):
            return found
    return None


def _own_frames(trace: TracebackType | None, project: Project) -> list[traceback.FrameSummary]:
    return [one for one in traceback.extract_tb(trace) if Path(one.filename).is_relative_to(project.experiments)]


def _trace(error: BaseException, project: Project, seen: tuple[int, ...] = ()) -> str:
    """Return the lines of the report that led to an exception, and those of what caused it."""
    lines = [*_frame_lines(error, project)]
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            lines += [f"  one of them: {_in_short(one)}", *_frame_lines(one, project)]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        lines += [f"  after {_in_short(cause)}", _trace(cause, project, (*seen, id(error)))]
    return "\n".join(filter(None, lines))


def _frame_lines(error: BaseException, project: Project) -> Iterator[str]:
    for line, alike in groupby(
        f"  at {project.relative(Path(one.filename))}:{one.lineno}, in {one.name}: {one.line}"
        for one in _own_frames(error.__traceback__, project)
    ):
        again = sum(1 for _ in alike) - 1
        yield f"{line} (and {again} times more)" if again else line
