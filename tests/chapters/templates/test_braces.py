"""Braces of LaTeX and code that Jinja takes for its own, prices that are taken for formulas: the message says so."""

from __future__ import annotations

import pytest
from bifolio.chapters.templates.braces import HINT
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("# H {#h}\n\nThe loss $\\frac{{a}}{b}$.\n", 3),
        ("# H {#h}\n\n```yaml\nrun: ${{ github.ref }}\n```\n", 4),
        ("# H {#h}\n\nCode `{{ matrix }}`.\n", 3),
        ("# H {#h}\n\n```\n{% if x %}\n```\n", 5),
        ("# H {#h}\n\n$$\n{{x}}\n$$\n", 4),
    ],
)
def test_who_writes_double_braces_in_formulas_or_code_is_told_how(edited: Project, template: str, line: int) -> None:
    message = refused(edited, template)
    assert message.startswith(f"templates/pages/index/en.md:{line}:") and HINT in message


def test_an_unknown_name_elsewhere_gets_no_such_hint(edited: Project) -> None:
    assert HINT not in refused(edited, "# H {#h}\n\nThe loss $x$ is {{ nothing }}.\n")


def test_raw_leaves_them_alone(edited: Project) -> None:
    text = rendered(edited, "# H {#h}\n\n{% raw %}$\\frac{{a}}{b}$ and `{{ x }}`{% endraw %}\n")
    assert "$\\frac{{a}}{b}$ and `{{ x }}`" in text


@pytest.mark.parametrize("text", ["从 $10 到之间。$a$", "共 $5到7$元。"])
def test_who_writes_a_price_is_told_how(edited: Project, text: str) -> None:
    message = refused(edited, f"# H {{#h}}\n\n{text}\n")
    assert message.startswith("templates/pages/index/en.md:3:") and "\\$ for the dollar sign of a price" in message
