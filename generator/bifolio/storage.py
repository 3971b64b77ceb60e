"""Writes files so that nothing good is ever half overwritten."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from bifolio.errors import StorageError


def write_file(path: Path, content: bytes | str) -> bool:
    """Write a file through a temporary neighbour and a rename; return whether its bytes changed.

    Raises StorageError when the disk refuses; what stood there before still stands.
    """
    data = content.encode() if isinstance(content, str) else content
    if _holds(path, data):
        return False
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):  # the first error is the one to tell
            temporary.unlink(missing_ok=True)
        raise StorageError(f"the file cannot be written: {error.strerror}", file=path) from error
    return True


def _holds(path: Path, data: bytes) -> bool:
    try:
        with open(path, "rb") as stream:
            return os.fstat(stream.fileno()).st_size == len(data) and stream.read() == data
    except OSError:
        return False  # nothing to compare with; writing will tell what is wrong
