"""What `text_generation` records at smoke size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.experiments.conftest import Smoke


def test_text_generation_compares_six_strategies_with_people(smoke: Smoke) -> None:
    result = smoke.result("text_generation")
    names = [row[0] for row in result.tables["strategies"].rows]
    assert names == ["greedy", "beam", "plain", "temperature", "top_k", "top_p", "human"]
    assert all(result.values[f"{name}_tokens_per_second"].timing for name in names[:-1])


def test_text_generation_shows_all_five_continuations_and_one_for_greedy(smoke: Smoke) -> None:
    rows = smoke.result("text_generation").samples["continuations"].rows
    for strategy in ("greedy", "beam", "plain", "temperature", "top_k", "top_p"):
        numbers = [row["number"] for row in rows if row["strategy"] == strategy]
        assert numbers == ([1] if strategy == "greedy" else [1, 2, 3, 4, 5]) * 2
    assert {len(str(row["continuation"])) for row in rows} == {12}  # one length, so that they compare


def test_greedy_decoding_refuses_five_sequences(smoke: Smoke) -> None:
    (row,) = smoke.result("text_generation").samples["refusal"].rows
    assert str(row["answer"]).startswith("ValueError")


def test_text_generation_has_the_split_of_the_model_that_it_uses(smoke: Smoke) -> None:
    assert smoke.result("text_generation").split == smoke.result("language_model").split


def test_gpt2_is_skipped_aloud_where_it_is_not_on_this_machine(smoke: Smoke) -> None:
    (skipped,) = smoke.skipped
    assert "text_generation gpt2" in skipped
    assert "hf download gpt2" in skipped
