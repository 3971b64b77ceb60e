"""Texts that would run something or leave their place, were they not escaped: for tests of hostile data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product

_CODE = ("hit()", "parent.hit&&hit()", "eval('hit()')")
_RUN = (
    "<script>{0}</script>",
    "<ScRiPt >{0}</sCrIpT>",
    "<img src=x onerror={0}>",
    "<img src=x onerror='{0}'>",
    "<svg onload={0}>",
    "<svg/onload={0}//",
    "<details open ontoggle={0}>",
    "<body onload={0}>",
    '<iframe srcdoc="<script>parent.{0}</script>"></iframe>',
    "<math><mtext></mtext><script>{0}</script></math>",
    "<a href=javascript:{0}>a</a>",
    "[a](javascript:{0})",
    "[a](<javascript:{0}>)",
    '![a](x" onerror="{0})',
    '[a](x "t" onmouseover={0})',
    "<javascript:{0}>",
    "[a]: javascript:{0}",
    "`<script>{0}</script>`",
    "$\\href{{javascript:{0}}}{{x}}$",
    '$$\\htmlData{{a="{0}"}}{{x}}$$',
    '```mermaid\nflowchart LR\n  A --> B\n  click A "javascript:{0}"\n```',
    "{{{{ {0} }}}}",
    "{{% set x = {0} %}}",
    "&#60;script&#62;{0}&#60;/script&#62;",
    '{{: onclick="{0}" }}',
    "{{ onclick={0} }}",
)
_LEAVE = (
    *("", '"', "'", "\"'>", "-->", "]]>", "</title>", "</style>", "</script>", "</textarea>"),
    *(")", "}}", "\n\n", "|", "`"),
)
"""What might end the place in which a text stands."""

PAYLOADS: tuple[str, ...] = tuple(
    leave + run.format(code) for (run, leave), code in zip(product(_RUN, _LEAVE), _CODE * 999, strict=False)
)


def with_text(data: object, path: tuple[str | int, ...], text: str) -> object:
    """Return plain data in which a text stands at a path; where the path ends in a key of an object, that key is it."""
    copy = json.loads(json.dumps(data))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = text
    return copy


def text_paths(data: object, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where the strings of plain data stand."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, inner in items:
        if isinstance(inner, str):
            yield (*before, step)
        else:
            yield from text_paths(inner, (*before, step))
