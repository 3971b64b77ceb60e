"""Filters of values, single cells of tables, rows of samples, and values that are asked whether they are true."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import pytest
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered
from tests.conftest import Report

ROWS = """
    run.fresh_data(train=60)
    models = run.table("models", columns=("model", "width", Column("mae", unit="ms")))
    for place, model in enumerate(("ridge", "tree")):
        for width in (8, 16):
            models.add(model, width, 10.0 * place + width + run.seed)
    """
BODY = f"""{ROWS}
    shares = (0.125, 0.25, 0.5)
    run.value("share", shares[run.seed])
    run.value("wait", 1.5 + run.seed, unit="s")
    run.value("size", 64)
    hostile = {{"text": f"<b>{{run.seed}}</b> {{{{{{{{ 1 }}}}}}}}", "sure": 0.5 + 0.1 * run.seed}}
    run.sample("said", [hostile, {{"text": "two", "sure": 1.0}}])
    """


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Report:
    report = Report(tmp_path_factory.mktemp("filters"))
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    report.write("templates/pages/index/en.md", "")
    quantities = (
        'quantities={"models.mae": Quantity(range=(0, None), matters=1.0, reason="a tenth of what one waits for")}'
    )
    report.experiment("some", BODY, declared=f"seeds=3, {quantities}", imports="from bifolio import Column, Quantity")
    report.experiment("often", ROWS, declared="seeds=5", imports="from bifolio import Column")
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    return report


def shown(report: Report, template: str) -> str:
    return re.sub(r"\]\([^ )]+ \"[^\"]*\"\)\{\.bf-value\}", "]", rendered(report.project, template)).strip()


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ some.wait | digits(2) }}", "[2.50 ± 2.48 s] (n = 3)"),
        ("{{ some.wait | digits(0) | plain }}", "[2 s]"),
        ("{{ some.share | digits(3) | plain }}", "[0.292]"),
        ("{{ some.wait | unit('ms') | plain }}", "[2,000 ms]"),
        ("{{ some.wait | unit('min') | digits(4) | plain }}", "[0.0417 min]"),
        ("{{ some.size | unit('images') | plain }}", "[64 images]"),
        ("{{ some.wait | unit('s') | plain }}", "[2 s]"),
        ("{{ some.share | percent | plain }}", "[30 %]"),
        ("{{ some.wait | seed(2) }}", "[3.5 s]"),
        ("{{ some.wait | unit('ms') | seed(0) }}", "[1,500 ms]"),
        ("{{ some.wait | low | digits(2) }}|{{ some.wait | digits(2) | high }}", "[0.02 s]|[4.98 s]"),
        ("{{ some.wait | sd | digits(1) }}", "[1.0 s]"),
        ("{{ some.share | percent | sd | digits(1) }}", "[19.1 points]"),
        ("{{ 2.345 | digits(1) }}", "2.3"),
        ("{{ [some.wait, some.wait] | sum | plain }}", "[5 s]"),
        ("{{ [some.wait, some.wait | unit('s')] | join(' / ') }}", "[2 ± 2 s] (n = 3) / [2 ± 2 s] (n = 3)"),
        ("{{ ['a', 'b'] | join('-') }}", "a-b"),
    ],
)
def test_how_a_value_is_written(measured: Report, template: str, expected: str) -> None:
    assert shown(measured, template).replace("\u00a0", " ") == expected


def test_a_scale_moves_the_interval_and_averages_nothing_anew(measured: Report) -> None:
    shares = (0.125, 0.25, 0.5)
    mean = float(rendered(measured.project, "{{ some.share | percent | mean }}"))
    assert mean == pytest.approx(100 * statistics.fmean(shares), rel=1e-2), "no geometric mean"
    spread = rendered(measured.project, "{{ some.share | percent | sd | digits(4) }}")
    assert f"{100 * statistics.stdev(shares):.4f}" in spread


def test_what_is_computed_keeps_its_link_and_tells_what_it_is(measured: Report) -> None:
    text = rendered(measured.project, "{{ some.wait | seed(1) }} {{ (some.wait * 2) | low }}")
    assert text.count("](evidence/some.md#wait ") == 2
    assert "seed 1 alone: 2.5" in text and "lower end of its 95 % interval" in text and "some.wait &#42; 2" in text
    alone = rendered(measured.project, "{{ some.wait | digits(1) }}")
    assert "3 seeds, each with new data" in alone, "its card is that of the value"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ some.wait | unit('kB') }}", "nothing says how this unit becomes that one"),
        ("{{ some.wait | percent }}", "only a share becomes a percentage"),
        ("{{ some.wait | digits('2') }}", "no number of digits after the point"),
        ("{{ some.wait | digits(-1) }}", "no number of digits after the point"),
        ("{{ some.wait | seed(7) }}", "this value has no `seed`"),
        ("{{ (some.wait | low) - 1 }}", "one number of a value has no interval"),
        ("{{ some.models | sd }}", "the filter `sd` is for measured values"),
        ("{{ some.wait | round(1) }}", "the filter `round` takes nothing measured"),
        ("{{ some.wait | float }}", "the filter `float` takes nothing measured"),
        ("{{ some.wait | string }}", "the filter `string` takes nothing measured"),
        ("{{ [some.wait, some.wait * 2] | max }}", "a measured value is neither true nor false"),
        ("{% if some.wait %}x{% endif %}", "a measured value is neither true nor false"),
        ("{% if some.wait > 2 %}x{% endif %}", "a measured value is neither true nor false"),
        ("{% if 2 < some.wait %}x{% endif %}", "a measured value is neither true nor false"),
        ("{% if some.wait == some.share %}x{% endif %}", "a measured value is neither true nor false"),
        ("{{ 'yes' if not some.wait - 1 else 'no' }}", "a measured value is neither true nor false"),
        ("{% for one in some.wait %}{% endfor %}", "only a sample is looped over"),
        ("{{ some.models.where(model='rigde').mae }}", "there is no such model in some.models"),
        ("{{ some.models.where(modle='ridge').mae }}", "there is no such column in some.models"),
        ("{{ some.models.where(model='ridge', width=8).mea }}", "there is no such column in some.models"),
        ("{{ some.models.where(model='ridge').mae }}", "a cell lies in one row of each seed's table"),
        ("{{ some.models.where() }}", "no row is told apart"),
        ("{% for one in some.said %}{{ one.txet }}{% endfor %}", "there is no such field in some.said"),
    ],
)
def test_what_would_be_untrue_is_refused(measured: Report, template: str, message: str) -> None:
    text = refused(measured.project, template)
    assert text.startswith("templates/pages/index/en.md:1: ") and message in text.splitlines()[0]


def test_who_asks_for_the_truth_is_told_how_a_claim_is_written(measured: Report) -> None:
    assert "{% claim some.wait > 2 %}…{% endclaim %}" in refused(measured.project, "{% if some.wait > 2 %}x{% endif %}")


def test_a_cell_is_a_value_like_any_other(measured: Report) -> None:
    cell = "some.models.where(model='ridge', width=8).mae"
    assert shown(measured, f"{{{{ {cell} | plain }}}}").replace("\u00a0", " ") == "[9 ms]"
    other = cell.replace("ridge", "tree")
    text = rendered(measured.project, f"{{{{ {other} - {cell} }}}}")
    assert "[10 ms](evidence/some.md#models " in text.replace("\u00a0", " ")
    assert "some.models.where(model=&#34;tree&#34;, width=8).mae" in text or "where(model=" in text
    table = rendered(measured.project, f'{{{{ table({{"a": {{"m": {cell}}}}}, columns={{"m": "M"}}) }}}}')
    assert table.splitlines()[0] == "|  | M (ms) |"


def test_a_claim_is_held_against_a_cell(measured: Report, tmp_path: Path) -> None:
    ridge, tree = (f'often.models.where(model="{model}", width=16).mae' for model in ("ridge", "tree"))
    text = rendered(measured.project, f"It is {{% claim {ridge} < {tree} %}}quicker{{% endclaim %}}.")
    assert "quicker" in text and "bf-claim" in text
    wrong = refused(measured.project, f"It is {{% claim {ridge} > {tree} %}}slower{{% endclaim %}}.")
    assert "where(model=" in wrong and "is contradicted" in wrong
    assert "the condition cannot be read" in refused(
        measured.project, f"{{% claim some.models.where(ridge).mae < {tree} %}}x{{% endclaim %}}"
    )
    bare = refused(measured.project, f"{{% claim some.models.where(model=ridge).mae < {tree} %}}x{{% endclaim %}}")
    assert 'model="ridge"' in bare


def test_a_sample_is_looped_over_and_stays_data(measured: Report) -> None:
    text = rendered(measured.project, "{% for one in some.said %}- {{ one.text }} ({{ one.sure }})\n{% endfor %}")
    assert text == "- &#60;b&#62;0&#60;&#47;b&#62; &#123;&#123; 1 &#125;&#125; (0.5)\n- two (1)\n"
    other = rendered(measured.project, "{% for one in some.said | seed(2) %}{{ one.text }};{% endfor %}")
    assert other.startswith("&#60;b&#62;2") and other.rstrip().endswith("two;")


def test_the_page_counts_what_its_cells_and_loops_use(measured: Report) -> None:
    rendered(measured.project, "{{ some.models.where(model='ridge', width=8).mae }}")
    evidence = (Path(measured.project.docs) / "en/evidence/some.md").read_text(encoding="utf-8")
    assert "index.md" in evidence, "the evidence names the page that shows a cell"


def test_what_is_exact_has_no_interval(tiny: Project) -> None:
    assert "this value has no `low`" in refused(tiny, "{{ (dice.fair.sides * 2) | low }}")


def test_a_filter_that_there_is_not_is_told_with_the_nearest(measured: Report) -> None:
    text = refused(measured.project, "one\n{{ some.wait | digts(2) }}")
    assert text.splitlines()[0] == "templates/pages/index/en.md:2: the template is not valid: No filter named 'digts'."
    assert "digits" in text and text.endswith("nearest:  digits")
