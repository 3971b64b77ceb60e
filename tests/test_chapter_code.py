"""The programs that chapters show run, and print what their comments say."""

from __future__ import annotations

import io
import re
import tokenize
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest
from bifolio.project import find_project

PROJECT = find_project(Path(__file__).resolve().parents[1])
PAGES = [(page, language) for page in PROJECT.chapters for language in PROJECT.languages]
# What lines of others, quoted for what they do, take for given.
GIVEN = {"practice": {"X_train": np.arange(6.0).reshape(3, 2), "X_test": np.arange(4.0).reshape(2, 2)}}


def programs(page: str, language: str) -> list[str]:
    text = (PROJECT.templates / "pages" / page / f"{language}.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def comments(program: str) -> list[str]:
    """Return the comments in order: each says a line that is printed."""
    tokens = tokenize.generate_tokens(io.StringIO(program).readline)
    return [token.string.removeprefix("#").strip() for token in tokens if token.type == tokenize.COMMENT]


@pytest.mark.parametrize(("page", "language"), PAGES)
def test_programs_of_a_chapter_run_in_order_and_print_what_their_comments_say(page: str, language: str) -> None:
    names: dict[str, object] = dict(GIVEN.get(page, {}))
    for program in programs(page, language):
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(program, f"{page}/{language}.md", "exec"), names)
        assert [line.strip() for line in printed.getvalue().splitlines()] == comments(program), program


def test_the_chapter_on_mathematics_has_a_program_beside_each_central_formula() -> None:
    assert len(programs("mathematics", "en")) >= 7


def test_a_program_that_says_something_else_would_be_found() -> None:
    assert comments("print(1)  # 2\n# 3\n") == ["2", "3"]
