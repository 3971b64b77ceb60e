"""What no font of an export has: shown by a sign that says its code point, for a measured text is never refused."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from dataclasses import replace

from bifolio.export.manuscript import Manuscript

_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
"""What holds the parts of one emoji or word together: it goes into the sign of what it joins."""
_REFERENCE = re.compile(r"&#(?P<code>[0-9]{1,7});")


def with_signs(manuscript: Manuscript, missing: Collection[str]) -> Manuscript:
    """Return a manuscript in which signs such as ⟨U+1F600⟩ stand for these characters, every line where it was."""
    if not missing:
        return manuscript
    some = "".join(map(re.escape, sorted(missing)))
    pattern = re.compile(f"[{some}](?:[{_JOINERS}]*[{some}])*[{_JOINERS}]*")

    def shown(text: str) -> str:
        plain = _REFERENCE.sub(lambda match: _character(match) if _character(match) in missing else match[0], text)
        return pattern.sub(_sign, plain)

    return replace(manuscript, pages=tuple(replace(page, text=shown(page.text)) for page in manuscript.pages))


def _character(reference: re.Match[str]) -> str:
    return chr(min(int(reference["code"]), sys.maxunicode))


def _sign(match: re.Match[str]) -> str:
    return f"⟨{' '.join(f'U+{ord(mark):04X}' for mark in match[0])}⟩"
