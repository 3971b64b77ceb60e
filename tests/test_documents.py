"""What the documents at the top of the repository show was made by the program, and what they name is there."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError
from bifolio.project import find_project

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(
    r"^```\w*\n(.*?)^```$", README.partition("## One screen of it")[2].partition("\n## ")[0], re.M | re.S
)
# Beside files of the repository, documents name those of the package and the rooms of experiments by their place there.
PLACES = (ROOT, ROOT / "generator" / "bifolio", ROOT / "experiments")
MADE = {"site/", "dist/", ".cache/", ".venv", ".venv/bin/"}


def test_the_experiment_in_the_readme_stands_in_its_file() -> None:
    code = (ROOT / "experiments" / "digits_mlp.py").read_text(encoding="utf-8")
    assert [line for line in BLOCKS[0].splitlines() if line.strip() != "..." and line not in code] == []


def test_the_sentences_in_the_readme_stand_in_their_templates() -> None:
    for line, language in zip(BLOCKS[1].splitlines(), ("en", "zh"), strict=True):
        assert line in (ROOT / f"templates/pages/background/{language}.md").read_text(encoding="utf-8")


def test_the_card_in_the_readme_is_the_one_that_readers_see() -> None:
    page = (ROOT / "docs/en/background.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert BLOCKS[2].strip() in html.unescape(page)


def test_the_refusal_in_the_readme_is_what_its_claim_gets(tmp_path: Path) -> None:
    """The same claim at the same line of a page of that name, in a report that consists of it."""
    (tmp_path / "templates/pages/background").mkdir(parents=True)
    claim = "{% claim digits_mlp.accuracy > digits_mlp.baseline_accuracy %}the perceptron is ahead.{% endclaim %}\n"
    text = "# Background {#background}\n" + "\n" * 63 + claim
    (tmp_path / "templates/pages/background/en.md").write_text(text, encoding="utf-8")
    for place in ("experiments", "templates/formulas"):
        (tmp_path / place).symlink_to(ROOT / place)
    project = replace(find_project(ROOT), root=tmp_path, languages=("en",), pages=("background",), chapters=())
    with pytest.raises(BifolioError) as refused:
        render(project)
    assert str(refused.value).strip() == BLOCKS[3].strip()


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_the_files_that_documents_name_are_there(document: str) -> None:
    named = re.findall(r"`([\w./{},-]+(?:/|\.(?:py|md|toml|yml|js|typ|txt)))`", (ROOT / document).read_text("utf-8"))
    assert named
    places = [*PLACES, *(ROOT / "templates/pages").iterdir()]
    missing = {name for name in named if name not in MADE and not any(_found(place, name) for place in places)}
    assert missing == set()


def _found(place: Path, name: str) -> bool:
    """Tell whether all that a name with `{a,b}` stands for is there."""
    parts = [part.strip("{}").split(",") for part in re.split(r"(\{[^}]*\})", name)]
    return all((place / "".join(one)).exists() for one in product(*parts))
