"""Compiled templates kept between processes: compiling one takes longer than all else that is done to its page."""

from __future__ import annotations

import base64
import marshal
from functools import cached_property
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from bifolio.memo import Memo
from bifolio.programs import programs

_MOST = 1_000
"""How many templates are remembered that no page is made of now."""


class CompiledTemplates(BytecodeCache):
    """Bytecode by a template's name and source; the memo forgets it with another Python, Jinja or program of ours.

    marshal trusts its input, so a byte that changed on disk must not get that far: the memo's seal sees to it.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    @cached_property
    def _memo(self) -> Memo:
        made_by = programs(self._cache, __name__, "bifolio.chapters.templates.environment").digest
        return Memo(self._cache / "templates.json", made_by)

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._memo.known.get(self._memo.name("template", _text(bucket)))
        if kept is not None:
            self._memo.recall("template", _text(bucket), lambda: kept)
            bucket.code = marshal.loads(base64.b64decode(kept))

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = base64.b64encode(marshal.dumps(bucket.code)).decode()
        self._memo.recall("template", _text(bucket), lambda: code)

    def keep(self) -> None:
        """Write down what was compiled, if anything was asked for."""
        if "_memo" in vars(self):
            self._memo.keep(unused=_MOST)


def _text(bucket: Bucket) -> str:
    return f"{bucket.key} {bucket.checksum}"
