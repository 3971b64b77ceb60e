"""The diagrams of merman's and Mermaid's own tests are drawn whole, or refused with a line."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bifolio.diagrams import diagram_type, draw_diagram
from bifolio.diagrams.kinds import DRAWN
from bifolio.errors import DiagramError

from tests.corpora.measuring import cut_off

_HTML = re.compile(r'<(?:pre|div)[^>]*class="[^"]*\bmermaid\b[^"]*"[^>]*>(.*?)</(?:pre|div)>', re.DOTALL)
_FENCE = re.compile(r"^```mermaid(?:-example)?[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SPEC = re.compile(r"(?:imgSnapshotTest|renderGraph)\(\s*`((?:[^`\\]|\\.)*)`")
_WAYS = {".mmd": re.compile(r"\A(.*)\Z", re.DOTALL), ".html": _HTML, ".md": _FENCE, ".js": _SPEC, ".ts": _SPEC}


def sources(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the place and the source of each diagram, the same source once."""
    seen = set()
    for file in sorted(folder.rglob("*")):
        way = _WAYS.get(file.suffix)
        for written in way.findall(file.read_text("utf-8", "replace")) if way and file.is_file() else ():
            source = html.unescape(written) if file.suffix == ".html" else written
            if source.strip() and "${" not in source and source not in seen:
                seen.add(source)
                yield file.relative_to(folder).as_posix(), source


@pytest.mark.parametrize("name", ["merman", "mermaid"])
def test_each_is_drawn_whole_or_refused_with_its_line(name: str, corpora: Path) -> None:
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    drawings, wrong = {}, []
    for place, source in sources(corpora / name):
        try:
            svg = draw_diagram(source, theme="dark", identifier=f"d{len(drawings)}")
            ElementTree.fromstring(svg)
        except DiagramError as error:
            is_ours = diagram_type(source) in DRAWN
            counts["refused" if is_ours else "of another kind"] += 1
            reasons[error.problem.partition(":")[0] if is_ours else "a diagram of this kind is not drawn"] += 1
        except Exception as error:  # what this test is for
            wrong.append(f"{place}: {error!r}")
        else:
            counts["drawn"] += 1
            drawings[f"{place}#{len(drawings)}"] = svg
    wrong += cut_off(drawings)
    print(f"{name}: {sum(counts.values())} diagrams, {dict(counts)}, {len(wrong)} wrong; {dict(reasons.most_common())}")
    assert not wrong, "\n".join(wrong)
