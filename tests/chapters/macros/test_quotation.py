"""Code that a page shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered


def test_code_as_its_tree_delimits_it(tiny: Project) -> None:
    text = rendered(tiny, '{{ source("letters", "letters") }}\n{{ source("sides") }}')
    assert text.startswith("```python\n@experiment(\n") and text.count("```") == 4
    assert Path(tiny.experiments / "sides.py").read_text() in text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{{ source("leters") }}', "there is no such file of code"),
    ],
)
def test_what_cannot_be_shown(tiny: Project, template: str, message: str) -> None:
    text = refused(tiny, template)
    assert text.startswith("templates/pages/index/en.md:1: ") and message in text.splitlines()[0]
