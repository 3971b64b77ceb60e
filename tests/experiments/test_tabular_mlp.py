"""The five ways to prepare the test part of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from experiments.models.boosted_trees import fit_trees
from experiments.splits.parts import Part
from experiments.tabular_mlp import prepare, prepare_test, standardise

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke

TRAIN = torch.tensor([[100.0, 1.0], [200.0, 3.0], [300.0, 8.0]])
TEST = torch.tensor([[150.0, 2.0], [400.0, 4.0]])


def test_standardising_by_itself_gives_mean_0_and_deviation_1_as_numpy_computes_it() -> None:
    rows = standardise(TRAIN, TRAIN)
    torch.testing.assert_close(rows.mean(dim=0), torch.zeros(2))
    torch.testing.assert_close(rows.square().mean(dim=0), torch.ones(2))


def test_the_printed_way_leaves_the_test_part_nearly_as_it_was() -> None:
    torch.testing.assert_close(prepare_test("printed", TEST, TRAIN), prepare_test("raw", TEST, TRAIN))


def test_one_scalar_leaves_the_columns_as_unlike_as_they_were() -> None:
    rows = prepare("one_scalar", TRAIN, TRAIN)
    assert float(rows.mean()) == pytest.approx(0.0, abs=1e-6)
    assert float(rows.square().mean()) == pytest.approx(1.0)
    torch.testing.assert_close(rows.std(dim=0)[0] / rows.std(dim=0)[1], TRAIN.std(dim=0)[0] / TRAIN.std(dim=0)[1])
    assert torch.equal(prepare("printed", TRAIN, TRAIN), rows)
    assert torch.equal(prepare_test("one_scalar", TEST, TRAIN), prepare("one_scalar", TEST, TRAIN))


def test_boosted_trees_are_stopped_where_the_validation_loss_is_lowest_and_ask_for_no_scale() -> None:
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(200, 2, generator=generator)
    labels = (rows[:, 0] * rows[:, 1] > 0).long()
    parts = Part(rows[:100], labels[:100]), Part(rows[100:], labels[100:])
    forest = fit_trees(*parts, learning_rate=0.3, trees=30)
    assert 1 <= forest.trees <= 30
    assert float((forest.predict(rows[100:]) == labels[100:]).float().mean()) > 0.8
    scaled = fit_trees(*(Part(1000 * part.inputs, part.labels) for part in parts), learning_rate=0.3, trees=30)
    assert torch.equal(scaled.predict(1000 * rows), forest.predict(rows))


def test_its_own_statistics_hide_that_the_test_part_differs() -> None:
    moved = prepare_test("test_statistics", TEST + 1000.0, TRAIN)
    torch.testing.assert_close(moved, prepare_test("test_statistics", TEST, TRAIN))
    assert (prepare_test("standardised", TEST + 1000.0, TRAIN) > prepare_test("standardised", TEST, TRAIN)).all()


def test_an_unknown_preparation_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown preparation 'scaled'"):
        prepare_test("scaled", TEST, TRAIN)


def test_tabular_mlp_trains_the_same_network_where_only_the_test_part_is_prepared_otherwise(smoke: Smoke) -> None:
    for variants in (("standardised", "test_statistics"), ("one_scalar", "printed")):
        results = [smoke.result("tabular_mlp", variant) for variant in variants]
        assert len({result.values["validation_loss"].number for result in results}) == 1
        assert len({result.values["largest_input"].number for result in results}) == 2
    raw = smoke.result("tabular_mlp", "raw")
    assert results[1].values["largest_input"].number == pytest.approx(raw.values["largest_input"].number, rel=1e-4)


@pytest.mark.parametrize("variant", ["standardised", "one_scalar", "printed", "test_statistics", "raw"])
def test_tabular_mlp_counts_every_tumour_of_the_test_part_once(smoke: Smoke, variant: str) -> None:
    result = smoke.result("tabular_mlp", variant)
    counts = {(row[0], row[1]): int(str(row[2])) for row in result.tables["confusion"].rows}
    assert result.split is not None
    assert sum(counts.values()) == result.split.sizes["test"]
    assert result.values["accuracy"].number == pytest.approx(100 * (counts[0, 0] + counts[1, 1]) / sum(counts.values()))
    found = 100 * counts[0, 0] / (counts[0, 0] + counts[0, 1])
    assert result.values["malignant_recall"].number == pytest.approx(found)
