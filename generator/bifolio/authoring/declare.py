"""How an experiment is declared; at run time a declaration does nothing, because it is read from the syntax tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., None])


@dataclass(frozen=True)
class Variant:
    """A named alternative config; an optional one depends on what the machine has and may have no result.

    `needs`, where given, are the variant's own instead of the experiment's.
    """

    config: object
    optional: bool = False
    needs: tuple[str, ...] | None = None


def experiment(
    *,
    seeds: int = 5,
    variants: Mapping[str, object] | None = None,
    smoke: object = None,
    gpu: object = None,
    needs: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
    exclusive: bool = False,
    threads: int | None = None,
    variables: Mapping[str, str] | None = None,
    uses: tuple[str, ...] = (),
) -> Callable[[Function], Function]:
    """Declare the function of the same name as its file to be an experiment.

    `smoke` and `gpu` set what differs at those profiles; `needs` names experiments ("language_model") or their
    variants ("optimizers.adam"); `inputs` are patterns of project files it reads; an `exclusive` one runs alone, as
    every one that records timings must; `threads` overrides the profile's; `variables` are environment
    variables that the run is to see; `uses` says what of the system it uses: "subprocess", "loopback", "entropy",
    "clock", "native". Arguments are literals: `bifolio.provenance` reads them without importing the file, so this
    function only hands its function back.
    """
    return lambda function: function
