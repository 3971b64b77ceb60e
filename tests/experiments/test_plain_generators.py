"""What `plain_generators` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_copies_are_closer_to_unseen_digits_than_static_is(smoke: Smoke) -> None:
    values = {name: value.number for name, value in smoke.result("plain_generators").values.items()}
    assert values["copies_to_real"] < values["static_to_real"]
    assert values["copies_from_real"] < values["static_from_real"]
    assert values["binomial_log_likelihood"] < values["histogram_log_likelihood"]
    assert values["parameters"] == 10 * 64 + 9
