"""The content security policy of a page: it loads what lies beside it, and runs the scripts that were built into it."""

from __future__ import annotations

import base64
import hashlib
import re

# `data:` is for the icons in Material's style sheets; formulas and diagrams have styles in their attributes.
_POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
_SCRIPT = re.compile(r"<script(?P<attributes>(?:\s[^>]*)?)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
_DATA = re.compile(r"""\s(?:src\s*=|type\s*=\s*["']?application/(?:ld\+)?json)""", re.IGNORECASE)
_CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
_HEAD = re.compile(r"<head(?:\s[^>]*)?>", re.IGNORECASE)


def with_policy(page: str) -> str:
    """Return a page of HTML that carries its policy, before anything that the policy is about."""
    codes = (match["code"] for match in _SCRIPT.finditer(page) if not _DATA.search(match["attributes"]))
    scripts = {_digest(code) for code in codes if code}
    policy = _POLICY.format(scripts="".join(f" 'sha256-{digest}'" for digest in sorted(scripts)))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    place = _CHARSET.search(page) or _HEAD.search(page)
    return f"{page[: place.end()]}\n    {meta}{page[place.end() :]}" if place else page


def _digest(code: str) -> str:
    return base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
