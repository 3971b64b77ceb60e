"""Schedules end where they should, and altered images are the same images altered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from experiments.schedules_and_augmentation import Config, altered, choose, factor

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


@pytest.mark.parametrize("schedule", ["constant", "step", "cosine", "warmup"])
def test_a_schedule_never_exceeds_the_rate_and_only_the_constant_one_keeps_it(schedule: str) -> None:
    factors = [factor(schedule, step / 100) for step in range(100)]
    assert max(factors) == pytest.approx(1.0)
    assert min(factors) >= 0.0
    assert (factors[-1] < 0.02) == (schedule != "constant")


def test_warmup_rises_before_it_falls() -> None:
    assert [factor("warmup", done) for done in (0.0, 0.05, 0.1, 0.55)] == pytest.approx([0.0, 0.5, 1.0, 0.5])


def test_shifting_moves_the_ink_by_one_pixel_in_nine_ways_the_fifth_of_which_is_none() -> None:
    picture = torch.zeros(1, 4, 4)
    picture[0, 1, 2] = 1.0
    views = altered(picture.flatten(1), "shifted", 4, 4).view(9, 4, 4)
    assert torch.equal(views[4], picture[0])
    places = [tuple(int(place) for place in view.nonzero()[0]) for view in views]
    assert sorted(places) == [(y, x) for y in (0, 1, 2) for x in (1, 2, 3)]


def test_mirroring_exchanges_left_and_right() -> None:
    views = altered(torch.tensor([[1.0, 2.0, 3.0, 4.0]]), "mirrored", 2, 2)
    assert views[1].tolist() == [[2.0, 1.0, 4.0, 3.0]]


def test_an_unknown_alteration_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown augmentation 'turned'"):
        altered(torch.zeros(1, 4), "turned", 2, 2)


def test_a_network_that_diverged_is_never_chosen() -> None:
    config = Config(sizes=(1, 2), learning_rates=(0.1, 0.2))
    chosen = choose([float("nan"), 3.0, 1.0, float("inf")], config)
    assert [(one.network, one.learning_rate) for one in chosen] == [(1, 0.2), (2, 0.1)]


@pytest.mark.parametrize("variant", ["constant", "step", "cosine", "warmup", "shifted", "noisy", "mirrored"])
def test_schedules_and_augmentation_beats_the_majority_and_searches_the_same_rates(smoke: Smoke, variant: str) -> None:
    result = smoke.result("schedules_and_augmentation", variant)
    rows = result.tables["by_size"].rows
    assert tuple(row[0] for row in rows) == result.config["sizes"]
    assert all(row[1] in result.config["learning_rates"] for row in rows)  # type: ignore[operator]
    assert tuple(row[0] for row in result.tables["search"].rows) == result.config["learning_rates"]
    assert result.values["accuracy_1000"].number > result.values["majority_accuracy"].number + 30


def test_the_schedule_is_drawn_from_the_first_step_to_the_last(smoke: Smoke) -> None:
    rows = smoke.result("schedules_and_augmentation", "cosine").tables["schedule"].rows
    assert rows[0] == (0, 1.0)
    assert rows[-1][0] == smoke.result("schedules_and_augmentation", "cosine").config["steps"]
    assert rows[-1][1] == pytest.approx(0.0)


def test_schedules_and_augmentation_chooses_the_rate_by_validation_loss(smoke: Smoke) -> None:
    result = smoke.result("schedules_and_augmentation", "cosine")
    rows = [(float(str(row[1])), row[0]) for row in result.tables["search"].rows if row[1] is not None]
    assert (result.values["validation_loss"].number, result.choices["learning_rate"]) == min(rows)
