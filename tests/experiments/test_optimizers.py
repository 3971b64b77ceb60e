"""What `optimizers` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


OPTIMIZERS = ("sgd", "momentum", "rmsprop", "adam", "adamw", "adam_without_root")


def test_optimizers_search_the_same_rates_with_the_same_steps(smoke: Smoke) -> None:
    results = [smoke.result("optimizers", variant) for variant in OPTIMIZERS]
    searched = {tuple(row[0] for row in result.tables["search"].rows) for result in results}
    assert searched == {results[0].config["learning_rates"]}
    assert len({result.values["steps"].number for result in results}) == 1


@pytest.mark.parametrize("variant", OPTIMIZERS)
def test_optimizers_choose_the_rate_by_validation_loss(smoke: Smoke, variant: str) -> None:
    result = smoke.result("optimizers", variant)
    rows = [(float(str(row[2])), row[0], row[1]) for row in result.tables["search"].rows if row[2] is not None]
    chosen = result.choices["chosen_rate"]
    assert (result.values["validation_loss"].number, chosen, result.choices["chosen_decay"]) == min(rows)
    assert result.values["learning_rate"].number == chosen


def test_decays_through_the_gradient_and_beside_it_search_the_same_settings(smoke: Smoke) -> None:
    results = [smoke.result("optimizers", variant) for variant in ("adam_decay", "adamw_decay")]
    searched = {tuple((row[0], row[1]) for row in result.tables["search"].rows) for result in results}
    assert len(searched) == 1
