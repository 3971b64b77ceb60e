"""The card of a number says what was measured, how often, on what, when, and whether the code is still the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest
from bifolio.chapters.context.catalogue import Catalogue, VariantName
from bifolio.chapters.context.names import RecordedReference
from bifolio.chapters.context.page import Page
from bifolio.chapters.macros.card import SEPARATOR, card
from bifolio.formats.language import load_language
from bifolio.programs import package_file
from bifolio.project import Project
from bifolio.provenance.witness import Witness
from bifolio.results.measurement import Measurement
from bifolio.results.record import Result, Split

if TYPE_CHECKING:
    from tests.conftest import Report

OF = VariantName("dice", "cpu", "fair")


@pytest.fixture
def page(tiny: Project) -> Page:
    profile = dataclasses.replace(tiny.profile("cpu"), environment={"torch": "2.13", "numpy": "2.4"})
    project = dataclasses.replace(tiny, profiles={**tiny.profiles, "cpu": profile})
    return Page(Catalogue(project), load_language("en", tiny.templates), "index")


def rows(page: Page, measurement: Measurement, name: str = "mean") -> list[str]:
    return card(page, RecordedReference(page, OF, "value", name), measurement).replace("\u00a0", " ").split(" · ")


def measured(page: Page, value: str = "mean", **of_result: object) -> Measurement:
    """Return a stored value as if its result had other fields."""
    found = page.catalogue.value(OF, value)
    return dataclasses.replace(found, stale="", result=dataclasses.replace(found.result, **of_result))  # type: ignore[arg-type]


def witness(result: Result, **fields: object) -> Witness:
    return dataclasses.replace(result.witness, **fields)  # type: ignore[arg-type]


def labels(found: list[str]) -> Mapping[str, str]:
    return dict(row.split(": ", 1) for row in found[1:])


def test_every_row_but_the_name_has_a_label_and_evidence_is_last(page: Page) -> None:
    found = rows(page, measured(page))
    assert found[0] == "dice.fair.mean"
    assert list(labels(found)) == ["mean", "repeats", "device", "measured", "evidence"]
    assert labels(found)["mean"].count("95 % interval") == 1 and labels(found)["evidence"] == "fresh"


@pytest.mark.parametrize(
    ("split", "said"),
    [
        (None, "3 seeds; nothing says whether they share data, so the interval may be too narrow"),
        (Split({"train": 6, "test": 2}, "drawn"), "3 seeds, each with its own split"),
        (Split({"train": 6, "test": 2}, "fixed"), "3 seeds, over initialisation only"),
        (Split({"train": 6}, "fresh"), "3 seeds, each with new data"),
        (Split({}, "none"), "3 seeds, no data"),
    ],
)
def test_the_split_decides_what_the_seeds_vary(page: Page, split: Split | None, said: str) -> None:
    assert labels(rows(page, measured(page, split=split)))["repeats"] == said


def test_an_exact_number_has_no_interval(page: Page) -> None:
    assert labels(rows(page, measured(page, "sides")))["mean"] == "6, exact"


def test_the_library_is_the_one_that_the_profile_names_first(page: Page) -> None:
    result = measured(page).result
    parts = {**result.fingerprint.parts, "environment": {"numpy": "2.4", "torch": "2.13"}}
    known = measured(
        page,
        fingerprint=dataclasses.replace(result.fingerprint, parts=parts),
        witness=witness(result, device="Some GPU"),
    )
    assert labels(rows(page, known))["device"] == "Some GPU, torch 2.13"


def test_a_stale_number_names_the_commit_it_was_measured_at(page: Page) -> None:
    result = measured(page).result
    stale = dataclasses.replace(measured(page, witness=witness(result, commit="abc1234def")), stale="code changed")
    assert labels(rows(page, stale))["evidence"].startswith("stale: measured at commit abc1234, ")
    unknown = dataclasses.replace(measured(page, witness=witness(result, commit="")), stale="code changed")
    assert labels(rows(page, unknown))["evidence"] == "stale: what it depends on has changed since"


def test_a_separator_in_a_name_makes_no_row_and_a_quotation_mark_ends_no_title(page: Page) -> None:
    result = measured(page).result
    odd = measured(page, witness=witness(result, device='GPU · "A": 1'))
    shown = card(page, RecordedReference(page, OF, "value", "mean"), odd)
    assert shown.count(" · ") == 5 and '"' not in shown


def test_a_card_says_what_a_count_is_out_of(choosing: Report) -> None:
    project = choosing.project
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


def test_the_script_of_the_pages_splits_a_title_where_it_is_joined() -> None:
    script = (package_file("assets") / "bifolio.js").read_text(encoding="utf-8")
    assert f'const ROWS = "{SEPARATOR}";' in script
