"""What decides an output is read from imports: nothing that matters is missing, nothing else matters."""

from __future__ import annotations

import ast
import os
import re
import shutil
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib import metadata
from pathlib import Path

import pytest
from bifolio import programs as module
from bifolio.programs import PACKAGE, Programs, distribution_of, programs, version_of
from packaging.version import Version

PAGES = "bifolio.chapters.composition"
MADE_BY = (
    (PAGES,),
    ("bifolio.chapters.gate",),
    ("bifolio.check",),
    ("bifolio.export.html",),
    ("bifolio.export.pdf",),
    ("bifolio.export.html.fonts",),
    ("bifolio.website.build", "bifolio.website.plugin", "bifolio.website.markdown"),
)


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Yield path and syntax of every module but those that a new report is started with."""
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).as_posix()
        if not path.startswith("starter/report/"):
            yield path, ast.parse(file.read_bytes())


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the package, which is asked about instead of the one that runs."""
    copy = tmp_path / "bifolio"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "PACKAGE", copy)
    return copy


def asked(folder: Path, *modules: str) -> Programs:
    """Ask as another process would."""
    programs.cache_clear()
    module._reader.cache_clear()
    return programs(folder / ".cache", *modules)


def edit(file: Path, text: str = "\n# a comment\n") -> None:
    with open(file, "a", encoding="utf-8") as stream:
        stream.write(text)


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("chapters/macros/table.py", True),
        ("figures/heatmap.py", True),
        ("diagrams/text_widths.py", True),  # imported in a function
        ("locales/en.toml", True),
        ("assets/katex/katex.min.js", True),
        ("export/pdf/blocks.py", False),
        ("website/build.py", False),
        ("runner/executors/forks.py", False),
        ("authoring/run.py", False),
        ("cli/__init__.py", False),
        ("website/theme/main.html", False),
    ],
)
def test_pages_depend_on_what_makes_them(package: Path, tmp_path: Path, file: str, changes: bool) -> None:
    before = asked(tmp_path, PAGES).digest
    assert asked(tmp_path, PAGES).digest == before
    edit(package / file, "\n")
    assert (asked(tmp_path, PAGES).digest != before) is changes


@pytest.mark.parametrize(
    ("modules", "file"),
    [
        (("bifolio.export.pdf",), "assets/export/book.typ"),
        (("bifolio.export.html",), "assets/export/document.css"),
        (("bifolio.check",), "check/parity.py"),
        (("bifolio.website.build", "bifolio.website.plugin"), "website/theme/partials/copyright.html"),
        (("bifolio.website.build", "bifolio.website.plugin"), "website/theme/main.html"),
        (("bifolio.website.serving.server",), "website/serving/overlay.py"),  # beside data that the server reads
        (("bifolio.website.serving.server",), "website/serving/waiting.html"),
        (("bifolio.chapters.gate",), "assets/katex/katex.min.js"),
    ],
)
def test_other_outputs_depend_on_what_makes_them(
    package: Path, tmp_path: Path, modules: tuple[str, ...], file: str
) -> None:
    before = asked(tmp_path, *modules)
    edit(package / file, "\n")
    assert asked(tmp_path, *modules).digest != before.digest


def test_a_new_module_counts_once_it_is_imported(package: Path, tmp_path: Path) -> None:
    before = asked(tmp_path, PAGES)
    (package / "chapters" / "newcomer.py").write_text('"""New."""\nimport vl_convert\nfrom typst import compile\n')
    assert asked(tmp_path, PAGES).digest == before.digest
    edit(
        package / "chapters" / "macros" / "table.py",
        "\nif TYPE_CHECKING:\n    from bifolio.chapters.newcomer import compile\n",
    )
    assert "chapters/newcomer.py" not in asked(tmp_path, PAGES).files
    edit(
        package / "chapters" / "macros" / "table.py",
        "\ndef later():\n    from bifolio.chapters.newcomer import compile\n",
    )
    now = asked(tmp_path, PAGES)
    assert now.files.keys() - before.files.keys() == {"chapters/newcomer.py"}
    assert now.versions.keys() - before.versions.keys() == {"typst"}


def test_what_was_read_is_read_again_only_when_it_changed(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    syntax = module._read_syntax
    monkeypatch.setattr(module, "_read_syntax", lambda content: read.append(content) or syntax(content))
    before = asked(tmp_path, PAGES)
    assert len(read) == sum(path.endswith(".py") for path in before.files) > 50
    asked(tmp_path, PAGES)
    assert len(read) == sum(path.endswith(".py") for path in before.files)
    edit(package / "chapters" / "macros" / "table.py")
    os.utime(package / "chapters" / "macros" / "card.py")
    assert asked(tmp_path, PAGES).digest != before.digest
    assert len(read) == sum(path.endswith(".py") for path in before.files) + 2


@pytest.mark.parametrize("damaged", ["", "{}", "{}\n{}", "\udcff"])
def test_a_damaged_memo_and_a_folder_that_cannot_be_written_change_nothing(
    package: Path, tmp_path: Path, damaged: str
) -> None:
    before = asked(tmp_path, PAGES)
    (tmp_path / ".cache" / "programs.json").write_text(damaged, errors="surrogateescape")
    assert asked(tmp_path, PAGES) == before
    (tmp_path / "file").write_text("no folder")
    assert asked(tmp_path / "file", PAGES) == before


@pytest.mark.parametrize("modules", MADE_BY, ids=lambda modules: modules[0])
def test_versions_decide_and_every_distribution_is_installed(
    tmp_path: Path, modules: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = asked(tmp_path, *modules)
    assert all(before.versions.values()), "no version is known of a distribution: it has another name"
    for name in before.versions:
        with monkeypatch.context() as patch:
            patch.setattr(module, "version_of", lambda other, name=name: "0" if other == name else version_of(other))
            assert asked(tmp_path, *modules).digest != before.digest
    assert asked(tmp_path, *modules).digest == before.digest


def test_of_a_distribution_that_is_not_installed_the_version_is_empty() -> None:
    assert version_of("no-such-distribution") == ""


def test_the_folders_on_the_path_tell_the_versions_that_their_metadata_have() -> None:
    told = {re.sub(r"[-_.]+", "-", one.name).lower(): Version(one.version) for one in metadata.distributions()}
    assert len(told) > 50 and {name: Version(version_of(name)) for name in told} == told


def test_the_name_of_every_import_leads_to_its_distribution() -> None:
    imported: dict[str, str] = {}
    for path, tree in sources():
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            imported.update({name.partition(".")[0]: path for name in names})
    provided = metadata.packages_distributions()
    wrong = [
        f"{path}: import {name}: no distribution {distribution_of(name)!r}, but {provided.get(name)}"
        for name, path in imported.items()
        if name not in sys.stdlib_module_names
        and name != "bifolio"
        and distribution_of(name) not in {re.sub(r"[-_.]+", "-", one).lower() for one in provided.get(name, ())}
    ]
    assert wrong == []


def test_every_font_of_the_exports_is_among_the_distributions() -> None:
    from bifolio.export.html import fonts

    faces = {face for stack in fonts._STACKS.values() for style in stack.values() for face in style}
    assert {face.package for face in faces} <= set(fonts.DISTRIBUTIONS)


def test_package_data_are_read_by_package_file_alone() -> None:
    """What a call names has to be there, and any other way to the package's folder would go unnoticed."""
    files = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*")]
    allowed = {
        "programs.py",
        "starter/__init__.py",
        "runner/measuring/installed.py",
        "results/status.py",
        "provenance/sources.py",
    }
    restarts = {"website/serving/loop.py", "website/serving/rebuild.py"}  # they ask where the program lies
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "package_file":
                pattern = module._pattern(node.args[0])
                assert not pattern.startswith("*"), f"{path}:{node.lineno}: nothing says which file"
                assert any(fnmatchcase(file, pattern) for file in files), f"{path}:{node.lineno}: {pattern}"
        names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}
        assert path in allowed | restarts or not names & {"__file__", "resources", "PackageLoader"}, path
