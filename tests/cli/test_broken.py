"""One bad experiment file harms itself only: `status` calls it broken, with its place, and all else goes on."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from bifolio.authoring.png import encode_png
from bifolio.chapters import render
from bifolio.check.drift import keep_agreement
from bifolio.markdown.escaping import escape
from bifolio.project import find_project

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]

DOT, _, _ = encode_png([[0]], "a dot")
NESTED = "x = " + "(" * 3000 + ")" * 3000
SUM = "x = " + "+".join("1" for _ in range(30_000))
FAULTS: Mapping[str, tuple[str, str]] = {
    "half written": ('"""What?"""\nfrom bifolio import *\n\n@experiment(seeds=\n', "bad.py:4: this is no valid Python"),
    "5,000 digits": (f"x = 1\ny = {'7' * 5000}\n", "bad.py:2: this is no valid Python"),
    "nested": (NESTED, "bad.py:1: "),
    "long sum": (SUM, "bad.py:1: "),
    "conflict": ("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n", "bad.py:1: a merge left its marks"),
    "other declaration": (
        '"""What?"""\n@experiment(seed=1)\ndef bad(config, run):\n    pass\n',
        "bad.py:3: the config",
    ),
    "NUL": ("\n\0", "bad.py:2: a control character"),
    "import": ('"""What?"""\nfrom experiments.models.none import x\n', "bad.py:2: the report has no such module"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report of four experiments, of which `needing` needs `bad`, and three pages; nobody writes into it."""
    report = Report(tmp_path_factory.mktemp("broken") / "report")
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\nchapters = ["one", "two"]\n')
    for name in ("good", "bad", "other"):
        report.experiment(name, 'run.value("answer", 42, tolerance=0)', declared="seeds=2")
    need = 'run.value("twice", 2 * run.need("bad").value("answer"), tolerance=0)'
    report.experiment("needing", need, declared='seeds=2, needs=("bad",)')
    report.write("templates/pages/index/en.md", "# Home {#home}\n\nThere are {{ report.experiments }}.\n")
    claimed = "{{% claim {}.answer > 1 %}}More than one.{{% endclaim %}}\n"
    one = f"# One {{#one}}\n\n{{{{ good.answer }}}} and {{{{ other.answer }}}}.\n\n{claimed.format('good')}"
    report.write("templates/pages/one/en.md", one)
    two = (
        "# Two {#two}\n\nBy\n{{ bad.answer }} and {{ needing.twice }}, not {{ good.answer }}.\n\n![A dot](dot.png)\n\n"
    )
    report.write("templates/pages/two/en.md", two + claimed.format("bad") + claimed.format("good"))
    (report.root / "templates/pages/two/dot.png").write_bytes(DOT)
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    render(report.project)
    keep_agreement(report.project)
    return report.root


@pytest.fixture
def whole_report(whole: Path, report: Report) -> Report:
    shutil.copytree(whole, report.root, dirs_exist_ok=True)
    return report


def break_it(report: Report, fault: str) -> str:
    text, place = FAULTS[fault]
    if fault == "import":
        text += (report.root / "experiments/bad.py").read_text()
    (report.root / "experiments/bad.py").write_text(text, encoding="utf-8")
    return f"experiments/{place}"


@pytest.mark.parametrize("fault", FAULTS)
def test_status_says_broken_with_its_place_and_the_rest_as_it_is(
    whole_report: Report, bifolio: Bifolio, fault: str
) -> None:
    place = break_it(whole_report, fault)
    ended = bifolio("status", "--json")
    rows = {row["experiment"]: row for row in json.loads(ended.out)}
    assert ended.status == 1 and ended.err == ""
    assert {name: row["state"] for name, row in rows.items()} == {
        "bad": "broken",
        "good": "fresh",
        "needing": "broken",
        "other": "fresh",
    }
    assert rows["bad"]["reason"].startswith(place) and rows["needing"]["reason"] == rows["bad"]["reason"]
    assert bifolio("status", "good").status == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_everything_else_is_measured_and_rendered(whole_report: Report, bifolio: Bifolio, fault: str) -> None:
    place = break_it(whole_report, fault)
    whole_report.edit("experiments/other.py", "42", "43")
    kept = (whole_report.root / "docs/en/two.md").read_bytes()
    ended = bifolio("run")
    assert ended.status == 1 and ended.out.count("measured other") == 2 and f"broken   {place}" in ended.err
    rendering = render(whole_report.project)
    docs = whole_report.root / "docs/en"
    assert "43" in (docs / "one.md").read_text(encoding="utf-8") and "one.md" in str(rendering.written)
    (error,) = rendering.kept
    assert error.summary == "templates/pages/two/en.md:4: the experiment bad is broken" and place in str(error)
    assert (docs / "two.md").read_bytes() == kept and (docs / "evidence/bad.md").is_file()
    ended = bifolio("check")
    assert re.search(rf"{place.split(': ')[0]}: (broken-experiment|unreadable-file)", ended.out)
    assert "templates/pages/two/en.md:4: broken-experiment" in ended.out
    assert "orphan" not in ended.out and "dead-link" not in ended.out and "outdated-docs" not in ended.out


def test_it_is_shown_exported_packed_and_reproduced(whole_report: Report, bifolio: Bifolio) -> None:
    place = break_it(whole_report, "half written")
    exported = bifolio("export", "html")
    assert exported.status == 1 and "left as it was: templates/pages/two/en.md:4" in exported.err
    assert (whole_report.root / "dist/report-report.en.html").is_file()
    assert bifolio("pack", "x.zip").out == "packed 8 results into x.zip\n"
    again = bifolio("reproduce")
    assert again.status == 1 and f"broken   {place}" in again.err and again.out.count("identical") >= 4
    assert f"broken   {place}" in bifolio("reproduce", "--new-seeds", "bad").err
    assert place in bifolio("run", "bad").err
    assert bifolio("run", "good").status == 0


PLACE = "templates/pages/two/en.md:4: the experiment bad is broken"


def pages(report: Report) -> dict[str, str]:
    """Return what stands in docs/, without the files that every report has there."""
    files = (path for path in (report.root / "docs").rglob("*") if path.is_file() and "assets" not in path.parts)
    return {path.relative_to(report.root / "docs").as_posix(): path.read_text(errors="replace") for path in files}


def test_a_checkout_without_memory_keeps_what_docs_has(whole_report: Report, bifolio: Bifolio) -> None:
    before = pages(whole_report)
    assert {"en/pictures/two/dot.png", "en/evidence/claims.md"} < before.keys()
    place = break_it(whole_report, "half written")
    whole_report.edit("templates/pages/one/en.md", " and ", " or ")
    for _ in range(2):  # the second time, it is remembered what the first found in docs/
        shutil.rmtree(whole_report.root / ".cache", ignore_errors=True)
        for again in (False, True):
            rendering = render(whole_report.project)
            changed = {"en/index.md", "en/one.md", "en/evidence/index.md"}
            assert [error.summary for error in rendering.kept] == [PLACE] and not rendering.left_out
            assert rendering.removed == () and (again or set(rendering.written) <= changed)
            now = pages(whole_report)
            assert now.keys() == before.keys() and {path for path in now if now[path] != before[path]} == changed
    assert f"left as it was: {PLACE}" in bifolio("export", "html").err
    assert "templates/pages/two/en.md:4: broken-experiment" in bifolio("check").out
    (row,) = [line for line in now["en/evidence/index.md"].splitlines() if line.startswith("| [bad](bad.md)")]
    assert f">broken</span>: {escape(place)}" in row and row.endswith(" 1 |")
    assert now["en/evidence/index.md"].count("needing](needing.md){#row-needing} | cpu | <span") == 1


def test_a_page_that_docs_lacks_is_left_out(whole_report: Report, bifolio: Bifolio) -> None:
    before = pages(whole_report)
    shutil.rmtree(whole_report.root / ".cache")
    shutil.rmtree(whole_report.root / "docs")
    place = break_it(whole_report, "half written")
    for _ in range(2):
        ended = bifolio("export", "html")
        assert ended.status == 1 and f"left out: {PLACE}" in ended.err and place in ended.err
        now = pages(whole_report)
        assert now["en/one.md"] == before["en/one.md"] and "en/evidence/bad.md" not in now
        assert now["en/evidence/claims.md"].count("More than one.") == 1
        assert "# Two {#two}" in now["en/two.md"] and escape(place) in now["en/two.md"]
        assert "| bad | cpu | " in now["en/evidence/index.md"]
    place = break_it(whole_report, "5,000 digits")
    assert [error.summary for error in render(whole_report.project).left_out] == [PLACE]
    assert escape(place) in pages(whole_report)["en/two.md"]


def test_a_claim_and_code_of_it_are_errors_at_their_lines(whole_report: Report, bifolio: Bifolio) -> None:
    break_it(whole_report, "half written")
    for text in (
        "{% claim bad.answer > 1 %}So.{% endclaim %}",
        '{{ source("bad") }}',
        '{{ table(bad.rows, caption="") }}',
    ):
        whole_report.write("templates/pages/two/en.md", f"# Two {{#two}}\n\n{text}\n")
        assert "templates/pages/two/en.md:3: broken-experiment" in bifolio("check").out


def test_a_module_that_nobody_imports_harms_nobody(whole_report: Report, bifolio: Bifolio) -> None:
    whole_report.write("experiments/models/half.py", "def f(:\n")
    assert bifolio("status").status == 0
    assert "experiments/models/half.py:1: broken-experiment" in bifolio("check").out
    whole_report.write("experiments/models/__init__.py", "x = (\n")
    assert bifolio("status").status == 0


def test_it_is_mended_by_mending_its_file(whole_report: Report, bifolio: Bifolio) -> None:
    good = (whole_report.root / "experiments/bad.py").read_text()
    break_it(whole_report, "half written")
    bifolio("check")
    (whole_report.root / "experiments/bad.py").write_text(good)
    assert bifolio("status").status == 0
    assert render(find_project(whole_report.root)).kept == ()
    assert "broken" not in bifolio("check").out
