"""Jinja as chapters use it: strict names, a comment mark that leaves `{#id}` alone, errors with the template's line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
    pass_context,
)
from jinja2.bccache import BytecodeCache
from jinja2.loaders import split_template_path
from jinja2.runtime import Context
from jinja2.utils import missing

from bifolio.chapters.claims.tags import PAGE, ClaimTags
from bifolio.chapters.context.absent import absent
from bifolio.chapters.context.catalogue import Catalogue
from bifolio.chapters.context.cells import RowReference, where
from bifolio.chapters.context.derived import DerivedValue, Detail
from bifolio.chapters.context.names import (
    ConfigReference,
    ExperimentReference,
    RecordedReference,
    VariantReference,
)
from bifolio.chapters.context.page import Page
from bifolio.chapters.context.samples import SampleRow
from bifolio.chapters.context.written import Written, by_expression, joined
from bifolio.chapters.macros.caption import captioned
from bifolio.chapters.macros.datasets import datasets
from bifolio.chapters.macros.figure import figure
from bifolio.chapters.macros.quotation import constant, formula, source
from bifolio.chapters.macros.reference import ref
from bifolio.chapters.macros.report import ReportReference
from bifolio.chapters.macros.sample import image, sample
from bifolio.chapters.macros.table import table
from bifolio.chapters.macros.values import show
from bifolio.chapters.templates.braces import HINT, has_braces
from bifolio.chapters.templates.calling import CheckedContext, checked_filters, checked_macro, in_words
from bifolio.chapters.templates.filters import FILTERS, page_of
from bifolio.chapters.templates.refusals import hint_of, no_template, not_there
from bifolio.chapters.templates.sections import noted
from bifolio.errors import BifolioError, ChapterError, UnknownNameError, unknown
from bifolio.markdown.headings import COMMENT
from bifolio.project import Project
from bifolio.storage import read_source

_MACROS: Mapping[str, Callable[..., str]] = {
    "figure": figure,
    "table": table,
    "sample": sample,
    "image": image,
    "captioned": captioned,
    "ref": ref,
    "source": source,
    "formula": formula,
    "constant": constant,
    "datasets": datasets,
}
_REPORT = "report"


_WITH_MEMBERS = (
    ExperimentReference,
    VariantReference,
    ConfigReference,
    RowReference,
    SampleRow,
    ReportReference,
)


class _Templates(Environment):
    context_class = CheckedContext
    concat = staticmethod(joined)  # what a macro or the sentence of a claim is made of

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Resolve `a.b`: of a reference only what its experiment has, so that no Python attribute shines through."""
        if isinstance(obj, _WITH_MEMBERS):
            return obj.member(attribute)
        if isinstance(obj, RecordedReference) and (obj.kind, attribute) == ("table", "where"):
            return partial(where, obj)
        if isinstance(obj, RecordedReference | DerivedValue | Detail):
            kind = obj.kind if isinstance(obj, RecordedReference) else "value"
            raise UnknownNameError(f"the {kind} {obj} has no parts", found=f"{obj}.{attribute}", expected=str(obj))
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        ours = isinstance(obj, (*_WITH_MEMBERS, RecordedReference, DerivedValue, Detail))
        return self.getattr(obj, argument) if ours else super().getitem(obj, argument)


_TOO_LONG = re.compile(rf"[0-9_]{{{sys.int_info.default_max_str_digits + 1},}}")


def open_templates(catalogue: Catalogue, compiled: BytecodeCache) -> Environment:
    """Return the environment in which all pages of a project are rendered."""
    project = catalogue.project
    environment = _Templates(
        extensions=[ClaimTags],
        loader=FunctionLoader(partial(_load, project)),
        bytecode_cache=compiled,
        undefined=_strict(catalogue),
        finalize=_finalize,
        comment_start_string=COMMENT[0],
        comment_end_string=COMMENT[1],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        optimized=False,  # a template is rendered once, which takes less time than looking for its constants
        auto_reload=False,  # an environment lives for one rendering
        cache_size=-1,
    )
    environment.filters.update(checked_filters({**environment.filters, **FILTERS}))
    return environment


def render_template(environment: Environment, name: str, page: Page) -> Written:
    """Return a page's Markdown; raise BifolioError with the template's file and line."""
    project = page.project
    names: dict[str, object] = {
        macro: noted(page, macro, checked_macro(macro, function)) for macro, function in _MACROS.items()
    }
    names[_REPORT] = ReportReference(page)
    names |= {experiment: ExperimentReference(page, experiment) for experiment in page.catalogue.declarations}
    try:
        return page.write(environment.get_template(name).generate({**names, PAGE: page}))
    except TemplateSyntaxError as error:
        file = project.relative(Path(error.filename)) if error.filename else name
        hint = hint_of(error.message or "", environment)
        expected = HINT if has_braces(project.root / file) else hint.expected
        raise ChapterError(
            f"the template is not valid: {error.message}",
            file=file,
            line=error.lineno,
            found=hint.found,
            expected=expected,
            nearest=hint.nearest,
        ) from None
    except TemplateNotFound as error:
        raise no_template(str(error.name), project).at(*_place(error, project, name)) from None
    except BifolioError as error:
        placed = error.at(*_place(error, project, name))
        placed.file = (
            project.relative(Path(placed.file)) if placed.file and Path(placed.file).is_absolute() else placed.file
        )
        if isinstance(error, UnknownNameError) and error.file and has_braces(project.root / error.file, error.line):
            placed.expected = f"{placed.expected}; {HINT}" if placed.expected else HINT
        raise placed from error.__cause__
    except Exception as error:  # whatever an author's expression raises is the template's fault
        reason = str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {in_words(str(error))}"
        hint = hint_of(reason, environment)
        file, line = _place(error, project, name)
        line = line or _line_of_digits(project.root / file)
        raise ChapterError(
            f"the template cannot be evaluated: {reason}",
            file=file,
            line=line,
            found=hint.found,
            expected=hint.expected,
            nearest=hint.nearest,
        ) from error


def _load(project: Project, name: str) -> tuple[str, str, None] | None:
    """Return text and path of a template, None where there is none, read as every other source is."""
    path = project.templates.joinpath(*split_template_path(name))
    return (read_source(path, project.relative(path)), str(path), None) if path.is_file() else None


def _strict(catalogue: Catalogue) -> type[StrictUndefined]:
    """Return the class of what a template names and nothing has: any use of it raises UnknownNameError."""
    names = sorted({*catalogue.declarations, *_MACROS, _REPORT})

    class UnknownName(StrictUndefined):
        def __init__(self, hint: str | None = None, obj: Any = missing, name: str | None = None, *_: Any) -> None:
            valid = map(str, obj) if isinstance(obj, Mapping) else ()

            def wrong(_message: str) -> BifolioError:
                told = not_there(hint, name, catalogue.project)
                if told is None and obj is missing:
                    return absent(catalogue, "name", str(name), names)
                return told or unknown("name", name, valid)

            super().__init__(hint, obj, name, exc=wrong)  # type: ignore[arg-type]

    return UnknownName


@pass_context
def _finalize(context: Context, value: object) -> Written:
    if callable(value) and not isinstance(value, Undefined):
        called = getattr(value, "name", None) or getattr(value, "__name__", "name")
        raise ChapterError("a macro shows something once it is called", found=called, expected=f"{called}(…)")
    return by_expression(show(page_of(context), value))


def _line_of_digits(path: Path) -> int | None:
    """Return the line of a number so long that Python does not read it: Jinja stops there without a place."""
    text = read_source(path)
    found = _TOO_LONG.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _place(error: Exception, project: Project, name: str) -> tuple[str, int | None]:
    """Return the innermost template and line that an error passed through; Jinja put them into its traceback."""
    file, line = project.relative(project.templates / name), None
    for frame, number in walk_tb(error.__traceback__):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(project.templates):
            file, line = project.relative(path), number
    return file, line
