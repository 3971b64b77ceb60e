"""From which line of a template a line of its page was made, so that a fault has a place that its author can mend."""

from __future__ import annotations

_LIKE = 0.4
"""How alike a line and what became of it have to be, where several could have become it."""


def template_line(template: str, page: str, line: int) -> int:
    """Return the template's line, from 1, of a line of the page.

    Lines that stand in both tell where the others come from; of the lines between them it is the one that is most like
    what it became, else the one as far down.
    """
    from difflib import SequenceMatcher, get_close_matches  # it is wanted for a fault alone

    before, after = template.splitlines() or [""], page.splitlines() or [""]
    place = min(line, len(after)) - 1
    for kind, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if start <= place < end:
            between = before[first:last]
            alike = get_close_matches(after[place], between, n=1, cutoff=_LIKE) if kind == "replace" else []
            if alike and len(between) != end - start:
                return first + between.index(alike[0]) + 1
            return min(first + place - start, max(first, last - 1), len(before) - 1) + 1
    return 1
