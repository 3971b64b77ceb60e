"""Changes as Markdown for a pull request: no language of the report, numbers as Python writes them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from bifolio.changes.compare import Changes, ValueChange
from bifolio.formats.numbers import interval_decimals
from bifolio.markdown.escaping import escape
from bifolio.statistics import Estimate


def as_markdown(changes: Changes, before: str, after: str) -> str:
    """Return the changes between two named states."""
    title = f"## What changes for the reader: {before} → {after}"
    if not changes:
        return f"{title}\n\nNothing that a reader sees is measured differently.\n"
    return "\n\n".join([title, _summary(changes), *_sections(changes)]) + "\n"


def _summary(changes: Changes) -> str:
    counts = (
        (len(changes.values), "value"),
        (len(changes.others), "other record"),
        (len(changes.claims), "claim or statement", "claims or statements"),
        (len(changes.states), "state of freshness", "states of freshness"),
        (len(changes.verdicts), "verdict of reproduction", "verdicts of reproduction"),
        (len(changes.added), "new experiment"),
        (len(changes.removed), "removed experiment"),
    )
    parts = [_count(*count) for count in counts if count[0]]
    return f"{', '.join(parts) or 'Nothing measured'}; shown on {_count(len(changes.pages), 'page')}."


def _count(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def _sections(changes: Changes) -> Iterator[str]:
    measured = [value for value in changes.values if not value.timing]
    timings = [value for value in changes.values if value.timing]
    if measured:
        yield f"### Values\n\n{_values(measured)}"
    if timings:
        yield f"### Timings (they depend on the machine)\n\n{_values(timings)}"
    if changes.others:
        yield "### Choices, tables, samples, images, configuration"
        yield "\n".join(f"- `{name}`: {_code(said)}" for name, said in changes.others.items())
    if changes.claims:
        yield "### Claims and statements that come out otherwise"
        lines = [f"{one.before} → **{one.after}** (`{one.page}`): {one.sentence}" for one in changes.claims]
        yield "\n".join(f"- {line}" for line in lines)
    if changes.added or changes.removed or changes.states:
        yield "### Experiments"
        lines = [f"- `{name}`: new" for name in changes.added] + [f"- `{name}`: removed" for name in changes.removed]
        lines += [f"- `{name}`: {_code(one)} → {_code(other)}" for name, (one, other) in changes.states.items()]
        yield "\n".join(lines)
    if changes.verdicts:
        yield "### Verdicts of reproduction"
        yield "\n".join(f"- `{name}`: {one} → {other}" for name, (one, other) in changes.verdicts.items())
    if changes.pages:
        yield "### Chapters touched"
        yield "\n".join(_touched(changes.pages))
    if changes.failing:
        yield "### Pages that cannot be rendered"
        yield "\n".join(f"- `{page}`: {escape(problem)}" for page, problem in changes.failing.items())


def _touched(pages: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a line a page, with the languages in which it shows the same."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for path, shown in pages.items():
        language, _, page = path.partition("/")
        alike.setdefault((page, tuple(sorted(shown))), []).append(language)
    for (page, shown), languages in sorted(alike.items()):
        yield f"- `{page}` ({', '.join(languages)}): {', '.join(map(_code, shown))}"


def _values(values: Sequence[ValueChange]) -> str:
    rows = [
        f"| `{value.name}`{_unit(value.unit)} | {written(value.before)} | {written(value.after)} |" for value in values
    ]
    return "\n".join(["| value | before | after |", "| --- | ---: | ---: |", *rows])


def _code(text: str) -> str:
    """Return text that is shown as it is."""
    return escape(text) if "`" in text or "\n" in text else f"`{text}`"


def _unit(unit: str) -> str:
    return f" ({escape(unit)})" if unit else ""


def written(estimate: Estimate | None) -> str:
    """Return `mean ± half width (n = count)`, rounded to the half width with a digit to spare."""
    if estimate is None:
        return "—"
    if estimate.ends:
        low, high = (f"{end:.5g}" for end in estimate.ends)
        return f"{estimate.mean:.5g} ({low}–{high}, n = {estimate.count})"
    if estimate.half_width is None:
        return f"{estimate.mean:.6g}"
    if estimate.half_width == 0.0:
        return f"{estimate.mean:.6g} (did not vary in {estimate.count})"
    decimals = interval_decimals(estimate.half_width) + 1 if math.isfinite(estimate.half_width) else 0
    if not -6 < decimals < 9:
        return f"{estimate.mean:.6g} ± {estimate.half_width:.2g} (n = {estimate.count})"
    mean, half_width = (
        f"{round(number, decimals):.{max(0, decimals)}f}" for number in (estimate.mean, estimate.half_width)
    )
    return f"{mean} ± {half_width} (n = {estimate.count})"
