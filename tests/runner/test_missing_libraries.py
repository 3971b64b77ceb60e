"""What a run that lacks libraries is told to install."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bifolio.runner.missing_libraries import how_to_install

if TYPE_CHECKING:
    from tests.conftest import Report


def test_the_tool_s_own_libraries_come_with_its_extra(report: Report) -> None:
    assert how_to_install(report.project, ["torch", "numpy", "safetensors"]) == "pip install 'bifolio[run]'"


def test_others_are_named_where_the_report_has_no_list_of_them(report: Report) -> None:
    assert how_to_install(report.project, ["sklearn", "lark"]) == "pip install what brings lark, sklearn"


def test_others_come_with_the_report_s_list(report: Report) -> None:
    report.write("experiments/requirements.txt", "scikit-learn\n")
    assert how_to_install(report.project, ["sklearn"]) == "pip install -r experiments/requirements.txt"
    assert (
        how_to_install(report.project, ["sklearn", "torch"])
        == "pip install 'bifolio[run]' -r experiments/requirements.txt"
    )
