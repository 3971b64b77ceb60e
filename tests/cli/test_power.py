"""The verb `power`: what seeds can show, how many would do, what they cost, and when none will."""

from __future__ import annotations

import json

import pytest
from bifolio.cli import main
from bifolio.results.store import read_runs

from tests.conftest import Report

BODY = """
    import random
    run.split(100, train=60, test=30)
    run.value("score", 50 + random.Random(2 * run.seed + config.low).random())
    """
CONDITION = "scores.low.score < scores.high.score"


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Report:
    report = Report(tmp_path_factory.mktemp("power"))
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["en"]\npages = ["index"]\n')
    statement = f'{{% statement expected="not supported" if={CONDITION} %}}Low is lower.{{% endstatement %}}'
    report.write("templates/pages/index/en.md", f"# Home {{#home}}\n\n{statement}\n")
    report.experiment(
        "scores",
        BODY,
        config="low: bool = True",
        declared='seeds=5, variants={"low": Variant(Config()), "high": Variant(Config(low=False))}',
    )
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    return report


def asked(scores: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    monkeypatch.chdir(scores.root)
    assert main(["power", "scores", *options]) == 0
    return capsys.readouterr().out


def test_power_says_how_many_seeds_would_do_and_what_they_cost(
    scores: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = json.loads(asked(scores, capsys, monkeypatch, "--difference", "2", "--json"))
    assert (found["condition"], found["outcome"], found["underpowered"]) == (CONDITION, "not supported", True)
    assert found["seeds"] == [5] and found["needed"] > 5 and found["wanted"] == 2 < found["detectable"]
    runs = [result for one in read_runs(scores.project, "scores", "cpu").values() for result in one]
    spent = sum(result.witness.duration for result in runs) / 5
    assert found["core_minutes"] == pytest.approx((found["needed"] - 5) * spent / 60)
    text = asked(scores, capsys, monkeypatch, "--difference", "2")
    assert f"{CONDITION}: not supported, underpowered" in text and f"for 2: {found['needed']} seeds each" in text


def test_power_says_when_no_number_of_seeds_will_and_what_would(
    scores: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = json.loads(asked(scores, capsys, monkeypatch, "--difference", "0.5", "--json"))
    assert found["needed"] is found["core_minutes"] is None and found["floor"] > 0.5
    assert 0 < found["largest_ratio"] < 0.5 and found["fresh"] > 5
    text = asked(scores, capsys, monkeypatch, "--difference", "0.5")
    assert "no number of seeds" in text and "a larger training share would do" in text
    assert f"with fresh data for every seed: {found['fresh']} seeds each" in text


def test_power_asks_what_matters_and_takes_it_from_the_declaration(
    scores: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "nothing says what matters" in asked(scores, capsys, monkeypatch)
    file = scores.root / "experiments/scores.py"
    code = file.read_text(encoding="utf-8")
    quantity = 'quantities={"score": Quantity(matters=2.0, reason="two points")}, seeds=5'
    file.write_text(code.replace("seeds=5", quantity), encoding="utf-8")
    (found,) = json.loads(asked(scores, capsys, monkeypatch, "--json"))
    file.write_text(code, encoding="utf-8")
    assert found["wanted"] == 2.0 and found["needed"] > 5


@pytest.mark.parametrize("arguments", [["scroes"], ["scores", "--difference", "0"], ["scores", "--difference", "x"]])
def test_what_power_refuses(
    arguments: list[str], scores: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scores.root)
    try:
        status = main(["power", *arguments])
    except SystemExit as ended:
        status = int(ended.code or 0)
    assert status in (1, 2) and ("scores" in capsys.readouterr().err or arguments[-1] != "scroes")
