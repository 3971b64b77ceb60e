"""Published results run again: in a store of their own, compared, reported, and taken up where it was stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from bifolio.errors import ResultError, UsageError
from bifolio.provenance.declaration import RunName
from bifolio.results.reports import Report, is_current, read_report, report_path
from bifolio.results.store import encode_result, result_path
from bifolio.runner.reproduction import plan_reproduction, reproduce

from tests.runner.test_runs import KEEPING, USING

if TYPE_CHECKING:
    from tests.conftest import Ended
    from tests.conftest import Report as Small

Waiting = Callable[[Callable[[], bool]], None]
Ending = Callable[[subprocess.Popen[str]], None]


def again(
    report: Small, *names: str, force: bool = False, adopt: bool = False, sample: int | None = None, jobs: int = 2
) -> dict[str, Report | None]:
    """Reproduce, and return what was reported by run."""
    found: dict[str, Report | None] = {}
    planned = plan_reproduction(report.project, names, profile="cpu", force=force, adopt=adopt, sample=sample)
    with mock.patch.dict(os.environ):
        ended = reproduce(planned, jobs, lambda outcome, made, standing: found.update({str(outcome.name): made}))
    assert not ended.interrupted
    return found


def verdicts(found: dict[str, Report | None]) -> dict[str, str]:
    return {name: made.verdict for name, made in found.items() if made}


@pytest.fixture
def number(tmp_path: Path) -> Path:
    """Return a file outside the project whose number the experiment `some` records, with a tolerance of 1."""
    path = tmp_path / "number"
    path.write_text("10")
    return path


@pytest.fixture
def some(report: Small, number: Path) -> Small:
    body = f"""
        number = float(open("{number}").read())
        if number < 0:
            raise ValueError("too small for {number}")
        run.value("answer", number, tolerance=1.0)
        run.value("seed", run.seed)
        table = run.table("rows", ["number"])
        table.add(number // 10)
        """
    report.experiment("some", body, declared="seeds=2")
    report.measure()
    return report


def test_what_is_deterministic_is_identical_and_nothing_published_is_touched(some: Small) -> None:
    before = some.results()
    assert verdicts(again(some)) == {"some seed 0 (cpu)": "identical", "some seed 1 (cpu)": "identical"}
    assert some.results() == before
    report = read_report(some.project, RunName("some", "cpu", "default", 1))
    assert report.comparison is not None
    assert report.comparison.identical == ("answer", "seed", "rows.number")
    assert report.fingerprint == some.fingerprint("some", seed=1).digest


@pytest.mark.parametrize(("second", "verdict"), [("10.5", "within tolerance"), ("11.5", "different")])
def test_the_declared_tolerance_decides(some: Small, number: Path, second: str, verdict: str) -> None:
    number.write_text(second)
    found = again(some)
    assert set(verdicts(found).values()) == {verdict}
    made = found["some seed 0 (cpu)"]
    assert made and made.comparison
    (difference,) = made.comparison.differences
    assert (difference.name, difference.published, difference.reproduced) == ("answer", 10.0, float(second))


def test_a_table_without_tolerance_has_to_be_identical(some: Small, number: Path) -> None:
    some.edit("experiments/some.py", "tolerance=1.0", "tolerance=100.0")
    some.measure()
    number.write_text("20")
    assert set(verdicts(again(some)).values()) == {"different"}


def test_a_run_that_fails_is_reported_without_the_folders_of_this_machine_and_tried_again(
    some: Small, number: Path
) -> None:
    number.write_text("-1")
    some.write("experiments/unused.py", "")
    found = again(some)
    assert set(verdicts(found).values()) == {"failed"}
    made = found["some seed 0 (cpu)"]
    assert made and "too small" in made.problem
    assert str(some.root) not in report_path(some.project, made.name).read_text()
    number.write_text("10")
    assert set(verdicts(again(some)).values()) == {"identical"}


def test_what_has_a_report_is_skipped_until_it_is_forced(some: Small) -> None:
    again(some)
    assert again(some) == {}
    assert len(again(some, force=True)) == 2
    report_path(some.project, RunName("some", "cpu", "default", 1)).unlink()
    assert list(again(some)) == ["some seed 1 (cpu)"]


def test_a_report_on_other_numbers_or_other_code_is_made_again(some: Small, number: Path) -> None:
    again(some)
    number.write_text("30")
    some.measure(force=True)
    assert len(again(some, force=True)) == 2
    assert again(some) == {}
    some.edit("experiments/some.py", "tolerance=1.0", "tolerance=2.0")
    some.measure()
    assert set(verdicts(again(some)).values()) == {"identical"}


def test_a_damaged_report_is_made_again_when_it_is_asked_for(some: Small) -> None:
    again(some)
    report_path(some.project, RunName("some", "cpu", "default", 0)).write_text("{}")
    with pytest.raises(ResultError, match=r"seed-0\.json:1: "):
        again(some)
    assert set(verdicts(again(some, force=True)).values()) == {"identical"}


def test_a_second_result_whose_comparison_was_lost_is_not_run_again(some: Small, number: Path) -> None:
    again(some)
    for seed in (0, 1):
        report_path(some.project, RunName("some", "cpu", "default", seed)).unlink()
    number.write_text("99")  # a third run would find this
    assert set(verdicts(again(some)).values()) == {"identical"}


def test_stale_and_missing_results_are_refused_and_the_others_go_on(some: Small) -> None:
    some.experiment("stale")
    some.experiment("never")
    some.experiment("hub", declared='seeds=1, variants={"far": Variant(Config(size=2), optional=True)}')
    some.measure("stale", "hub")
    result_path(some.project, RunName("hub", "cpu", "far", 0)).unlink()
    some.edit("experiments/stale.py", "42", "43")
    planned = plan_reproduction(some.project, profile="cpu")
    assert [(run.name.experiment, run.state) for run in planned.refused] == [("never", "missing"), ("stale", "stale")]
    assert [str(name) for name in planned.chosen] == ["hub seed 0 (cpu)", "some seed 0 (cpu)", "some seed 1 (cpu)"]


def test_needs_are_trained_again_and_the_weights_of_the_first_run_are_not_used(report: Small) -> None:
    report.experiment("up", KEEPING)
    report.experiment("down", USING, declared='seeds=1, needs=("up",)')
    report.measure()
    (model,) = report.project.weights.glob("*/model.txt")
    model.write_text("what nobody can reproduce")
    found = again(report, "down")
    assert verdicts(found) == {"up seed 0 (cpu)": "identical", "down seed 0 (cpu)": "identical"}
    assert model.read_text() == "what nobody can reproduce"
    assert again(report) == {}


def test_weights_that_were_lost_are_trained_again_without_a_second_report(report: Small) -> None:
    report.experiment("up", KEEPING)
    report.experiment("down", USING, declared='seeds=1, needs=("up",)')
    report.measure()
    again(report, "up")
    for path in (report.project.cache / "reproductions" / "weights").glob("*/*"):
        path.unlink()
        path.parent.rmdir()
    found = again(report, "down")
    assert found["up seed 0 (cpu)"] is None
    assert verdicts(found) == {"down seed 0 (cpu)": "identical"}


def test_timings_are_exempt_wherever_they_are(report: Small) -> None:
    body = """
        import time
        run.timing("took", time.perf_counter())
        run.table("steps", ["step", Column("took", timing=True)]).add(1, time.perf_counter())
        """
    report.experiment("timed", body, declared='seeds=1, exclusive=True, uses=("clock",)')
    report.measure()
    (made,) = again(report).values()
    assert made and made.comparison
    assert made.verdict == "identical"
    assert made.comparison.exempt == ("took", "steps.took")


def test_texts_of_another_machine_are_not_compared(report: Small) -> None:
    report.experiment("written", "import random\nrun.sample('text', [{'text': str(run.seed)}])")
    report.measure()
    result = report.result("written")
    texts = {"text": replace(result.samples["text"], rows=({"text": "other"},))}
    for device, verdict in (("cpu", "different"), ("other", "identical")):
        edited = replace(result, samples=texts, witness=replace(result.witness, device=device))
        report.result_file("written").write_bytes(encode_result(edited))
        assert set(verdicts(again(report)).values()) == {verdict}


def test_a_sample_picks_so_many_of_those_that_are_left(report: Small) -> None:
    for name in ("one", "two", "three"):
        report.experiment(name)
    report.measure()
    first = {name.split()[0] for name in again(report, sample=2)}
    assert len(first) == 2
    rest = {name.split()[0] for name in again(report, sample=2)}
    assert rest == {"one", "two", "three"} - first
    assert again(report, sample=2) == {}
    assert len(again(report, sample=2, force=True)) == 2


def test_smoke_results_are_no_evidence(report: Small) -> None:
    with pytest.raises(UsageError, match="never published"):
        plan_reproduction(report.project, profile="smoke")


def test_a_reproduction_that_is_stopped_goes_on_where_it_was(
    report: Small, tmp_path: Path, wait_for: Waiting, end_group: Ending
) -> None:
    wait = tmp_path / "wait"
    body = f"""
        import os, time
        while run.seed > 1 and os.path.exists("{wait}"):
            time.sleep(0.02)
        run.value("answer", run.seed)
        """
    report.experiment("some", body, declared="seeds=4")
    report.measure()
    wait.touch()
    process = report.start("reproduce", "--jobs", "2")
    end_group(process)
    folder = report.root / "experiments/reproductions/some/cpu/default"
    wait_for(lambda: len(list(folder.glob("seed-*.json"))) == 2)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert err == "interrupted: what was reproduced is kept, runs in flight are lost\n"
    assert "some (cpu): identical, 2 of 4 runs" in out
    wait.unlink()
    assert set(again(report)) == {"some seed 2 (cpu)", "some seed 3 (cpu)"}


def test_torch_reproduces_identically_whatever_the_machine_is_told(report: Small) -> None:
    pytest.importorskip("torch")
    body = """
        model = torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.GELU(), torch.nn.Linear(128, 10))
        convolution = torch.nn.Conv2d(3, 16, 3)
        x = torch.randn(256, 64)
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        for _ in range(5):
            loss = model(x).pow(2).mean() + convolution(torch.randn(4, 3, 32, 32)).pow(2).mean()
            optimizer.zero_grad(); loss.backward(); optimizer.step()
        rows = run.table("weights", ["weight"])
        for weight in [*model[0].weight.flatten()[:50], *convolution.weight.flatten()[:50]]:
            rows.add(weight)
        run.value("loss", loss)
        run.sample("order", [{"text": str({"a", "b", "c", "d"})}])
        """
    report.experiment("trained", body, declared="seeds=2", imports="import torch")
    report.measure()
    told = {
        "OMP_NUM_THREADS": "2",
        "PYTHONHASHSEED": "7",
        "MKL_CBWR": "COMPATIBLE",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "TZ": "Asia/Tokyo",
    }
    process = report.start("reproduce", "--jobs", "2", "--json", **told)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    (found,) = json.loads(out)["experiments"]
    assert found["verdict"] == "identical"
    assert [run["comparison"]["same_machine"] for run in found["runs"]] == [True, True]


def test_another_instruction_set_is_another_machine(report: Small) -> None:
    torch = pytest.importorskip("torch")
    if torch.backends.cpu.get_cpu_capability() == "DEFAULT":
        pytest.skip("this processor has one instruction set only")
    report.experiment("trained", 'run.value("sum", torch.randn(999).exp().sum())', imports="import torch")
    report.measure()
    process = report.start("reproduce", "--json", ATEN_CPU_CAPABILITY="default")
    out, err = process.communicate(timeout=120)
    (found,) = json.loads(out)["experiments"]
    assert [run["comparison"]["same_machine"] for run in found["runs"]] == [False], err


def test_a_stale_result_is_adopted_where_running_it_again_gives_the_same_bits(some: Small) -> None:
    before = some.result("some", seed=1)
    some.edit("experiments/some.py", "number // 10", "(number + 0) // 10")
    assert verdicts(again(some)) == {}, "stale results are refused"
    assert verdicts(again(some, adopt=True)) == {f"some seed {seed} (cpu)": "identical" for seed in (0, 1)}
    assert some.states() == {"some": "fresh"}
    after = some.result("some", seed=1)
    assert after.fingerprint == some.fingerprint("some", seed=1) != before.fingerprint
    assert replace(after, fingerprint=before.fingerprint) == before, "numbers and witness are as they were"
    report = read_report(some.project, RunName("some", "cpu", "default", 1))
    assert report.fingerprint == after.fingerprint.digest and is_current(some.project, report)


def test_a_stale_result_of_other_bits_is_not_adopted(some: Small) -> None:
    before = some.results()
    some.edit("experiments/some.py", "number // 10", "1 + number // 10")
    assert verdicts(again(some, adopt=True)) == {f"some seed {seed} (cpu)": "different" for seed in (0, 1)}
    assert some.results() == before and some.states() == {"some": "stale"}
    assert not report_path(some.project, RunName("some", "cpu", "default", 0)).exists()


def test_what_differs_within_a_tolerance_is_not_adopted(some: Small, number: Path) -> None:
    some.edit("experiments/some.py", '"answer", number', '"answer", number + 0.5')
    assert set(verdicts(again(some, adopt=True)).values()) == {"within tolerance"}
    assert some.states() == {"some": "stale"}


def test_adopting_runs_what_is_needed_by_its_new_code(report: Small) -> None:
    report.experiment("up", KEEPING, declared="seeds=2")
    report.experiment("down", USING, declared='seeds=2, needs=("up",)')
    report.measure()
    report.edit("experiments/up.py", "0.5 + run.seed", "run.seed + 0.5")
    found = verdicts(again(report, "down", adopt=True))
    assert found == {f"down seed {seed} (cpu)": "identical" for seed in (0, 1)} | {
        f"up seed {seed} (cpu)": "identical" for seed in (0, 1)
    }
    assert report.states() == {"down": "fresh", "up": "fresh"}


def test_the_verb_says_that_something_was_not_adopted(some: Small, bifolio: Callable[..., Ended]) -> None:
    some.edit("experiments/some.py", "number // 10", "(number + 0) // 10")
    ended = bifolio("reproduce", "--adopt")
    assert (ended.status, "some (cpu): identical, 2 of 2 runs" in ended.out) == (0, True), ended
    some.edit("experiments/some.py", "(number + 0) // 10", "1 + number // 10")
    ended = bifolio("reproduce", "--adopt")
    assert ended.status == 1 and "different" in ended.out and "some (cpu): not reproduced, 0 of 2 runs" in ended.out
