"""The digest of a module's code: its own normal form, and the digests of the modules that it imports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bifolio.errors import BifolioError, DeclarationError, nearest_name
from bifolio.provenance.declaration import DatasetDeclaration, Declaration

Link = tuple[str, str, str]
"""What is imported: its name in the other module, its name here, and the other module."""


@dataclass(frozen=True)
class Source:
    """One module: `form` is the digest of its normal form, `places` are where it imports from the report.

    A place holds (line, level, module, name, name here) as written; `imports` are (module, name) from outside. `seal`
    is the digest of the file's name and bytes, `uses` what of the system the code uses: (what, line, text).
    """

    module: str
    file: str
    seal: str
    form: str
    empty: bool
    places: tuple[tuple[tuple[int, int, str, str, str], ...], ...]
    imports: tuple[tuple[str, str], ...]
    declaration: Declaration | None
    datasets: tuple[DatasetDeclaration, ...]
    uses: tuple[tuple[str, int, str], ...] = ()


def same_code(one: Source, other: Source) -> bool:
    """Tell whether two readings of a module are of the same code: comments and formatting are no part of it."""
    if one.seal == other.seal:
        return True
    return (one.form, one.empty, _named(one)) == (other.form, other.empty, _named(other))


def _named(source: Source) -> list[list[tuple[int, str, str, str]]]:
    """Return what each place imports, without lines and in an order that no formatter changes."""
    return [sorted(entry[1:] for entry in place) for place in source.places]


class Code:
    """The digests of a report's modules, each computed once; where a module lies and its own name do not count.

    An import counts by what it names and by the digest of the module that has it. Importing a module runs the packages
    around it, so their digests count too, unless their `__init__` does nothing. Modules that import each other in a
    circle are hashed as one unit.
    """

    def __init__(self, modules: Mapping[str, Source], broken: Mapping[str, BifolioError]) -> None:
        """`broken` says what is wrong with the modules that cannot be read; who imports one of them gets its error."""
        self._modules, self._broken = modules, broken
        self._links: dict[str, tuple[tuple[Link, ...], ...]] = {}
        self._reached: dict[str, frozenset[str]] = {}
        self._digests: dict[str, str] = {}

    def of(self, module: str) -> str:
        """Return a module's digest; raise DeclarationError for an import of something that is not there."""
        if module not in self._digests:
            self._digests.update(self._of_unit(self._unit(module)))
        return self._digests[module]

    def reached(self, module: str) -> frozenset[str]:
        """Return the modules that importing a module runs, itself among them, transitively."""
        if module not in self._reached:
            found: set[str] = set()
            waiting = [module]
            while waiting:
                name = waiting.pop()
                if name not in found:
                    found.add(name)
                    waiting += self._targets(name)
            self._reached[module] = frozenset(found)
        return self._reached[module]

    def _unit(self, module: str) -> frozenset[str]:
        """Return the modules that a module runs and that run it."""
        return frozenset(name for name in self.reached(module) if module in self.reached(name))

    def _of_unit(self, unit: frozenset[str]) -> dict[str, str]:
        """Tell the modules of a circle apart by what they say and by what they import of each other, not by name.

        After as many rounds as there are modules, what one of them says of another has reached all.
        """
        labels = {name: _hash(self._modules[name].form, *self._said(name, unit, {})) for name in unit}
        for _ in range(len(unit) - 1):
            labels = {name: _hash(labels[name], *self._said(name, unit, labels)) for name in unit}
        return {name: _hash(labels[name], *sorted(labels.values())) for name in unit}

    def _said(self, module: str, unit: frozenset[str], labels: Mapping[str, str]) -> Iterator[str]:
        """Yield what each place of a module imports: names with digests, in an order that no formatter changes."""
        for place in self._linked(module):
            named = [
                [name, bound, labels.get(target, "") if target in unit else self.of(target)]
                for name, bound, target in place
            ]
            yield json.dumps(sorted(named))

    def _targets(self, module: str) -> Iterator[str]:
        return (target for place in self._linked(module) for _, _, target in place)

    def _linked(self, module: str) -> tuple[tuple[Link, ...], ...]:
        """Return what a module imports, by place; the packages around it come first."""
        if module not in self._links:
            source = self._modules[module]
            around = tuple(("", "", package) for package in self._packages(module))
            places = [tuple(self._link(source, entry) for entry in place) for place in source.places]
            self._links[module] = (around, *places)
        return self._links[module]

    def _packages(self, module: str) -> Iterator[str]:
        steps = module.split(".")
        for end in range(1, len(steps)):
            name = ".".join(steps[:end])
            if name in self._broken:
                raise self._broken[name]
            package = self._modules.get(name)
            if package and not package.empty:
                yield package.module

    def _link(self, source: Source, entry: tuple[int, int, str, str, str]) -> Link:
        line, level, written, name, bound = entry
        module = _absolute(source, level, written)
        if module in self._broken:
            raise self._broken[module]
        if module not in self._modules:
            raise DeclarationError(
                "the report has no such module",
                file=source.file,
                line=line,
                found=module,
                expected="a file under experiments/",
                nearest=nearest_name(module, self._modules),
            )
        if f"{module}.{name}" in self._modules:
            raise DeclarationError(
                "a module of the report is imported by the names that are used of it",
                file=source.file,
                line=line,
                found=f"from {module} import {name}",
                expected=f"from {module}.{name} import name, ...",
            )
        return (name, bound, module)


def _absolute(source: Source, level: int, module: str) -> str:
    """Return the dotted name that an import means; `level` counts the dots that it begins with."""
    if not level:
        return module
    steps = source.module.split(".")
    steps = steps[: len(steps) - level + source.file.endswith("__init__.py")]
    return ".".join([*steps, *([module] if module else [])])


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
