"""Runs of small experiments: in order, beside each other or alone, handing over weights and numbers."""

from __future__ import annotations

import compileall
import itertools
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.errors import DeclarationError, EnvironmentMismatch
from bifolio.results.record import Split
from bifolio.runner.execution import execute_plan
from bifolio.runner.plan import make_plan

if TYPE_CHECKING:
    from tests.conftest import Report

KEEPING = """
    with run.weights() as folder:
        (folder / "model.txt").write_text(f"weights of seed {run.seed}")
    run.value("loss", 0.5 + run.seed)
    """
USING = """
    need = run.need("up")
    run.sample("read", [{"text": (need.weights / "model.txt").read_text()}])
    run.value("double", 2 * need.value("loss"))
    """


@pytest.fixture
def chain(report: Report) -> Report:
    """Return a report in which `down` uses the weights and a number of `up`; alphabetical order is the wrong one."""
    report.experiment("up", KEEPING, declared="seeds=2")
    report.experiment("down", USING, declared='seeds=2, needs=("up",)')
    return report


def marking(folder: Path) -> str:
    """Return the body of an experiment that notes when it began and ended, outside the project."""
    return f"""
        import time
        began = time.monotonic()
        time.sleep(0.15)
        with open("{folder}/{{}}-{{}}".format(run.name.experiment, run.seed), "w") as stream:
            stream.write(f"{{began}} {{time.monotonic()}}")
        run.value("answer", 42)
        """


def spans(folder: Path) -> dict[str, tuple[float, float]]:
    """Return when each run began and ended."""
    marks = {path.name: path.read_text().split() for path in folder.iterdir()}
    return {name: (float(began), float(ended)) for name, (began, ended) in marks.items()}


def overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def test_what_is_needed_is_run_first_and_handed_over(chain: Report) -> None:
    outcomes = chain.measure()
    assert {outcome.kind for outcome in outcomes.values()} == {"measured"}
    order = list(outcomes)
    assert all(order.index(f"up seed {seed} (cpu)") < order.index(f"down seed {seed} (cpu)") for seed in (0, 1))
    result = chain.result("down", seed=1)
    assert result.values["double"].number == 3.0
    assert result.samples["read"].rows == ({"text": "weights of seed 1"},)
    assert list(result.consumed) == ["up/cpu/default/seed-1.json#loss"]
    assert chain.result("up").keeps_weights and not result.keeps_weights


@pytest.mark.parametrize("force", [False, True])
def test_a_plan_lists_what_is_needed_first(chain: Report, force: bool) -> None:
    if force:
        chain.measure()
        shutil.rmtree(chain.root / ".cache" / "weights")
    order = [str(task.name) for task in make_plan(chain.project, profile="cpu", force=force).tasks]
    assert len(order) == len(set(order)) == 4
    assert all(order.index(f"up seed {seed} (cpu)") < order.index(f"down seed {seed} (cpu)") for seed in (0, 1))


def test_a_variant_that_needs_nothing_waits_for_nothing(chain: Report) -> None:
    own = 'seeds=1, needs=("up",), variants={"plain": Variant(Config(), needs=()), "all": Config(size=2)}'
    chain.experiment("mixed", 'run.value("needs", len(run._needs))', declared=own)
    needs = {task.name.variant: list(task.needs) for task in make_plan(chain.project, ["mixed"], profile="cpu").tasks}
    assert needs["plain"] == [] and [need.experiment for need in needs["all"]] == ["up"]
    chain.measure("mixed")
    assert chain.result("mixed", "plain").values["needs"].number == 0


def test_what_is_fresh_is_not_run(chain: Report) -> None:
    chain.measure()
    before = chain.results()
    plan = make_plan(chain.project, profile="cpu")
    assert (plan.tasks, plan.fresh) == ((), 4)
    assert chain.measure() == {}
    assert chain.results() == before


def test_naming_an_experiment_runs_it_with_what_it_needs_and_nothing_else(chain: Report) -> None:
    chain.experiment("other")
    assert {name.split()[0] for name in chain.measure("down")} == {"up", "down"}
    assert chain.states() == {"down": "fresh", "other": "missing", "up": "fresh"}


def test_a_fresh_result_never_needs_its_weights(chain: Report) -> None:
    chain.measure()
    shutil.rmtree(chain.root / ".cache")
    assert make_plan(chain.project, profile="cpu").tasks == ()


def test_weights_are_trained_again_only_for_a_stale_run_that_wants_them(chain: Report) -> None:
    chain.measure()
    shutil.rmtree(chain.root / ".cache" / "weights")
    before = chain.result_file("up").read_bytes()
    chain.edit("experiments/down.py", "2 *", "3 *")
    reasons = {str(task.name): task.reason for task in make_plan(chain.project, profile="cpu").tasks}
    assert reasons["up seed 0 (cpu)"] == "its weights are needed by down"
    chain.measure()
    assert chain.result_file("up").read_bytes() == before
    assert chain.result("down").values["double"].number == 1.5


def test_what_runs_is_the_source_even_where_a_compiled_file_looks_current(report: Report) -> None:
    report.write("experiments/inner.py", "SIZE = 1\n")
    path = report.experiment("one", 'run.value("size", 10 + SIZE)', imports="from experiments.inner import SIZE")
    assert compileall.compile_dir(path.parent, quiet=2)
    report.measure()
    for file, old, new in (("experiments/inner.py", "1", "2"), ("experiments/one.py", "10 +", "20 +")):
        stat = (report.root / file).stat()
        report.edit(file, old, new)
        os.utime(report.root / file, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # an edit within the same second
    report.measure()
    assert report.result("one").values["size"].number == 22


def test_weights_that_are_there_are_used(chain: Report) -> None:
    chain.measure()
    chain.edit("experiments/down.py", "2 *", "3 *")
    assert {name.split()[0] for name in chain.measure()} == {"down"}


def test_a_run_that_fails_keeps_no_weights(report: Report) -> None:
    report.experiment("up", KEEPING.replace("run.value", "raise ValueError"))
    assert report.failure("up")
    assert list((report.root / ".cache" / "weights").iterdir()) == []


def test_an_exclusive_run_is_alone_and_others_share(report: Report, tmp_path: Path) -> None:
    (marks := tmp_path / "marks").mkdir()
    report.experiment("timed", marking(marks), declared='seeds=2, exclusive=True, uses=("clock",)')
    report.experiment("shared", marking(marks), declared='seeds=2, uses=("clock",)')
    report.measure(jobs=3)
    times = spans(marks)
    assert overlap(times["shared-0"], times["shared-1"])
    for name in ("timed-0", "timed-1"):
        assert not [other for other in times if other != name and overlap(times[name], times[other])]


def test_one_job_is_one_run_at_a_time(report: Report, tmp_path: Path) -> None:
    (marks := tmp_path / "marks").mkdir()
    report.experiment("one", marking(marks), declared='seeds=3, uses=("clock",)')
    report.measure(jobs=1)
    ordered = sorted(spans(marks).values())
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(ordered))


def test_results_do_not_depend_on_how_many_runs_are_beside_each_other(report: Report) -> None:
    body = """
        import random
        rows = run.split(100, train=0.6, validation=0.2, test=0.2)
        run.value("random", random.random())
        run.value("hash", hash("text"))
        run.sample("rows", [{"train": str(rows.train), "set": str({"a", "b", "c"})}])
        """
    report.experiment("drawn", body, declared="seeds=4")
    measured = []
    for jobs in (1, 3):
        report.measure(jobs=jobs, force=True)
        measured.append([(r.values, r.samples, r.split) for r in (report.result("drawn", seed=n) for n in range(4))])
    assert measured[0] == measured[1]
    assert len({str(values) for values, _, _ in measured[0]}) == 4


def test_a_source_that_is_absent_skips_an_optional_variant_and_fails_a_required_one(report: Report) -> None:
    body = 'if config.size > 1:\n    raise SourceAbsent("gpt2 is not in the cache")\nrun.value("answer", 42)'
    report.experiment("one", body, declared='seeds=1, variants={"hub": Variant(Config(size=2), optional=True)}')
    outcomes = report.measure()
    assert {name: outcome.kind for name, outcome in outcomes.items()} == {
        "one seed 0 (cpu)": "measured",
        "one hub seed 0 (cpu)": "skipped",
    }
    assert outcomes["one hub seed 0 (cpu)"].message == "gpt2 is not in the cache"
    assert report.states() == {"one": "fresh"}
    report.edit("experiments/one.py", "optional=True", "optional=False")
    report.edit("experiments/one.py", "Variant(Config(size=2), optional=False)", "Config(size=2)")
    outcomes = report.measure()
    assert [outcome.kind for outcome in outcomes.values()] == ["failed"]


def test_an_optional_variant_is_left_alone_when_it_is_not_asked_for(report: Report) -> None:
    report.experiment("one", declared='seeds=1, variants={"hub": Variant(Config(size=2), optional=True)}')
    plan = make_plan(report.project, profile="cpu", optional=False)
    assert [str(task.name) for task in plan.tasks] == ["one seed 0 (cpu)"]


def test_another_environment_is_refused_before_anything_is_run(report: Report) -> None:
    report.experiment("one", imports="try: import pytest, no_such_library\nexcept ImportError: pass")
    with open(report.root / "pyproject.toml", "a") as stream:
        stream.write('profiles.cpu.environment = { pytest = "1.0", no-such-library = "2.3", unused = "1.0" }\n')
    plan = make_plan(report.project, profile="cpu")
    with pytest.raises(EnvironmentMismatch) as caught:
        execute_plan(report.project, plan, 1, lambda outcome, standing: None)
    assert str(caught.value) == (
        "pyproject.toml: numbers of the profile cpu cannot be measured here: the libraries are others\n"
        f"  found:    no-such-library not installed, pytest {pytest.__version__}\n"
        "  expected: no-such-library 2.3, pytest 1.0 (pip install what brings no-such-library)"
    )
    assert report.results() == {}


def test_a_run_starts_in_the_project_s_folder(report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    report.write("data/answer.txt", "42")
    body = 'run.value("answer", int(open("data/answer.txt").read()))'
    report.experiment("reading", body, declared='seeds=1, inputs=("data/answer.txt",)')
    monkeypatch.chdir(tmp_path)
    report.measure()
    assert report.result("reading").values["answer"].number == 42


def test_a_library_sees_declared_variables_when_it_is_loaded(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    # A library reads its variables once: the parent of all forked runs may have loaded it long before.
    monkeypatch.setenv("BEFORE", "theirs")
    library = report.root.parent / "library"
    library.mkdir()
    (library / "reading_variables.py").write_text("import os\nSEEN = [os.environ.get(n) for n in ('BEFORE', 'A_1')]\n")
    (library / "reading_variables-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(library)
    monkeypatch.setenv("PYTHONPATH", f"{library}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    body = 'run.sample("seen", [{"text": str(SEEN)}])'
    imports = "from reading_variables import SEEN"
    report.experiment("one", body, imports=imports, declared='seeds=1, variables={"BEFORE": "ours", "A_1": "x"}')
    report.experiment("two", body, imports=imports)
    report.measure()
    assert report.result("one").samples["seen"].rows[0]["text"] == "['ours', 'x']"
    assert report.result("two").samples["seen"].rows[0]["text"].endswith(", None]")
    assert os.environ["BEFORE"] == "theirs" and "A_1" not in os.environ


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "MKL_CBWR"])
def test_a_variable_that_is_the_same_for_all_runs_cannot_be_declared(report: Report, name: str) -> None:
    report.experiment("one", declared=f'seeds=1, variables={{"{name}": "2"}}')
    with pytest.raises(DeclarationError) as caught:
        report.measure()
    assert str(caught.value) == (
        f"experiments/one.py:11: this environment variable is bifolio's own: it is the same for all runs\n"
        f"  found:    {name}\n  expected: another variable; for threads, @experiment(threads=...)"
    )
    assert report.results() == {}


def test_the_result_says_what_it_ran_on(report: Report) -> None:
    report.experiment("one", imports="import hypothesis")
    report.measure()
    witness = report.result("one").witness
    assert (witness.commit, witness.dirty, witness.device) == ("", True, "cpu")
    assert set(witness.versions) == {"hypothesis"}
    assert witness.machine["python"]
    assert witness.memory > 0 and witness.duration >= 0


def test_smoke_results_are_small_and_are_not_published(report: Report) -> None:
    report.experiment("one", 'run.value("size", config.size)', declared="seeds=5, smoke=Config(size=0)")
    assert list(report.measure(profile="smoke")) == ["one seed 0 (smoke)"]
    assert report.result("one", profile="smoke").values["size"].number == 0
    assert report.results() == {}


def test_leftovers_of_a_killed_run_are_removed(chain: Report) -> None:
    chain.measure()
    result = chain.result_file("up").with_name(".seed-0.json.1.part")
    weights = chain.root / ".cache" / "weights" / ".abc.1.part"
    result.write_text("half")
    weights.mkdir()
    chain.measure(force=True)
    assert not result.exists() and not weights.exists()


def test_torch_is_deterministic_whatever_the_machine_says(report: Report) -> None:
    pytest.importorskip("torch")
    body = """
        model = torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 1))
        x = torch.randn(512, 64)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            loss = model(x).pow(2).mean()
            optimizer.zero_grad(); loss.backward(); optimizer.step()
        run.value("loss", loss)
        run.value("weights", sum(p.double().sum() for p in model.parameters()))
        run.value("threads", torch.get_num_threads())
        """
    report.experiment("trained", body, declared="seeds=2", imports="import torch")
    measured = []
    for threads, jobs in (("1", 1), ("2", 2)):
        process = report.start("run", "--force", "--jobs", str(jobs), OMP_NUM_THREADS=threads)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, out + err
        measured.append([report.result("trained", seed=seed).values for seed in (0, 1)])
    assert measured[0] == measured[1]
    assert measured[0][0] != measured[0][1]
    assert measured[0][0]["threads"].number == 1


def test_choices_counts_and_divergence_are_stored(report: Report) -> None:
    body = """
        run.fresh_data(train=60)
        if run.seed == 1:
            run.diverged("the loss became infinite")
            return
        run.choice("rate", (0.1, "adam"))
        run.value("errors", 3, of=60)
        run.table("curve", columns=("step",)).add(1)
        """
    report.experiment("some", body, declared="seeds=2")
    assert {outcome.kind for outcome in report.measure().values()} == {"measured"}
    assert report.states() == {"some": "fresh"}
    good, bad = report.result("some"), report.result("some", seed=1)
    assert (good.choices, good.values["errors"].of, good.diverged) == ({"rate": (0.1, "adam")}, 60, None)
    assert good.split == bad.split == Split({"train": 60}, "fresh")
    assert good.tables["curve"].rows == ((1,),)
    assert (bad.diverged, bad.values) == ("the loss became infinite", {})
