"""The formulas of KaTeX's own tests and documentation are drawn and typeset, or refused with a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typst
import yaml
from bifolio.errors import FormulaError
from bifolio.export.pdf.fonts import all_fonts
from bifolio.export.pdf.typst import call, literal, string
from bifolio.formulas import render_formula
from bifolio.formulas.parts import typst_parts
from bifolio.formulas.typesetting import typst_formula

_IN_WORDS = re.compile(r"(?<![\\`$])(\$\$?)(?!\s)([^$`\n]+?)\1")
_IN_TESTS = re.compile(r"expect`((?:[^`\\]|\\.)*)`\.(?:toParse|toBuild)\(\)")


@dataclass(frozen=True)
class Case:
    """A formula of a corpus, and where it stands."""

    latex: str
    display: bool
    place: str


def formulas(folder: Path) -> Iterator[Case]:
    """Yield the formulas of KaTeX's screenshots, of its documentation, and of its tests that expect one to be drawn."""
    for name, shot in yaml.safe_load((folder / "test/screenshotter/ss_data.yaml").read_text("utf-8")).items():
        more = shot if isinstance(shot, dict) else {"tex": shot}
        yield Case(more["tex"].strip(), bool(more.get("display")), f"ss_data.yaml: {name}")
    for name in ("docs/supported.md", "docs/support_table.md"):
        for dollars, latex in _IN_WORDS.findall((folder / name).read_text("utf-8")):
            yield Case(latex.replace(r"\|", "|").strip(), dollars == "$$", name)
    for latex in _IN_TESTS.findall((folder / "test/katex-spec.ts").read_text("utf-8")):
        yield Case(latex.strip(), True, "katex-spec.ts")


def test_each_is_drawn_and_typeset_or_refused_with_its_line(corpora: Path) -> None:
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    written, wrong = [], []
    unique = {(case.latex, case.display): case for case in formulas(corpora / "katex")}
    for case in unique.values():
        try:
            render_formula(case.latex, display=case.display)
            code = typst_formula(case.latex, display=case.display)
            typst_parts(case.latex, display=case.display)
        except FormulaError as error:
            counts["refused"] += 1
            reasons[str(error.found).partition(" in ")[0] if "typeset" in error.problem else error.problem] += 1
            wrong += [] if error.line else [f"{case}: no line"]
        except Exception as error:  # what this test is for
            wrong.append(f"{case}: {error!r}")
        else:
            counts["drawn"] += 1
            written.append((case, code))
    wrong += _broken(written)
    print(f"{sum(counts.values())} formulas, {dict(counts)}, {len(wrong)} wrong; {dict(reasons.most_common(40))}")
    assert not wrong, "\n".join(wrong)


def _broken(written: list[tuple[Case, str]]) -> list[str]:
    """Return what Typst refuses, found by halves."""
    lines = [
        call(
            "#math.equation",
            f"$ {code} $" if case.display else f"${code}$",
            block=literal(case.display),
            alt=string("a"),
        )
        for case, code in written
    ]
    source = '#set document(title: "Formulas")\n#set text(font: "New Computer Modern Math")\n' + "\n\n".join(lines)
    try:
        typst.compile(source.encode(), font_paths=all_fonts(), format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        if len(written) == 1:
            return [f"{written[0][0]}: {error.message}"]
        half = len(written) // 2
        return _broken(written[:half]) + _broken(written[half:])
    return []
