"""What `vae` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


@pytest.mark.parametrize("variant", ["sixteen_draws", "one_draw"])
def test_vae_reports_both_terms_of_its_bound(smoke: Smoke, variant: str) -> None:
    result = smoke.result("vae", variant)
    values = {name: value.number for name, value in result.values.items()}
    assert values["elbo"] == pytest.approx(values["reconstruction"] - values["divergence"])
    assert values["log_likelihood"] >= values["elbo"]  # more draws only tighten the bound
    assert values["active_latents"] <= 8
