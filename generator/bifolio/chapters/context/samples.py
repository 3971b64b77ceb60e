"""Rows of a stored sample, as a template loops over them: text of models and data stays data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bifolio.errors import unknown
from bifolio.results.record import Cell


class Untrusted(str):
    """Text from results or code: a template may compare it, and it is escaped when it is shown."""

    __slots__ = ()


@dataclass(frozen=True)
class SampleRow:
    """One row of `sample`, which is the sample's name in templates."""

    sample: str
    fields: Mapping[str, Cell]

    def member(self, name: str) -> Cell:
        """Return a field; raise UnknownNameError where the row has none of that name."""
        if name not in self.fields:
            raise unknown(f"field in {self.sample}", name, self.fields)
        cell = self.fields[name]
        return Untrusted(cell) if isinstance(cell, str) else cell
