"""What `formulas` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_formulas_compute_what_torch_computes_and_misprints_do_not(smoke: Smoke) -> None:
    result = smoke.result("formulas")
    assert result.values["largest_error_64"].number < 1e-12
    assert {row[1] for row in result.tables["errors"].rows} == {"sympy", "function"}
    checked = {row[0] for row in result.tables["errors"].rows}
    assert {"multi_head", "positions", "rmsprop"} <= checked
    assert result.values["adam_without_root"].number > 10
    assert result.values["binary_cross_entropy_parsed"].number > 10
