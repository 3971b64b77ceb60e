"""What an evidence page shows of runs beside values: choices, counts, divergence, data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chapters.rendering import rendered

if TYPE_CHECKING:
    from tests.conftest import Report


def test_the_evidence_page_shows_choices_counts_divergence_and_where_data_come_from(choosing: Report) -> None:
    rendered(choosing.project, "{{ some.rate }}")
    page = (choosing.project.docs / "en/evidence/some.md").read_text(encoding="utf-8")
    assert '<span id="rate">rate</span> | 0.1 ×3, 0.03 ×2 |' in page
    assert '<span id="decay">decay</span> | yes ×2, 1 ×2, none ×1 |' in page
    assert '<span id="errors">errors</span> (out of 60–64) |' in page
    assert '<span id="misses">misses</span> (out of 60) |' in page
    assert "Diverged in 1 of 5 seeds: the loss &#42;became&#42; infinite." in page
    assert "- New data for each seed: training 60" in page
