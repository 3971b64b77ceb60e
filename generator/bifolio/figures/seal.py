"""The seal of a drawing: what it was drawn from, and its own bytes, so that nobody need draw it twice."""

from __future__ import annotations

import hashlib
import re

_SEAL = re.compile(r' data-drawn="(?P<origin>[0-9a-f]{16})-(?P<bytes>[0-9a-f]{16})"')
_ROOT_END = re.compile(r"\A<svg[^>]*")


def digest(*texts: str) -> str:
    """Return sixteen hexadecimal digits of the SHA-256 of texts, each with its length."""
    found = hashlib.sha256()
    for text in texts:
        data = text.encode()
        found.update(f"{len(data)} ".encode() + data)
    return found.hexdigest()[:16]


def sealed(svg: str, origin: str) -> str:
    """Return a drawing with a seal; `origin` is the digest of what it was drawn from."""
    return _ROOT_END.sub(lambda root: f'{root[0]} data-drawn="{origin}-{digest(svg)}"', svg, count=1)


def is_sealed(svg: str, origin: str) -> bool:
    """Tell whether a drawing was drawn from this origin and is what it was then."""
    seal = _seal(svg)
    return seal is not None and seal["origin"] == origin and seal["bytes"] == digest(unsealed(svg))


def unsealed(svg: str) -> str:
    """Return a drawing without its seal: two themes of one figure then differ in nothing but colours."""
    seal = _seal(svg)
    return svg if seal is None else svg[: seal.start()] + svg[seal.end() :]


def _seal(svg: str) -> re.Match[str] | None:
    root = _ROOT_END.match(svg)
    return _SEAL.search(root[0]) if root else None
