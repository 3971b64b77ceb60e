"""Where things are: the report's folders, languages, chapter order and profiles, read from pyproject.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from bifolio.errors import ProjectError, UsageError, nearest_name
from bifolio.storage import read_toml

DEFAULT_PROFILE = "cpu"
SMOKE_PROFILE = "smoke"
PROFILES = (SMOKE_PROFILE, DEFAULT_PROFILE, "gpu")
NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
Name = Annotated[str, NAME, "a name of small letters, digits and underscores"]
"""What an experiment, a variant and everything a run records may be called: fit for a file, a template and a URL.

A longer one would be no name of a file on some disks."""

_KEYS = {"title", "description", "version", "languages", "chapters", "pages", "profiles", "site_url", "export"}
_EXPORT_KEYS = {"name", "summary", "appendices"}
_PROFILE_KEYS = {"threads", "device", "environment"}


@dataclass(frozen=True)
class Profile:
    """How big a run is and what it runs on; `environment` maps a library to the major.minor that decides numbers.

    The library that it names first is the one that a number's card shows.
    """

    name: str
    threads: int
    device: str
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Store:
    """Folders that hold results and weights in place of the published ones."""

    results: Path
    weights: Path


@dataclass(frozen=True)
class Export:
    """What the files of an export are called, the pages that they hold after the chapters, and the one before them."""

    name: str
    appendices: tuple[str, ...]
    summary: str = ""


@dataclass(frozen=True)
class Project:
    """One report: its root folder and its settings; `store` is set while results are measured again to compare."""

    root: Path
    title: Mapping[str, str]
    description: Mapping[str, str]
    version: str
    languages: tuple[str, ...]
    chapters: tuple[str, ...]
    pages: tuple[str, ...]
    site_url: str
    profiles: Mapping[str, Profile]
    export: Export
    store: Store | None = None

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def experiments(self) -> Path:
        return self.root / "experiments"

    @property
    def cache(self) -> Path:
        return self.root / ".cache"

    @property
    def weights(self) -> Path:
        return self.store.weights if self.store else self.cache / "weights"

    @property
    def reproductions(self) -> Path:
        return self.experiments / "reproductions"

    def results(self, profile: str) -> Path:
        """Return the folder that holds a profile's results; smoke results are never published, so they are cached."""
        if self.store:
            return self.store.results
        return self.cache / "smoke" if profile == SMOKE_PROFILE else self.experiments / "results"

    def profile(self, name: str) -> Profile:
        """Return a profile by name; raise UsageError for an unknown one."""
        if name not in self.profiles:
            raise UsageError(
                "there is no such profile",
                found=name,
                expected=", ".join(self.profiles),
                nearest=nearest_name(name, self.profiles),
            )
        return self.profiles[name]

    def relative(self, path: Path) -> str:
        """Return a path as messages and results show it: from the root, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def find_project(start: Path) -> Project:
    """Return the project whose folder holds `start`; raise ProjectError when no pyproject.toml has [tool.bifolio]."""
    for folder in (start, *start.parents):
        settings = folder / "pyproject.toml"
        if settings.is_file():
            data = read_toml(settings)
            tools = data.get("tool", {})
            table = tools.get("bifolio") if isinstance(tools, Mapping) else None
            if table is not None:
                return _project(folder, settings, table, data.get("project"))
    raise ProjectError(
        "this folder is not part of a report",
        found=start,
        expected="a pyproject.toml with a [tool.bifolio] table, here or in a folder above",
    )


def _project(root: Path, file: Path, table: Mapping[str, Any], package: object) -> Project:
    _known(file, "[tool.bifolio]", table, _KEYS)
    languages = _strings(file, "languages", table.get("languages"))
    if not languages:
        raise ProjectError("a report has at least one language", file=file, expected='languages = ["zh", "en"]')
    chapters = _strings(file, "chapters", table.get("chapters", ()))
    pages = _strings(file, "pages", table.get("pages", ()))
    name = str(package.get("name", root.name)) if isinstance(package, Mapping) else root.name
    profiles = table.get("profiles", {})
    _known(file, "[tool.bifolio.profiles]", profiles, set(PROFILES))
    read = {name: _profile(file, name, profiles.get(name, {})) for name in PROFILES}
    if SMOKE_PROFILE not in profiles:  # a smoke run is a small cpu run: it needs no settings of its own
        read[SMOKE_PROFILE] = replace(read[DEFAULT_PROFILE], name=SMOKE_PROFILE)
    return Project(
        root=root,
        title=_by_language(file, "title", table.get("title", root.name), languages),
        description=_by_language(file, "description", table.get("description", ""), languages),
        version=_version(file, table.get("version", "")),
        languages=languages,
        chapters=chapters,
        pages=pages,
        site_url=str(table.get("site_url", "")),
        profiles=read,
        export=_export(file, table.get("export", {}), name, pages),
    )


def _export(file: Path, table: object, name: str, pages: tuple[str, ...]) -> Export:
    """Read what the files of an export are called, after the package by default, and what they hold."""
    place = "[tool.bifolio.export]"
    table = _known(file, place, table, _EXPORT_KEYS)
    stem = table.get("name", re.sub(r"[^\w.-]+", "-", f"{name}-report"))
    if not isinstance(stem, str) or not re.fullmatch(r"[\w-][\w.-]*", stem):
        raise ProjectError(
            f"{place} name", file=file, found=stem, expected='name = "report": a file without its ending'
        )
    appendices = _strings(file, "export.appendices", table.get("appendices", ()))
    summary = table.get("summary", "")
    for page in (*appendices, *([summary] if summary else [])):
        if page not in pages:
            expected, nearest = ", ".join(pages) or "no page", nearest_name(str(page), pages)
            problem = f"{place} names a page that the report does not have"
            raise ProjectError(problem, file=file, found=page, expected=expected, nearest=nearest)
    return Export(stem, appendices, summary)


def _profile(file: Path, name: str, table: Mapping[str, Any]) -> Profile:
    place = f"[tool.bifolio.profiles.{name}]"
    _known(file, place, table, _PROFILE_KEYS)
    threads = table.get("threads", 1)
    device = table.get("device", "cuda" if name == "gpu" else "cpu")
    environment = table.get("environment", {})
    if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
        raise ProjectError(f"{place} threads", file=file, found=threads, expected="a whole number from 1")
    if device not in ("cpu", "cuda"):
        raise ProjectError(f"{place} device", file=file, found=device, expected="cpu or cuda")
    if not isinstance(environment, Mapping) or not all(
        isinstance(version, str) and re.fullmatch(r"\d+\.\d+", version) for version in environment.values()
    ):
        raise ProjectError(
            f"{place} environment",
            file=file,
            found=environment,
            expected='libraries with major.minor: {torch = "2.13"}',
        )
    return Profile(name, threads, device, dict(environment))


def _known(file: Path, place: str, table: object, keys: set[str]) -> Mapping[str, Any]:
    """Return a table; raise ProjectError for something else, or for a key that is none of these."""
    if not isinstance(table, Mapping):
        raise ProjectError(f"{place} is a table", file=file, found=table, expected=", ".join(sorted(keys)))
    for key in table:
        if key not in keys:
            raise ProjectError(
                f"{place} has an unknown key",
                file=file,
                found=key,
                expected=", ".join(sorted(keys)),
                nearest=nearest_name(key, keys),
            )
    return table


def _version(file: Path, value: object) -> str:
    """Accept 1.2.3 and the like, and nothing for a report that has no version yet."""
    if not isinstance(value, str) or not re.fullmatch(r"(\d+(\.\w+)*)?", value):
        raise ProjectError("[tool.bifolio] version", file=file, found=value, expected='version = "1.0.0"')
    return value


def _strings(file: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise ProjectError(f"[tool.bifolio] {key}", file=file, found=value, expected="a list of strings")
    return tuple(value)


def _by_language(file: Path, key: str, value: object, languages: tuple[str, ...]) -> dict[str, str]:
    """Accept one text for all languages or a table with one for each."""
    if isinstance(value, str):
        return dict.fromkeys(languages, value)
    if not isinstance(value, Mapping) or set(value) != set(languages):
        raise ProjectError(
            f"[tool.bifolio] {key}", file=file, found=value, expected=f"a text for each of {', '.join(languages)}"
        )
    return {language: str(value[language]) for language in languages}
