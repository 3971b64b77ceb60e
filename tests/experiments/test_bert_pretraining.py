"""What `bert_pretraining` records at smoke size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


@pytest.mark.parametrize("variant", ["mlm", "mlm_nsp"])
def test_bert_fills_the_blanks_that_its_baselines_fill(smoke: Smoke, variant: str) -> None:
    values = {name: value.number for name, value in smoke.result("bert_pretraining", variant).values.items()}
    other = smoke.result("bert_pretraining", "mlm").values
    assert values["hidden_characters"] == other["hidden_characters"].number
    assert values["pairs_loss"] < values["unigram_loss"]
    result = smoke.result("bert_pretraining", variant)
    assert result.choices["learning_rate"] in result.config["learning_rates"]  # type: ignore[operator]
    assert values["perplexity"] == pytest.approx(math.exp(values["test_loss"]))
    assert ("next_half_accuracy" in values) == (variant == "mlm_nsp")
