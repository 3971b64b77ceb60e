"""The policy names the scripts of a page by their content, and lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import re

from bifolio.website.policy import with_policy

HEAD = '<!doctype html><html><head><meta charset="utf-8"><title>t</title></head><body>{}</body></html>'


def policy(body: str) -> str:
    (found,) = re.findall(
        r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', with_policy(HEAD.format(body))
    )
    return str(found)


def digest(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def test_scripts_in_the_page_are_named_by_their_digest() -> None:
    code = '\n  var 甲 = "</b>" // 乙\n'
    assert f"script-src 'self' {digest(code)};" in policy(f"<script>{code}</script><SCRIPT async>{code}</SCRIPT>")
    several = policy("<script>b</script><script type='module'>a</script>")
    assert f"script-src 'self' {' '.join(sorted([digest('a'), digest('b')]))};" in several


def test_what_is_no_script_of_the_page_is_not_named() -> None:
    body = '<script src="a.js"></script><script id="x" type="application/json">{}</script><script></script>'
    assert "script-src 'self';" in policy(body)


def test_nothing_is_loaded_from_elsewhere_and_no_script_is_trusted_for_standing_there() -> None:
    said = dict(part.strip().split(" ", 1) for part in policy("").split(";"))
    assert said["default-src"] == "'self'" and said["object-src"] == "'none'"
    assert not re.search(r"https?:|\*|unsafe-eval", " ".join(said.values()))
    assert [name for name, value in said.items() if "unsafe-inline" in value] == ["style-src"]


def test_it_stands_before_anything_it_is_about() -> None:
    page = with_policy('<html><head lang="en"><script>a</script></head></html>')
    assert page.index("http-equiv") < page.index("<script>")
    assert with_policy("no page at all") == "no page at all"
