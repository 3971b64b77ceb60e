"""What `sentiment` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


@pytest.mark.parametrize("variant", ["bag_of_words", "scratch", "pretrained", "pretrained_nsp"])
def test_sentiment_is_judged_alike_with_every_start(smoke: Smoke, variant: str) -> None:
    result = smoke.result("sentiment", variant)
    reliability = result.tables["reliability"].rows
    assert result.split == smoke.result("bert_pretraining", "mlm").split
    assert result.split is not None
    settings = result.config["strengths" if variant == "bag_of_words" else "learning_rates"]
    reviews = result.config["test_reviews"]
    assert isinstance(settings, tuple) and isinstance(reviews, int)
    assert sum(int(str(row[1])) for row in reliability) == min(reviews, result.split.sizes["test"])
    assert [row[0] for row in result.tables["search"].rows] == list(settings)
    assert result.choices["setting"] in settings
    assert ("pretraining_operations" in result.values) == variant.startswith("pretrained")
