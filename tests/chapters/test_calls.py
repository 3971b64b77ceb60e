"""What an author reads when a macro, a filter or a template is called wrongly: one error, with the valid names."""

from __future__ import annotations

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError
from bifolio.project import Project

CURVE = "dice.fair.running_mean"
TABLE = "expected: table(data, columns=…, [head=…, caption=…, where=…, rows=…, seed=…, name=…])"
CONSTANT = "expected: constant(number, source=…, [unit=…, digits=…, shown=…])"
MESSAGES = {
    f'{{{{ table({CURVE}, colums={{"mean": "m"}}) }}}}': [
        "table has no argument `colums`",
        "found:    colums={'mean': 'm'}",
        TABLE,
        "nearest:  columns",
    ],
    f"{{{{ table({CURVE}) }}}}": ["table lacks columns", TABLE],
    f'{{{{ table({CURVE}, {CURVE}, columns={{"mean": "m"}}) }}}}': [
        "table has too many arguments without a name",
        f"found:    2: the table {CURVE}, the table {CURVE}",
        TABLE,
    ],
    f'{{{{ table({CURVE}, data=1, columns={{"mean": "m"}}) }}}}': [
        "table has an argument twice",
        "found:    data",
        TABLE,
    ],
    f'{{{{ table({CURVE}, columns=["mean"]) }}}}': [
        "table cannot take this as `columns`",
        "found:    ['mean']",
        "expected: {name: a text, …}",
    ],
    f'{{{{ figure({CURVE}, x="throws", y=["mean"], title="t", caption="c") }}}}': [
        "figure cannot take this as `y`",
        "found:    ['mean']",
        "expected: a text or {name: a text, …}",
    ],
    f'{{{{ figure({CURVE}, x="throws", y="mean", title=dice.fair.mean, caption="c") }}}}': [
        "figure cannot take this as `title`",
        "found:    the value dice.fair.mean",
        "expected: a text",
    ],
    f'{{{{ figure({CURVE}, x="throws", y="mean", title="t", caption="c", log="z") }}}}': [
        "axes that are logarithmic",
        "found:    log='z'",
        'expected: log="x", log="y" or log="xy"',
    ],
    "{{ constant() }}": ["constant lacks number and source", CONSTANT],
    '{{ constant(3.5, source="s", digits=True) }}': [
        "constant cannot take this as `digits`",
        "found:    True",
        "expected: a whole number",
    ],
    '{{ constant(3.5, source="s", digits=-1) }}': [
        "`digits` counts digits after the point",
        "found:    -1",
        "expected: 0 or more",
    ],
    '{{ 3.5 | digits("x") }}': [
        "no number of digits after the point",
        "found:    digits('x')",
        "expected: a whole number from 0 to 30",
    ],
    "{{ 3.5 | digits }}": ["the filter `digits` lacks count", "expected: digits(count)"],
    "{{ dice.fair.mean | bare(2) }}": [
        "the filter `bare` has too many arguments without a name",
        "found:    1: 2",
        "expected: bare()",
    ],
    "{{ dice.fair.mean | round(2) }}": [
        "the filter `round` takes nothing measured",
        "found:    the value dice.fair.mean",
        "expected: bare, digits, high, low, mean, percent, plain, sd, seed, unit, or after `mean` another one",
    ],
    "{{ (dice.fair.mean - dice.loaded.mean) | float }}": [
        "the filter `float` takes nothing measured",
        "found:    the computed value dice.fair.mean - dice.loaded.mean",
        "expected: bare, digits, high, low, mean, percent, plain, sd, seed, unit, or after `mean` another one",
    ],
    '{{ "abc" | replace("b") }}': [
        "the filter `replace`: missing 1 required positional argument: 'new'",
        "expected: replace(old, new, [count=…])",
    ],
    '{{ "abc" | round }}': [
        "the filter `round` failed: type str doesn't define __round__ method",
        "found:    'abc'",
    ],
    "{{ dice.fair.mean() }}": [
        "only macros are called",
        "found:    the value dice.fair.mean(…)",
        "expected: a name without (…)",
    ],
    "{{ figure }}": ["a macro shows something once it is called", "found:    figure", "expected: figure(…)"],
    '{{ dice.fair.mean + "x" }}': [
        "the template cannot be evaluated: TypeError: unsupported operand type(s) for +: something measured and 'str'"
    ],
    '{% include "macro.md" %}': [
        "there is no such template",
        "found:    macro.md",
        "expected: macros.md",
        "nearest:  macros.md",
    ],
    '{% from "macros.md" import bth with context %}{{ bth(1) }}': [
        "there is no such name in templates/macros.md",
        "found:    bth",
        "expected: both",
        "nearest:  both",
    ],
    '{% from "macros.md" import both with context %}{{ both(1, 2, 3) }}': [
        "both has too many arguments",
        "found:    3: 1, 2, 3",
        "expected: both(label, of)",
    ],
    '{% from "macros.md" import both with context %}{{ both(1, off=2) }}': [
        "both has no argument `off`",
        "found:    off=2",
        "expected: both(label, of)",
        "nearest:  of",
    ],
    "{% clam dice.fair.mean > 1 %}": [
        "the template is not valid: Encountered unknown tag 'clam'.",
        "found:    clam",
        "expected: a tag of Jinja",
        "nearest:  claim",
    ],
    "{% if 3 is evn %}{% endif %}": [
        "the template cannot be evaluated: No test named 'evn' found.",
        "found:    evn",
        "expected: a test of Jinja",
        "nearest:  even",
    ],
}


@pytest.mark.parametrize("template", MESSAGES)
def test_a_wrong_call_is_one_error_at_its_line(tiny: Project, template: str) -> None:
    assert str(_error(tiny, template)).splitlines() == [
        f"templates/pages/index/en.md:3: {MESSAGES[template][0]}",
        *(f"  {line}" for line in MESSAGES[template][1:]),
    ]


def test_an_argument_that_nothing_has_is_named_itself(tiny: Project) -> None:
    error = _error(tiny, f'{{{{ figure({CURVE}, x="throws", y="mean", title=titel, caption="c") }}}}')
    assert error.summary.endswith("there is no such name") and error.found == "titel"


def test_what_a_macro_of_the_report_was_not_given(tiny: Project) -> None:
    error = _error(tiny, '{% from "macros.md" import both with context %}{{ both("x") }}')
    assert error.summary == "templates/macros.md:1: this macro was called without an argument"
    assert error.found == "of"


def test_a_measured_number_in_a_formula_says_how_it_is_written(tiny: Project) -> None:
    error = _error(tiny, "So $a = {{ dice.fair.mean }}$.")
    assert error.line == 3 and "{{ value | mean | digits(2) }}" in str(error)
    (tiny.templates / "pages/index/en.md").write_text(
        "# Home {#home}\n\n$a = {{ dice.fair.mean | mean | digits(2) }}$\n"
    )
    render(tiny, ["en"])


def test_a_formula_of_its_own_file_has_its_place_from_the_report(tiny: Project) -> None:
    (tiny.templates / "formulas/mean.toml").write_text("# what it is\nlatex = '''\\foo'''\n")
    assert str(_error(tiny, '{{ formula("mean") }}')).startswith(
        "templates/formulas/mean.toml:2: the formula cannot be"
    )
    (tiny.templates / "formulas/mean.toml").write_text("latx = '''x'''\n")
    assert str(_error(tiny, '{{ formula("mean") }}')).startswith("templates/formulas/mean.toml:1: unknown key 'latx'")


def _error(tiny: Project, template: str) -> BifolioError:
    (tiny.templates / "pages/index/en.md").write_text(f"# Home {{#home}}\n\n{template}\n", encoding="utf-8")
    for name in ("chance", "letters"):  # one page with one fault
        (tiny.templates / f"pages/{name}/en.md").write_text(f"# {name} {{#{name}}}\n")
    with pytest.raises(BifolioError) as error:
        render(tiny, ["en"])
    return error.value
