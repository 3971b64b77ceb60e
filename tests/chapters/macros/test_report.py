"""What a template learns of the report as a whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.errors import BifolioError
from bifolio.project import Project, find_project

TEMPLATE = """# Home {#home}

{{ report.fresh }} of {{ report.results }} from {{ report.experiments }}, {{ report.newest }}, {{ report.year }}

{{ report.title }} {{ report.version }}|{{ report.site_url }}|{{ report.description }}

{{ datasets() }}
"""


@pytest.fixture
def home(edited: Project) -> Project:
    """Return the tiny report with a home page that speaks of the whole of it and of no experiment."""
    (edited.templates / "pages/index/en.md").write_text(TEMPLATE, encoding="utf-8")
    return edited


def rendered(project: Project) -> str:
    render(find_project(project.root), ["en"])
    return (project.docs / "en" / "index.md").read_text(encoding="utf-8")


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def stored(project: Project) -> int:
    return len(list((project.experiments / "results").rglob("seed-*.json")))


def test_the_counts_are_those_of_the_stored_results(home: Project) -> None:
    text = rendered(home)
    total = stored(home)
    found = re.search(r"^(\d+) of (\d+) from (\d+), (\w+ \d+, \d{4}), (\d{4})$", text, re.MULTILINE)
    assert found and [int(found[1]), int(found[2])] == [total, total] and total > 3
    assert int(found[3]) == len(list(home.experiments.glob("[a-z]*.py"))) - len({"proverbs", "sides"})
    assert found[4].endswith(found[5])
    assert f"{total} of {total} results fresh" in text  # the line below every page counts the same


def test_a_result_that_becomes_stale_or_goes_changes_the_page(home: Project) -> None:
    total = stored(home)
    assert f"\n{total} of {total} from" in rendered(home)
    max((home.experiments / "results" / "letters").rglob("seed-*.json")).unlink()
    assert f"\n{total - 1} of {total - 1} from" in rendered(home)
    edit(home.experiments / "dice.py", "\n@dataclass", "\nADDED = 1\n\n\n@dataclass")
    fresh = len(list((home.experiments / "results").rglob("seed-*.json"))) - len(
        list((home.experiments / "results" / "dice").rglob("seed-*.json"))
    )
    assert f"\n{fresh} of {total - 1} from" in rendered(home)


def test_a_page_that_only_counts_is_no_user_of_an_experiment(home: Project) -> None:
    rendered(home)
    assert "index.md" not in (home.docs / "en" / "evidence" / "dice.md").read_text(encoding="utf-8")


def test_a_changed_setting_changes_the_page(home: Project) -> None:
    assert "\nA Tiny Report ||" in rendered(home)
    edit(
        home.root / "pyproject.toml",
        "[tool.bifolio]\n",
        '[tool.bifolio]\nversion = "1.2"\nsite_url = "https://r.org/"\n',
    )
    assert "\nA Tiny Report 1.2|https://r.org/|Without PyTorch." in rendered(home)


def test_data_sets_are_listed_with_their_licence_and_their_readers(home: Project) -> None:
    row = next(line for line in rendered(home).splitlines() if line.startswith("| **"))
    assert "(evidence/" in row and row.endswith(".md#about-data) |")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ report.result }}", "found:    result"),
        ('{{ report["page"] }}', "found:    page"),
        ("{{ report }}", "found:    the report"),
        ("{{ reprot.results }}", "nearest:  report"),
    ],
)
def test_what_a_report_does_not_say(home: Project, template: str, message: str) -> None:
    (home.templates / "pages/index/en.md").write_text(f"# Home {{#home}}\n\n{template}\n", encoding="utf-8")
    with pytest.raises(BifolioError) as error:
        rendered(home)
    assert message in str(error.value) and "templates/pages/index/en.md:3" in str(error.value)


def test_a_report_without_results_has_no_newest_day(home: Project) -> None:
    (home.templates / "pages/index/en.md").write_text("# Home {#home}\n\n{{ report.results }}\n", encoding="utf-8")
    for name in ("chance", "letters"):
        (home.templates / f"pages/{name}/en.md").write_text(f"# {name} {{#x}}\n", encoding="utf-8")
    for file in (home.experiments / "results").rglob("seed-*.json"):
        file.unlink()
    assert "\n0\n" in rendered(home)
    (home.templates / "pages/index/en.md").write_text("# Home {#home}\n\n{{ report.newest }}\n", encoding="utf-8")
    with pytest.raises(BifolioError, match="nothing of the report was measured"):
        rendered(home)
