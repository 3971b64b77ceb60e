"""What `digits_mlp` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bifolio.results.store import image_path

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_digits_mlp_judges_on_the_test_part_and_beside_its_baselines(smoke: Smoke) -> None:
    result = smoke.result("digits_mlp")
    assert result.split is not None
    assert result.split.sizes == {"train": 1078, "validation": 359, "test": 359}
    confusion = result.tables["confusion"].rows
    assert sum(int(str(row[2])) for row in confusion) == 359
    right = sum(int(str(row[2])) for row in confusion if row[0] == row[1])
    assert result.values["accuracy"].number == pytest.approx(100 * right / 359)
    assert result.values["accuracy"].number > result.values["majority_accuracy"].number + 50
    assert result.values["baseline_parameters"].number == 64 * 10 + 10


def test_digits_mlp_shows_its_mistakes_surest_first(smoke: Smoke) -> None:
    result = smoke.result("digits_mlp")
    mistakes = result.samples["mistakes"].rows
    assert all(row["true"] != row["predicted"] for row in mistakes)
    confidences = [float(str(row["confidence"])) for row in mistakes]
    assert confidences == sorted(confidences, reverse=True)
    picture = result.images["misread_digits"]
    assert (picture.width, picture.height) == (64 * len(mistakes), 64)
    assert image_path(smoke.project, result.name, picture).is_file()


def test_mnist_is_skipped_aloud_where_it_is_not_on_this_machine(smoke: Smoke) -> None:
    (skipped,) = smoke.skipped
    assert "digits_mlp mnist" in skipped
    assert "BIFOLIO_DATA" in skipped
