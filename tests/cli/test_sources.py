"""Every kind of file that an author writes is read alike, whatever its line ends; a fault has its place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.export import export
from bifolio.project import find_project

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]

BODY = '''
"""Kept as it is."""
run.value("answer", twice(21), tolerance=0)
run.value("other",
          1, tolerance=0)
'''
FILES: Mapping[str, str] = {
    "templates/pages/index/en.md": """
        {% from "macros.md" import said with context %}
        # Home {#home}

        It is {{ said(life.answer) }}, says [@knuth1984].

        {{ formula("mean") }}

        {{ source("helpers/doubling", "twice") }}
        """,
    "templates/macros.md": "{% macro said(value) %}**{{ value }}**{% endmacro %}\n",
    "templates/formulas/mean.toml": """
        latex = '''
        x = \\frac{1}{n}
        + 1'''
        [[symbols]]
        latex = "n"
        en = "how many"
        """,
    "templates/words.en.toml": '[evidence]\nseed = "the seed"\n',
    "templates/export/document.css": "/* ours */\np { color: red }\n",
    "templates/export/own.typ": "// ours\n#let a = 1\n",
    "references.bib": "% works\n@book{knuth1984,\n  title = {The TeXbook}, author = {Knuth, Donald}, year = 1984\n}\n",
    "pyproject.toml": '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n',
    "mkdocs.yml": "site_name: Ours\n# pages\ndocs_dir: docs/en\nsite_dir: site/en\n",
    "experiments/life.py": "",
    "experiments/helpers/doubling.py": 'def twice(x):\n    """Say it."""\n    text = """a\nb"""\n    return x + x\n',
}
PYTHON = ("experiments/life.py", "experiments/helpers/doubling.py")
STYLES = ("templates/export/document.css", "templates/export/own.typ")
HARMLESS: Mapping[str, Callable[[bytes], bytes]] = {
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "CRLF": lambda content: content.replace(b"\n", b"\r\n"),
    "CR": lambda content: content.replace(b"\n", b"\r"),
    "all": lambda content: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r", 2).replace(b"\n", b"\r\n", 3),
}
FAULTS: Mapping[str, tuple[Callable[[bytes], bytes], str]] = {
    "UTF-16": (lambda content: content.decode().encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": (lambda content: content.decode().encode("utf-16-le"), "U+0000"),
    "Latin-1": (lambda content: b"# \xe9\n" + content, "0xE9"),
    "NUL": (lambda content: b"# \0\n" + content, "U+0000"),
    "an escape sequence": (lambda content: b"# \x1b[31m\n" + content, "U+001B"),
}


def write(report: Report, change: Callable[[bytes], bytes] = lambda content: content, only: str = "") -> None:
    """Write all kinds of files, one of them changed, or all."""
    for name, text in FILES.items():
        path = report.root / name
        if name == "experiments/life.py":
            imports = "from experiments.helpers.doubling import twice"
            report.experiment("life", BODY, declared="seeds=2", imports=imports)
        else:
            report.write(name, text)
        if only in ("", name):
            path.write_bytes(change(path.read_bytes()))


def made(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report with a file of each kind, measured, rendered and exported, which makes its fonts."""
    report = Report(tmp_path_factory.mktemp("sources") / "report")
    write(report)
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    render(report.project)
    export(report.project, "html")
    return report.root


@pytest.fixture
def plain(whole: Path, report: Report) -> Report:
    shutil.copytree(whole, report.root, dirs_exist_ok=True)
    return report


@pytest.mark.parametrize("harmless", HARMLESS)
def test_marks_and_line_ends_change_nothing(plain: Report, bifolio: Bifolio, harmless: str) -> None:
    before, digests = made(plain.root / "docs"), plain.digests()
    dist = [export(plain.project, format)[0].file.read_bytes() for format in ("html", "pdf")]
    write(plain, HARMLESS[harmless])
    assert plain.digests() == digests and plain.states() == {"life": "fresh"}
    render(plain.project, force=True)
    assert made(plain.root / "docs") == before
    assert [export(plain.project, format, force=True)[0].file.read_bytes() for format in ("html", "pdf")] == dist
    ended = bifolio("check", "--strict")
    assert ended.out.count("finding") == ended.out.count("drift") == 0, ended.out
    assert {outcome.kind for outcome in plain.measure(force=True).values()} == {"measured"}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", FILES)
def test_a_fault_has_its_file_and_line(plain: Report, bifolio: Bifolio, name: str, fault: str) -> None:
    change, found = FAULTS[fault]
    write(plain, change, name)
    verbs = [["build"]]
    verbs += [["check"]] if name not in (*STYLES, "mkdocs.yml") else []
    verbs += [["status"], ["run"]] if name in (*PYTHON, "pyproject.toml") else []
    verbs = verbs if name not in STYLES else [["export", "html" if name.endswith("css") else "pdf"]]
    for verb in verbs:
        ended = bifolio(*verb)
        said = ended.out + ended.err
        assert ended.status in (1, 2), (verb, said)
        assert re.search(rf"{re.escape(name)}:1: ", said), (verb, said)
        assert found in said or (verb == ["status"] and name in PYTHON), (verb, said)
        assert "Traceback" not in said


@pytest.mark.parametrize("text", ["", "\n \n", "---\ntitle: T\n---\n", "---\ntitle: T\n---", '{{ "" }}\n'])
def test_an_empty_page_is_told(plain: Report, bifolio: Bifolio, text: str) -> None:
    before = made(plain.root / "docs")
    plain.write("templates/pages/index/en.md", "")
    (plain.root / "templates/pages/index/en.md").write_text(text, encoding="utf-8")
    for verb in ("build", "check"):
        ended = bifolio(verb)
        assert ended.status == 1 and "templates/pages/index/en.md:1: " in ended.out + ended.err
        assert "the page is empty" in ended.out + ended.err
    assert made(plain.root / "docs") == before


@pytest.mark.parametrize("name", [name for name in FILES if name not in ("templates/pages/index/en.md", PYTHON[1])])
def test_any_other_empty_file_says_nothing_or_is_told(plain: Report, bifolio: Bifolio, name: str) -> None:
    write(plain, lambda _: b"", name)
    for verb in (["check"], ["build"], ["status"]):
        ended = bifolio(*verb)
        assert "Traceback" not in ended.err
        if ended.status:
            assert ended.status == 1 and re.search(r"[\w./]+:\d+: |not part of a report", ended.out + ended.err), ended


def test_a_coding_line_that_says_otherwise_is_told(plain: Report) -> None:
    text = '# coding: latin-1\ndef twice(x):\n    """é"""\n    return x + x\n'
    (plain.root / PYTHON[1]).write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=r"experiments/helpers/doubling.py:1: .*iso-8859-1"):
        find_project(plain.root) and plain.digests()
