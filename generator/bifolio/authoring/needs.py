"""What a run is handed of an experiment that it needs: its weights and its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bifolio.errors import RunError, nearest_name
from bifolio.provenance.declaration import RunName
from bifolio.results.record import Result


@dataclass(frozen=True)
class Need:
    """A needed run; `consumed` is told of every number that was read, so that the fingerprint can cover it."""

    name: RunName
    result: Result
    folder: Path
    consumed: Callable[[str, float | int], None]

    @property
    def weights(self) -> Path:
        """Return the folder of its weights; raise RunError when it keeps none."""
        if not self.folder.is_dir():
            raise RunError(
                f"{self.name} keeps no weights", expected="`with run.weights() as folder:` in the needed experiment"
            )
        return self.folder

    def value(self, name: str) -> float | int:
        """Return a number that it recorded; raise RunError for an unknown name."""
        values = self.result.values
        if name not in values:
            raise RunError(
                f"{self.name} recorded no such value",
                found=name,
                expected=", ".join(values),
                nearest=nearest_name(name, values),
            )
        number = values[name].number
        self.consumed(f"{self.name.path}#{name}", number)
        return number
