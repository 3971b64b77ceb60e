"""Compiled templates kept between processes; a damaged file is compiled again, and nothing is unpickled."""

from __future__ import annotations

import hashlib
import marshal
from contextlib import suppress
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache, bc_magic

from bifolio import __version__
from bifolio.errors import StorageError
from bifolio.storage import write_file

_FORMAT = hashlib.sha256(bc_magic + __version__.encode()).hexdigest()
"""Changes with Python and Jinja, whose bytecode differs."""


class CompiledTemplates(BytecodeCache):
    """One file a template: the checksum of its source, that of the bytecode, the bytecode."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            checksums, _, code = self._file(bucket).read_bytes().partition(b"\n")
        except OSError:
            return
        # marshal trusts its input, so a byte that changed on disk must not get that far.
        if checksums == _checksums(bucket, code):
            bucket.code = marshal.loads(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = marshal.dumps(bucket.code)
        with suppress(StorageError):  # a read-only checkout works too, only slower
            write_file(self._file(bucket), _checksums(bucket, code) + b"\n" + code)

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.bin"


def _checksums(bucket: Bucket, code: bytes) -> bytes:
    return f"{_FORMAT} {bucket.checksum} {hashlib.sha256(code).hexdigest()}".encode()
