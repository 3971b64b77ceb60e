"""How an experiment is declared; at run time a declaration does nothing, because it is read from the syntax tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., None])


@dataclass(frozen=True)
class Variant:
    """A named alternative config; an optional one depends on what the machine has and may have no result.

    `needs` and `seeds`, where given, are the variant's own instead of the experiment's.
    """

    config: object
    optional: bool = False
    needs: tuple[str, ...] | None = None
    seeds: int | None = None


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """What is known of a quantity before it is measured; at least one of these is given.

    `range` is where it can lie, None for an open end; `matters` is the smallest difference that a reader would act on,
    and `reason` says why; an `exact` one is computed and has no spread.
    """

    range: tuple[float | None, float | None] | None = None
    matters: float | None = None
    reason: str = ""
    exact: bool = False


def grid(base: object = None, /, **fields: tuple[object, ...] | list[object]) -> Mapping[str, object]:
    """Say that there is a variant for every combination of these values of the config's fields.

    `variants=grid(lr=(0.1, 0.01), width=(32, 64))` are `lr_0_1_width_32`, `lr_0_1_width_64` and so on; `base`, a config
    or a `Variant`, says what else they set. Among others they stand as `{"plain": Config(), **grid(...)}`. Values are
    literals, read without running the file: nothing is handed back, and two variants of one name are refused then.
    """
    return {}


def experiment(
    *,
    seeds: int | None = None,
    variants: Mapping[str, object] | None = None,
    smoke: object = None,
    gpu: object = None,
    needs: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
    exclusive: bool = False,
    threads: int | None = None,
    variables: Mapping[str, str] | None = None,
    uses: tuple[str, ...] = (),
    quantities: Mapping[str, Quantity] | None = None,
    draft: bool = False,
) -> Callable[[Function], Function]:
    """Declare the function of the same name as its file to be an experiment.

    `seeds` is 5, or the smallest number of what is needed; `smoke` and `gpu` set what differs at those profiles;
    `needs` names experiments ("language_model") or their variants ("optimizers.adam"); `inputs` are patterns of
    project files it reads; an `exclusive` one runs alone, as every one that records timings must; `threads`
    overrides the profile's; `variables` are environment variables that the run is to see; `uses` says what of the
    system it uses: "subprocess", "loopback", "entropy", "clock", "native"; `quantities` says of values ("accuracy",
    "accuracy_*") and columns ("table.column") what is known of them before they are measured; a `draft` can be run
    and looked at, and is published nowhere: taking `draft=True` away publishes it as it was measured. Arguments are
    literals: `bifolio.provenance` reads them without importing the file, so this function only hands its function
    back.
    """
    return lambda function: function
