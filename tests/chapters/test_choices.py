"""What later statistics build on, shown plainly: choices, counts, divergence, and where data come from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bifolio.chapters.context.catalogue import Catalogue, VariantName
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.card import card
from bifolio.formats.language import load_language

from tests.chapters.macros.test_card import labels
from tests.chapters.macros.test_macros import refused, rendered

if TYPE_CHECKING:
    from bifolio.project import Project

    from tests.conftest import Report

BODY = """
    run.fresh_data(train=60)
    run.choice("rate", (0.1, 0.03, 0.1, 0.03, 0.1)[run.seed])
    run.choice("decay", (True, True, 1, 1, None)[run.seed])
    run.choice("kind", ("<b>a_b</b>", run.seed < 9))
    run.value("errors", run.seed, of=60 + run.seed)
    run.value("misses", 3, of=60)
    if run.seed == 3:
        run.diverged("the loss *became* infinite")
    """


@pytest.fixture(scope="module")
def measured_once(tmp_path_factory: pytest.TempPathFactory) -> Report:
    from tests.conftest import Report

    report = Report(tmp_path_factory.mktemp("choices"))
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    report.write("templates/pages/index/en.md", "")
    report.experiment("some", BODY, declared="seeds=5")
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    return report


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ some.rate }}", "[0.1](evidence/some.md#rate){.bf-value} (3 of 5 seeds)"),
        ("{{ some.decay }}", "[yes, 1](evidence/some.md#decay){.bf-value} (2 of 5 seeds each)"),
        ("{{ some.kind }}", "[&#60;b&#62;a_b&#60;&#47;b&#62;, yes](evidence/some.md#kind){.bf-value}"),
    ],
)
def test_a_choice_is_shown_with_how_often_and_without_an_interval(
    measured_once: Report, template: str, text: str
) -> None:
    assert rendered(measured_once.project, template).strip() == text


def test_names_and_what_is_nearest_know_choices(measured_once: Report) -> None:
    message = refused(measured_once.project, "{{ some.rat }}")
    assert "expected: decay, errors, kind, misses, rate" in message and "nearest:  rate" in message
    assert "the choice some.rate" in refused(measured_once.project, "{{ some.rate | bare }}")
    assert "the choice some.rate" in refused(measured_once.project, "{% claim some.rate < 1 %}S{% endclaim %}")


def test_the_evidence_page_shows_choices_counts_divergence_and_where_data_come_from(measured_once: Report) -> None:
    rendered(measured_once.project, "{{ some.rate }}")
    page = (measured_once.project.docs / "en/evidence/some.md").read_text(encoding="utf-8")
    assert '<span id="rate">rate</span> | 0.1 ×3, 0.03 ×2 |' in page
    assert '<span id="decay">decay</span> | yes ×2, 1 ×2, none ×1 |' in page
    assert '<span id="errors">errors</span> (out of 60–64) |' in page
    assert '<span id="misses">misses</span> (out of 60) |' in page
    assert "Diverged in 1 of 5 seeds: the loss &#42;became&#42; infinite." in page
    assert "- New data for each seed: training 60" in page


def test_a_card_says_what_a_count_is_out_of(measured_once: Report) -> None:
    project: Project = measured_once.project
    page = Page(Catalogue(project), load_language("en", project.templates), "index")
    of = VariantName("some", "cpu", "default")
    said = {
        name: labels(
            card(page, RecordedReference(page, of, "value", name), page.catalogue.value(of, name)).split(" · ")
        )
        for name in ("errors", "misses")
    }
    assert (said["errors"]["out of"], said["misses"]["out of"]) == ("60–64", "60")
    assert said["errors"]["repeats"] == "5 seeds, each with new data"
    assert "exact" not in said["misses"]["mean"]  # all seeds agree, but what is counted is a sample


def test_changed_choices_and_divergence_are_changes_for_the_reader(measured_once: Report) -> None:
    from bifolio.changes.compare import _others

    (results,) = Catalogue(measured_once.project).results("some", "cpu").values()
    assert list(_others(results, results)) == []
    changed = tuple(replace(result, diverged=None, choices={**result.choices, "rate": 0.03}) for result in results)
    assert dict(_others(results, changed)) == {
        "rate": "choice differs in 3 of 5 seeds",
        "diverged": "diverged in 1 of 5 seeds → 0 of 5",
    }
