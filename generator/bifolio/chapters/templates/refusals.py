"""What Jinja says of a template, with the names that there are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from bifolio.chapters.templates.filters import OWN
from bifolio.errors import BifolioError, ChapterError, nearest_name, unknown
from bifolio.project import Project
from bifolio.storage import read_source

_UNKNOWN = re.compile(r"(?:No (?P<kind>filter|test) named|Encountered unknown (?P<tag>tag)) '(?P<name>\w+)'")
_NOT_EXPORTED = re.compile(r"the template '(?P<file>[^']+)' .*does not export the requested name")
_NOT_GIVEN = re.compile(r"parameter '(?P<name>\w+)' was not provided")
_MADE = re.compile(r"{%-?\s*(?:macro|set)\s+(\w+)")
_TAGS = ("if", "elif", "else", "endif", "for", "endfor", "set", "macro", "endmacro", "call", "endcall", "include")
_MORE_TAGS = ("from", "import", "with", "endwith", "filter", "endfilter", "raw", "endraw", "block", "extends")


@dataclass(frozen=True)
class Hint:
    """What an error can say beyond its problem."""

    found: str | None = None
    expected: str | None = None
    nearest: str | None = None


def hint_of(message: str, environment: Environment) -> Hint:
    """Return the names that there are, where a message says that one is unknown."""
    match = _UNKNOWN.match(message)
    if match is None:
        return Hint()
    extensions = [tag for extension in environment.extensions.values() for tag in extension.tags]
    known: dict[str, Iterable[str]] = {
        "filter": environment.filters,
        "test": environment.tests,
        "tag": [*_TAGS, *_MORE_TAGS, *extensions, *(f"end{tag}" for tag in extensions)],
    }
    kind = match["kind"] or match["tag"]
    expected = {"filter": f"{', '.join(OWN)}, or a filter of Jinja"}.get(kind, f"a {kind} of Jinja")
    if match["name"].startswith("end"):
        return Hint(match["name"], "the tag that it ends, before it")
    return Hint(match["name"], expected, nearest_name(match["name"], known[kind]))


def no_template(name: str, project: Project) -> BifolioError:
    """Return the error for a template that is included or imported and is not there."""
    files = [path.relative_to(project.templates) for path in project.templates.rglob("*.md")]
    return unknown("template", name, sorted(file.as_posix() for file in files if file.parts[0] != "pages"))


def not_there(hint: str | None, name: object, project: Project) -> BifolioError | None:
    """Return the error for a name that Jinja's hint says more about: an import, or a macro's argument."""
    if hint and (missing := _NOT_GIVEN.match(hint)):
        expected = f"a value for it in every call, or {{% if {missing['name']} is defined %}}"
        return ChapterError("this macro was called without an argument", found=missing["name"], expected=expected)
    if hint and (imported := _NOT_EXPORTED.match(hint)):
        file = project.templates / Path(imported["file"])
        made = _MADE.findall(read_source(file)) if file.is_file() else []
        return unknown(f"name in {project.relative(file)}", name, sorted(made))
    return None
