"""The seal of a drawing: what drew it, what it was drawn from, and its own bytes, so that nobody need draw it twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

_SEAL = re.compile(r' data-drawn="(?P<makers>[^"]*?) ?(?P<origin>[0-9a-f]{16})-(?P<bytes>[0-9a-f]{16})"')
_ROOT_END = re.compile(r"\A<svg[^>]*")


def digest(*texts: str) -> str:
    """Return sixteen hexadecimal digits of the SHA-256 of texts, each with its length."""
    found = hashlib.sha256()
    for text in texts:
        data = text.encode()
        found.update(f"{len(data)} ".encode() + data)
    return found.hexdigest()[:16]


def sealed(svg: str, makers: Mapping[str, str], origin: str) -> str:
    """Return a drawing with a seal: the versions of what drew it, and the digest of what it was drawn from."""
    seal = f"{_written(makers)} {origin}-{digest(svg)}"
    return _ROOT_END.sub(lambda root: f'{root[0]} data-drawn="{seal}"', svg, count=1)


def is_sealed(svg: str, makers: Mapping[str, str], origin: str) -> bool:
    """Tell whether a drawing was drawn from this origin by these makers and is what it was then."""
    seal = _seal(svg)
    if seal is None or (seal["makers"], seal["origin"]) != (_written(makers), origin):
        return False
    return seal["bytes"] == digest(unsealed(svg))


def makers_of(svg: str) -> dict[str, str]:
    """Return the versions of what drew a drawing, none where it does not say."""
    seal = _seal(svg)
    named = (maker.partition("/") for maker in seal["makers"].split()) if seal else ()
    return {name: version for name, _, version in named}


def unsealed(svg: str) -> str:
    """Return a drawing without its seal: two themes of one figure then differ in nothing but colours."""
    seal = _seal(svg)
    return svg if seal is None else svg[: seal.start()] + svg[seal.end() :]


def _written(makers: Mapping[str, str]) -> str:
    return " ".join(f"{name}/{version}" for name, version in makers.items())


def _seal(svg: str) -> re.Match[str] | None:
    root = _ROOT_END.match(svg)
    return _SEAL.search(root[0]) if root else None
