"""Compiled templates are kept between processes, and nothing that changed on disk is ever unmarshalled."""

from __future__ import annotations

import marshal
from pathlib import Path

import pytest
from bifolio.chapters.templates.compiled import CompiledTemplates
from jinja2 import DictLoader, Environment, TemplateSyntaxError


def render(cache: Path, source: str) -> str:
    """Render a template as a process does that has nothing but its cache."""
    compiled = CompiledTemplates(cache)
    text = Environment(loader=DictLoader({"page": source}), bytecode_cache=compiled).get_template("page").render(x=2)
    compiled.keep()
    return text


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by a source each time a template is compiled."""
    made: list[str] = []
    parse = Environment._parse

    def counting(self: Environment, source: str, name: str | None, filename: str | None) -> object:
        made.append(source)
        return parse(self, source, name, filename)

    monkeypatch.setattr(Environment, "_parse", counting)
    return made


def test_a_template_is_compiled_once(tmp_path: Path, compilations: list[str]) -> None:
    assert [render(tmp_path, "{{ x + 1 }}") for _ in range(3)] == ["3", "3", "3"]
    assert compilations == ["{{ x + 1 }}"]
    assert render(tmp_path, "{{ x + 2 }}") == "4"
    assert render(tmp_path, "{{ x + 1 }}") == "3", "what was compiled earlier is still known"
    assert compilations == ["{{ x + 1 }}", "{{ x + 2 }}"]


def test_a_byte_that_changed_on_disk_reaches_no_unmarshalling(
    tmp_path: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    render(tmp_path, "{{ x }}")
    (file,) = tmp_path.glob("templates.json")
    content = file.read_text()
    file.write_text(content[:-40] + ("A" if content[-40] != "A" else "B") + content[-39:])
    monkeypatch.setattr(marshal, "loads", lambda code: pytest.fail("damaged bytecode was read"))
    assert render(tmp_path, "{{ x }}") == "2"
    assert len(compilations) == 2


def test_a_template_that_cannot_be_compiled_is_not_kept(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(TemplateSyntaxError):
            render(tmp_path, "{{ x +")


def test_nothing_is_opened_where_no_template_is_rendered(tmp_path: Path) -> None:
    CompiledTemplates(tmp_path).keep()
    assert list(tmp_path.iterdir()) == []
