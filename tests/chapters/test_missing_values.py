"""Gaps, runs that diverged and numbers of any size are shown as they are in every edition, and said in words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from bifolio.chapters import render

from tests.chapters.rendering import refused
from tests.conftest import Report

SETTINGS = '[tool.bifolio]\nlanguages = ["zh", "en"]\npages = ["index"]\n'
GAP = """
    run.no_data()
    rows = run.table("g", columns=("x", "y", "z"))
    for x, y in enumerate((1.0, 2.0, None, None, 5.0, 6.0)):
        rows.add(x, y, 3.0)
    cells = run.table("cells", columns=("row", "column", "share"))
    for row, column, share in (("a", "c", 0.5), ("a", "d", None), ("b", "c", 0.25)):
        cells.add(row, column, share)
    """
PROBE = """
    run.no_data()
    run.value("tiny", 3.2e-9 * (1 + run.seed / 9))
    run.value("parameters", 1.75e11 * (1 + run.seed / 99))
    run.value("flops", 10**24)
    run.value("count", 134_515_008)
    run.value("large", 1e300 * (1 + run.seed / 9))
    run.value("smallest", 5e-324)
    run.value("zero", -0.0)
    run.value("odd", 1e16 + 1)
    run.value("whole", 10**300 + run.seed)
    rows = run.table("rows", columns=("n", "size"))
    for n in range(2):
        rows.add(n, 10.0 ** (300 * n))
    """
DIVERGED = """
    run.no_data()
    if config.size == 2:
        run.diverged("the loss became infinite")
        return
    curve = run.table("curve", ("epoch", "loss"))
    for epoch in range(4):
        curve.add(epoch, 1.0 / (1 + epoch))
    if config.size == 3 and run.seed > 3:
        run.diverged("the loss became *nan*")
    else:
        run.value("loss", 0.25 + run.seed / 100)
    """


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Report:
    report = Report(tmp_path_factory.mktemp("missing"))
    report.write("pyproject.toml", SETTINGS)
    report.experiment("gap", GAP, declared="seeds=2")
    report.experiment("probe", PROBE, declared="seeds=2")
    variants = 'seeds=6, variants={"adam": Config(), "sgd": Config(size=2), "slow": Config(size=3)}'
    report.experiment("opt", DIVERGED, declared=variants)
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    return report


def editions(report: Report, template: str) -> tuple[str, str]:
    """Return what a template writes on the Chinese and the English home page."""
    report.write("pyproject.toml", SETTINGS)
    for language in ("zh", "en"):
        report.write(f"templates/pages/index/{language}.md", template)
    render(report.project)
    pages = [(report.project.docs / language / "index.md").read_text("utf-8") for language in ("zh", "en")]
    zh, en = (page.partition("\n---\n")[2].replace("\u00a0", " ") for page in pages)
    return zh, en


def data(report: Report, name: str) -> list[list[str]]:
    with Path(report.project.docs / f"en/figures/index/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.reader(file))


def test_a_gap_is_said_where_it_is(measured: Report) -> None:
    figure = '{{ figure(gap.g, x="x", y="y", x_label="x", y_label="y", title="A gap.", caption="Gap.", name="gap") }}'
    zh, en = editions(measured, figure)
    assert "![Over x from 0 to 5, y rises from 1 to 6 (with no value at 2 to 3).](" in en
    assert "**A gap.** Gap. A line is broken where a value is missing. <small>" in en
    assert "![x从 0 到 5，y由 1 升到 6（在 2 至 3 处缺少数值）。](" in zh and "折线断开之处缺少数值。" in zh
    assert [row[1:] for row in data(measured, "gap")][3:5] == [["2", "", "", "", "0"], ["3", "", "", "", "0"]]


def test_a_line_lacks_what_others_have_unless_it_has_steps_of_its_own(measured: Report) -> None:
    zh, en = editions(
        measured, '{{ figure(gap.g, x="x", y={"y": "less", "z": "more"}, title="T.", caption="C.", name="two") }}'
    )
    assert "less rises from 1 to 6 (with no value at 2 to 3); more stays at 3." in en
    assert "more保持在 3。" in zh


def test_a_missing_cell_is_said_and_is_no_zero(measured: Report) -> None:
    figure = (
        '{{ figure(gap.cells, rows="row", columns="column", cells="share", title="T.", caption="C.", name="heat") }}'
    )
    zh, en = editions(measured, figure)
    assert "with 0.5. No value: row a, column d, row b, column d.](" in en
    assert "缺少数值的格子：第 a 行第 d 列、第 b 行第 d 列。](" in zh
    assert data(measured, "heat") == [["row", "c", "d"], ["a", "0.5", ""], ["b", "0.25", ""]]


def test_numbers_of_any_size_are_written_with_powers_of_ten(measured: Report) -> None:
    shown = {
        "tiny": "(3 ± 2) × 10⁻⁹",
        "parameters": "(1.76 ± 0.11) × 10¹¹",
        "flops": "10²⁴",
        "count": "134,515,008",
        "large": "(1.1 ± 0.7) × 10³⁰⁰",
        "smallest": "5 × 10⁻³²⁴",
        "zero": "0",
        "odd": "10¹⁶",
        "whole": "10³⁰⁰",
    }
    pages = editions(measured, "\n\n".join(f"{{{{ probe.{name} }}}} {{{{ probe.{name} | plain }}}}" for name in shown))
    for page in pages:
        for name, text in shown.items():
            assert f"[{text}](evidence/probe.md#{name} " in page
    evidence = (measured.project.docs / "en/evidence/probe.md").read_text("utf-8").replace("\u00a0", " ")
    assert "| (1.76 ± 0.11) × 10¹¹ | 2 | 1.2 × 10⁹ | 1.75 × 10¹¹–1.768 × 10¹¹ |" in evidence
    for page in (*pages, evidence):
        assert "000,000,000" not in page and "e+" not in page


def test_a_figure_that_no_axis_shows_is_refused_at_its_line(measured: Report) -> None:
    figure = '\n\n{{ figure(probe.rows, x="n", y="size", title="T.", caption="C.", name="rows") }}'
    message = refused(measured.project, figure)
    assert message.startswith("templates/pages/index/en.md:3: series '' at x = 1")
    assert "found:    1e+300\n  expected: at most 1e+150" in message
    editions(measured, "# T {#t}")


def test_a_variant_of_which_every_run_diverged_is_shown_as_diverged(measured: Report) -> None:
    zh, en = editions(
        measured,
        '{{ opt.sgd.loss }} {{ opt.sgd.loss | plain }}\n\n{{ table({"Adam": opt.adam, "SGD": opt.sgd}, '
        'columns={"loss": "loss"}) }}\n\n{{ figure({"Adam": opt.adam.loss, "SGD": opt.sgd.loss}, title="T.", '
        'caption="C.", name="bars") }}\n\n{{ figure({"Adam": opt.adam.curve, "SGD": opt.sgd.curve}, x="epoch", '
        'y="loss", title="T.", caption="C.", name="lines") }}',
    )
    link = "[diverged (6 of 6 seeds)](evidence/opt.md#about-sgd-values){.bf-value}"
    assert en.count(link) == 3 and f"| SGD | {link} |" in en
    assert zh.count("[发散（6 次重复中有 6 次）](evidence/opt.md#about-sgd-values){.bf-value}") == 3
    assert "; SGD diverged (6 of 6 seeds).](figures/index/bars.svg)" in en
    assert "; SGD diverged (6 of 6 seeds).](figures/index/lines.svg)" in en
    assert data(measured, "bars")[-1] == ["SGD", "", "", "", "0"]
    evidence = (measured.project.docs / "en/evidence/opt.md").read_text("utf-8")
    assert "{#about-sgd-values}\n\nDiverged in 6 of 6 seeds: the loss became infinite.\n" in evidence


def test_runs_that_diverged_are_counted_beside_the_others(measured: Report) -> None:
    zh, en = editions(measured, "{{ opt.slow.loss }}")
    assert en.strip().endswith("(n = 4; 2 of 6 seeds diverged)") and " · diverged: 2 of 6 seeds · " in en
    assert zh.strip().endswith("（n = 4；6 次重复中有 2 次发散）") and " · 发散：6 次重复中有 2 次 · " in zh
    evidence = (measured.project.docs / "en/evidence/opt.md").read_text("utf-8")
    assert "| 4 (2 diverged) |" in evidence


def test_a_claim_says_who_diverged(measured: Report) -> None:
    statement = '{% statement expected="not supported" if=opt.sgd.loss < opt.slow.loss %}A.{% endstatement %}'
    zh, en = editions(measured, statement)
    assert "opt.sgd.loss: diverged (6 of 6 seeds) · " in en and "2 of 6 seeds diverged" in en
    assert "opt.sgd.loss：发散（6 次重复中有 6 次） · " in zh
    message = refused(measured.project, "{% claim opt.sgd.loss < opt.adam.loss %}A.{% endclaim %}")
    assert "opt.sgd.loss is missing (6 of 6 runs diverged), opt.adam.loss = 0.275" in message


def test_what_needs_the_number_of_runs_that_diverged_says_so(measured: Report) -> None:
    message = refused(measured.project, "{{ opt.sgd.loss | mean }}")
    assert message.startswith("templates/pages/index/en.md:1: opt.sgd.loss has no number")
    assert "found:    6 of 6 runs diverged" in message
    for macro in ("opt.sgd.loss", 'opt.sgd.curve, x="epoch", y="loss"'):
        assert "runs that all diverged" in refused(measured.project, f'{{{{ figure({macro}, title="", caption="") }}}}')
    assert "there is no such name" in refused(measured.project, "{{ opt.sgd.lss }}")
