"""Data sets whose version and hash are declared, and checked before a byte is used."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bifolio.errors import RunError, nearest_name
from bifolio.provenance.declaration import DatasetDeclaration as Dataset

__all__ = ["Dataset", "verified_bytes", "verified_content"]


def verified_bytes(dataset: Dataset, name: str, path: Path) -> bytes:
    """Return the content of one of a data set's files; raise RunError when it is not the declared one.

    `name` is the file's name in the declaration, `path` where this machine has it.
    """
    _check_declared(dataset, name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RunError(f"the data set {dataset.name} cannot be read: {error.strerror}", file=path) from None
    return verified_content(dataset, name, content, path)


def verified_content(dataset: Dataset, name: str, content: bytes, path: Path) -> bytes:
    """Return what was taken out of files at `path`; raise RunError when it is not what is declared as `name`."""
    _check_declared(dataset, name)
    found = hashlib.sha256(content).hexdigest()
    if found != dataset.files[name]:
        raise RunError(
            f"{name} is not version {dataset.version} of the data set {dataset.name}",
            file=path,
            found=f"sha256 {found}",
            expected=f"sha256 {dataset.files[name]}",
        )
    return content


def _check_declared(dataset: Dataset, name: str) -> None:
    if name not in dataset.files:
        raise RunError(
            f"the data set {dataset.name} declares no such file",
            found=name,
            expected=", ".join(dataset.files),
            nearest=nearest_name(name, dataset.files),
        )
