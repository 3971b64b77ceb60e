"""Calls in templates: what a macro or a filter is given wrongly is an error before it begins, in the form of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from typing import Any

from jinja2 import Undefined
from jinja2.runtime import Context, Macro

from bifolio.calls import Mismatch, called_name, mismatch, read_mismatch
from bifolio.chapters.context.derived import DerivedValue, Detail
from bifolio.chapters.context.names import (
    ConfigReference,
    ExperimentReference,
    RecordedReference,
    VariantReference,
    describe,
)
from bifolio.chapters.macros.report import ReportReference
from bifolio.chapters.templates.filters import OWN
from bifolio.errors import BifolioError, ChapterError, nearest_name

_LONGEST = 60
"""Characters of what was found that a message shows."""
_REFERENCES = (ExperimentReference, VariantReference, ConfigReference, RecordedReference, DerivedValue, Detail)
_PYTHON_SAYS = {
    **{f"'{one.__name__}'": "an experiment" for one in (ExperimentReference, VariantReference)},
    "'ConfigReference'": "a config",
    "'RecordedReference'": "something measured",
    "'DerivedValue'": "a computed value",
}
_FOR_ANY = ("default", "d", "list")
"""Filters of Jinja that ask nothing of what they are given."""
_BY_JINJA = ("caller",)


class CheckedContext(Context):
    """Where a template's calls pass through: only macros are called, the report's with what they take."""

    def call(__self, __obj: Any, *arguments: Any, **options: Any) -> Any:  # noqa: N805  # as Jinja has it
        if isinstance(__obj, Macro):
            _check_macro(__obj, arguments, options)
        elif not callable(__obj):
            raise ChapterError("only macros are called", found=f"{said(__obj)}(…)", expected="a name without (…)")
        return super().call(__obj, *arguments, **options)


def checked_macro(name: str, function: Callable[..., str]) -> Callable[..., str]:
    """Return one of our macros, which refuses arguments that it does not have; its first is the page."""
    page = next(iter(signature(function).parameters))

    @wraps(function)
    def macro(page_itself: object, *arguments: object, **options: object) -> str:
        for value in (*arguments, *options.values()):
            _refuse_undefined(value)
        written = {option: value for option, value in options.items() if option not in _BY_JINJA}
        wrong = mismatch(name, function, arguments, written, hidden=(page, *_BY_JINJA), said=said)
        if wrong:
            raise _error(wrong)
        return function(page_itself, *arguments, **options)

    return macro


def checked_filters(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return filters that say what is wrong with what they are given; those of Jinja take no measured value."""
    return {name: _checked_filter(name, function) for name, function in filters.items()}


def said(value: object) -> str:
    """Return in words, and not too many of them, what a template handed over."""
    if isinstance(value, RecordedReference):
        return f"the {value.kind} {value}"
    if isinstance(value, ReportReference):
        return "the report"
    text = f"the computed value {value}" if isinstance(value, DerivedValue | Detail) else describe(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def in_words(reason: str) -> str:
    """Return what Python said with the words of authors in place of our classes."""
    for name, word in _PYTHON_SAYS.items():
        reason = reason.replace(name, word)
    return reason


def _checked_filter(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    first = 1 if hasattr(function, "jinja_pass_arg") else 0
    is_ours = name in OWN
    title = f"the filter `{name}`"

    @wraps(function)  # with the mark by which Jinja knows that it wants the context
    def checked(*arguments: Any, **options: Any) -> Any:
        value = arguments[first]
        if not is_ours and name not in _FOR_ANY and isinstance(value, _REFERENCES):
            expected = f"{', '.join(OWN)}, or after `mean` another one"
            raise ChapterError(f"{title} takes nothing measured", found=said(value), expected=expected)
        given = tuple(signature(function).parameters)[: first + 1]
        others = arguments[first + 1 :]
        if is_ours and (wrong := mismatch(name, function, others, options, title=title, hidden=given, said=said)):
            raise _error(wrong)
        try:
            return function(*arguments, **options)
        except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
            if called_name(str(error)) == function.__qualname__:
                told = str(error).replace(f"{function.__qualname__}()", f"{title}:")
                raise _error(read_mismatch(told, function, name, given)) from error
            raise ChapterError(f"{title} failed: {error}", found=said(value)) from error

    return checked


def _check_macro(macro: Macro, arguments: tuple[object, ...], options: Mapping[str, object]) -> None:
    """Raise ChapterError where a macro of the report's own has no place for an argument."""
    expected = f"{macro.name}({', '.join(macro.arguments)})"
    for option in options:
        if option not in (*macro.arguments, *_BY_JINJA) and not macro.catch_kwargs:
            raise ChapterError(
                f"{macro.name} has no argument `{option}`",
                found=f"{option}={said(options[option])}",
                expected=expected,
                nearest=nearest_name(option, macro.arguments),
            )
    if len(arguments) > len(macro.arguments) and not macro.catch_varargs:
        raise ChapterError(
            f"{macro.name} has too many arguments",
            found=f"{len(arguments)}: {', '.join(map(said, arguments))}",
            expected=expected,
        )


def _refuse_undefined(value: object) -> None:
    if isinstance(value, Undefined):
        str(value)  # any use of it says which names there are


def _error(wrong: Mismatch) -> BifolioError:
    return ChapterError(wrong.problem, found=wrong.found, expected=wrong.expected, nearest=wrong.nearest)
