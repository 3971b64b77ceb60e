"""What an author reads when a template is wrong: the whole message, as it is printed."""

from __future__ import annotations

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError
from bifolio.project import Project

MESSAGES = {
    "a name that nothing has": (
        "{{ dcie.fair.mean }}",
        """\
templates/pages/index/en.md:3: there is no such name
  found:    dcie
  expected: captioned, coins, constant, datasets, dice, figure, formula, image, letters, ref, report, sample, source, \
table
  nearest:  dice""",
    ),
    "a value that was not recorded": (
        "{{ dice.fair.maen }}",
        """\
templates/pages/index/en.md:3: there is no such name in the results of dice
  found:    maen
  expected: mean, running_mean, share_of_sixes, sides, waits
  nearest:  mean""",
    ),
    "a variant that is not named": (
        "{{ dice.mean }}",
        """\
templates/pages/index/en.md:3: dice has no variant `default`, so the variant is named
  found:    dice.mean
  expected: dice.fair.mean or dice.loaded.mean""",
    ),
    "a profile that was not measured": (
        "{{ letters.gpu.seen_pairs }}",
        """\
templates/pages/index/en.md:3: there is no stored result
  found:    letters, variant default, profile gpu
  expected: `bifolio run letters --profile gpu` first""",
    ),
    "a field that the config lacks": (
        "{{ letters.config.lenght }}",
        """\
templates/pages/index/en.md:3: there is no such field in the config of letters
  found:    lenght
  expected: greedy, length
  nearest:  length""",
    ),
    "a table in a sentence": (
        "{{ dice.fair.running_mean }}",
        """\
templates/pages/index/en.md:3: a table is shown by a macro
  found:    {{ dice.fair.running_mean }}
  expected: figure(…) or table(…)""",
    ),
    "an experiment in a sentence": (
        "{{ dice }}",
        """\
templates/pages/index/en.md:3: only what was recorded can be shown
  found:    the experiment dice
  expected: a name after the experiment dice""",
    ),
    "a part of a value": (
        "{{ dice.fair.mean.low }}",
        """\
templates/pages/index/en.md:3: the value dice.fair.mean has no parts
  found:    dice.fair.mean.low
  expected: dice.fair.mean""",
    ),
    "a template that is cut short": (
        "{% if dice %}",
        """\
templates/pages/index/en.md:3: the template is not valid: Unexpected end of template. Jinja was looking for the \
following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.""",
    ),
    "a filter that does not exist": (
        "{{ dice.fair.mean | plian }}",
        """\
templates/pages/index/en.md:3: the template is not valid: No filter named 'plian'.
  found:    plian
  expected: bare, digits, high, low, mean, percent, plain, sd, seed, unit, or a filter of Jinja
  nearest:  plain""",
    ),
    "a figure without its words": (
        '{{ figure(dice.fair.running_mean, x="throws", y="mean") }}',
        """\
templates/pages/index/en.md:3: figure lacks title and caption
  expected: figure(data, title=…, caption=…, [x=…, y=…, rows=…, columns=…, cells=…, x_label=…, y_label=…, row_label=…, \
column_label=…, log=…, alt=…, name=…])""",
    ),
    "a column that the table lacks": (
        '{{ figure(dice.fair.running_mean, x="throws", y="maen", title="t", caption="c") }}',
        """\
templates/pages/index/en.md:3: there is no such column in dice.fair.running_mean
  found:    maen
  expected: throws, mean
  nearest:  mean""",
    ),
    "a value where a table belongs": (
        '{{ table(dice.fair.mean, columns={"mean": "mean"}) }}',
        """\
templates/pages/index/en.md:3: a table draws something else
  found:    the value dice.fair.mean
  expected: a table""",
    ),
    "a sample that nothing matches": (
        '{{ sample(letters.continuations, text="text", where={"prompt": "x"}) }}',
        """\
templates/pages/index/en.md:3: no row of letters.continuations matches
  found:    {'prompt': 'x'}
  expected: rows that were recorded""",
    ),
    "code that does not exist": (
        '{{ source("letters", "Pair") }}',
        """\
templates/pages/index/en.md:3: there is no such function or class in experiments/letters.py
  found:    Pair
  expected: Config, Pairs, Pairs.__init__, Pairs.next, letters
  nearest:  Pairs""",
    ),
    "a formula that does not exist": (
        '{{ formula("maen") }}',
        """\
templates/pages/index/en.md:3: there is no such formula
  found:    maen
  expected: mean
  nearest:  mean""",
    ),
    "a number without a source": (
        '{{ constant(3.5, source=" ") }}',
        """\
templates/pages/index/en.md:3: a number that is not measured here names its source
  found:    3.5
  expected: source="…\"""",
    ),
    "a formula that cannot be drawn": (
        "Because $\\frac{1$ is no formula.",
        """\
templates/pages/index/en.md:3: the formula cannot be drawn: Unexpected end of input in a macro argument, expected '}'
  found:    \\frac{1 ⟨here⟩ (character 8)
  expected: LaTeX that KaTeX knows, with text inside \\text{…}""",
    ),
    "macros without their context": (
        '{% from "macros.md" import both %}{{ both("x", dice.fair) }}',
        """\
templates/macros.md:1: imported macros know no page
  expected: {% from "macros.md" import name with context %}""",
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_a_message(tiny: Project, case: str) -> None:
    template, message = MESSAGES[case]
    (tiny.templates / "pages/index/en.md").write_text(f"# Home {{#home}}\n\n{template}\n", encoding="utf-8")
    for name in ("chance", "letters"):  # one page with one fault
        (tiny.templates / f"pages/{name}/en.md").write_text(f"# {name} {{#{name}}}\n")
    with pytest.raises(BifolioError) as error:
        render(tiny, ["en"])
    assert str(error.value) == message


def test_a_broken_diagram_names_its_line(tiny: Project) -> None:
    (tiny.templates / "pages/index/en.md").write_text(
        "# Home {#home}\n\n```mermaid\nflowchart LR\n  A[a (b)] --> B\n```\n"
    )
    with pytest.raises(BifolioError) as error:
        render(tiny, ["en"])
    assert str(error.value).startswith("templates/pages/index/en.md:")
    assert error.value.line in (3, 4, 5)
