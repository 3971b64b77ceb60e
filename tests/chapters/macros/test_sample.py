"""What `sample` and `image` show, from the stored results of the tiny report."""

from __future__ import annotations

import pytest
from bifolio.project import Project

from tests.chapters.rendering import refused, rendered


def test_continuations_of_one_prompt_share_it(tiny: Project) -> None:
    shown = rendered(tiny, '{{ sample(letters.continuations, prompt="prompt", text="text", label="prompt") }}')
    assert shown.count('<div class="bf-sample"') == 2 and shown.count("bf-prompt") == 2 and shown.count("bf-text") == 2
    once = rendered(tiny, '{{ sample(letters.continuations, text="text", caption="C.") }}')
    assert once.count('<div class="bf-sample"') == 1 and once.count("bf-text") == 2
    assert once.startswith('<div class="bf-captioned" markdown="1">\n\n<div class="bf-sample"')
    assert once.endswith('</div>\n\n<span class="bf-caption">C.</span>\n\n</div>')


def test_an_image_is_copied(tiny: Project) -> None:
    text = rendered(tiny, '{{ image(letters.stripes, alt="stripes", seed=2) }}')
    assert "![stripes](figures/index/letters-stripes.png)" in text
    assert (tiny.docs / "en/figures/index/letters-stripes.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{{ sample(letters.continuations, text="txt") }}', "there is no such field in letters.continuations"),
        ("{{ sample(letters.continuations) }}", "a sample shows a text or columns"),
        ('{{ image(letters.vowels, alt="a") }}', "an image draws something else"),
    ],
)
def test_what_cannot_be_shown(tiny: Project, template: str, message: str) -> None:
    text = refused(tiny, template)
    assert text.startswith("templates/pages/index/en.md:1: ") and message in text.splitlines()[0]
