"""The theme's search, mended: lunr 2.3 takes two states of its word automaton for one where words end in digits.

`TokenSet.toString` joins labels and numbers of states without a sign between them, so that `5` to state 12 and `51` to
state 2 read alike; a merged state leads to words that no page has, and looking these up ends the search of any word
that begins as they do.
"""

from __future__ import annotations

import re
from pathlib import Path

from bifolio.storage import write_file

_WORKERS = "assets/javascripts/workers/search.*.js"
_JOINED = re.compile(r"\b(?P<sum>\w+)=(?P=sum)\+(?P<label>\w+)\+(?P<state>\w+)\.id(?=\}return (?P=sum)\})")


def mend_search(site: Path) -> int:
    """Set a sign between the states in the search of a built site; return how many scripts were mended."""
    mended = 0
    for worker in sorted(site.glob(_WORKERS)):
        script = worker.read_text(encoding="utf-8")
        apart, count = _JOINED.subn(r'\g<sum>=\g<sum>+\g<label>+\g<state>.id+";"', script)
        if count:
            write_file(worker, apart)
            mended += 1
    return mended
