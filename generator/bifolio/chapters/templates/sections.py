"""What each section of a page calls up: as it stands there for formulas and code, else in a form of no language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bifolio.chapters.context.derived import DerivedValue, Detail
from bifolio.chapters.context.names import ExperimentReference, RecordedReference, VariantReference
from bifolio.chapters.context.page import Mention, Page, Section
from bifolio.markdown.tree import Tree

BLOCKS = ("figure", "table", "sample", "image", "formula", "diagram", "code")
"""What stands between paragraphs, whose order counts; what stands in sentences a translation may reorder."""
_WORDS = ("text", "markdown", "bibtex")
"""Languages of fences that hold words, which every edition says in its own way: only their presence is compared."""
_NAMED = {"source": "code", "ref": "reference"}
_NEUTRAL = ("x", "y", "columns", "cells", "rows", "seed", "name", "as_table")
"""The arguments of macros that do not depend on the language."""
_LABEL = re.compile(r'"[^"]*"|(?<=[\[({|])[^\[\](){}|"]*(?=[\])}|])')
_TITLE = re.compile(r"^\s*(accTitle|accDescr|title)\b.*$|(?<=accDescr)\s*\{[^}]*\}", re.MULTILINE)


def noted(page: Page, name: str, function: Callable[..., str]) -> Callable[..., str]:
    """Return a macro that notes what it was asked to show."""

    def macro(*arguments: object, **options: object) -> str:
        page.note(_NAMED.get(name, name), "" if name == "constant" else _signature(arguments, options))
        return function(page, *arguments, **options)

    macro.__name__ = name
    return macro


def find_sections(
    tree: Tree, mentions: Iterable[Mention], made: Sequence[tuple[int, int]], languages: Iterable[str]
) -> tuple[Section, ...]:
    """Return a page's sections from its text and what rendering noted; `made` are the parts that macros wrote.

    Of a target such as `photo.zh.png` the language does not count.
    """
    own = re.compile(rf"\.(?:{'|'.join(map(re.escape, languages))})(?=\.\w+$)")
    written = [found for found in _written(tree, own) if not any(start <= found.place < end for start, end in made)]
    found = sorted([*mentions, *written], key=lambda mention: mention.place)
    headings = [(heading.start, heading.id) for heading in tree.headings if heading.id]
    starts = [(0, ""), *headings]
    ends = [*(place for place, _ in headings), len(tree.text) + 1]
    return tuple(
        _section(name, [mention for mention in found if start <= mention.place < end])
        for (start, name), end in zip(starts, ends, strict=True)
    )


def _section(name: str, mentions: Iterable[Mention]) -> Section:
    entries = [(mention.kind, f"{mention.kind} {mention.name}".strip()) for mention in mentions]
    blocks = tuple(entry for kind, entry in entries if kind in BLOCKS)
    return Section(name, blocks, tuple(sorted(entry for kind, entry in entries if kind not in BLOCKS)))


def _written(tree: Tree, own: re.Pattern[str]) -> Iterator[Mention]:
    """Yield the formulas, diagrams, code blocks and links that the author wrote out."""
    for span in tree.spans:
        match span.kind:
            case "formula":
                alone = tree.text[span.start : span.end].lstrip().startswith("$$")
                yield Mention(span.start, "formula" if alone else "inline formula", f"${' '.join(span.value.split())}$")
            case "diagram":
                yield Mention(span.start, "diagram", _skeleton(span.value))
            case "fence":
                language, _, code = span.value.partition("\n")
                yield Mention(span.start, "code", f"{language}\n{'' if language in _WORDS else code}")
            case "target":
                yield Mention(span.start, "link", own.sub("", span.value))


def _skeleton(diagram: str) -> str:
    """Return a diagram without its words: what is joined to what."""
    lines = _LABEL.sub("", _TITLE.sub("", diagram)).splitlines()
    return "; ".join(" ".join(line.split()) for line in lines if line.strip())


def _signature(arguments: Sequence[object], options: Mapping[str, object]) -> str:
    names = [name for argument in arguments for name in _names(argument)]
    names += [f"{key}={_neutral(options[key])}" for key in _NEUTRAL if key in options]
    names += [f"where={options['where']}"] if "where" in options else []
    return ", ".join(names)


def _names(argument: object) -> Iterator[str]:
    match argument:
        case Mapping():
            for value in argument.values():
                yield from _names(value)
        case VariantReference():
            yield f"{argument.of.experiment}.{argument.of.variant}"
        case ExperimentReference():
            yield argument.experiment
        case RecordedReference() | DerivedValue() | Detail() | str():
            yield str(argument)


def _neutral(value: object) -> str:
    """Return an argument without its labels: of a mapping from columns to labels, the columns."""
    return "+".join(map(str, value)) if isinstance(value, Mapping) else str(value)
