"""What `transfer` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from experiments.transfer import Learnt, best

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


@pytest.mark.parametrize("variant", ["bag_of_words", "random_features", "frozen", "finetuned", "scratch"])
def test_transfer_measures_every_number_of_labels_on_films_it_did_not_learn_from(smoke: Smoke, variant: str) -> None:
    result = smoke.result("transfer", variant)
    rows = result.tables["by_labels"].rows
    assert tuple(row[0] for row in rows) == result.config["label_counts"]
    settings = "strengths" if variant in ("bag_of_words", "random_features", "frozen") else "learning_rates"
    (setting,) = result.config[settings]  # type: ignore[misc]
    assert all(f"{setting:g}" in str(row[4]) for row in rows)
    assert [row[1] for row in rows] == [2, 2]
    for labels, _, accuracy, one_draw, _ in rows:
        assert result.values[f"accuracy_at_{labels}"].number == accuracy
        assert result.values[f"one_draw_at_{labels}"].number == one_draw
    assert result.values["guessing_accuracy"].number == pytest.approx(50)
    assert result.split == smoke.result("transfer", "frozen").split  # the same films for every variant


def test_of_all_settings_the_one_right_most_often_is_kept_and_of_several_the_surest() -> None:
    def tried(setting: str, accuracy: float, loss: float) -> Learnt:
        return Learnt(lambda rows: torch.zeros(len(rows), 2), setting, accuracy, loss)

    candidates = [tried("rash", 75.0, 2.0), tried("sure", 75.0, 0.5), tried("timid", 50.0, 0.1)]
    assert best(candidates).setting == "sure"
