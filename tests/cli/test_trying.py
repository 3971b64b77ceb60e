"""`run --set`: an experiment is tried with other settings, and nothing that is published knows of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]
CONFIG = (
    'step: int = 0; rate: float = 0.1; kind: str = "plain"; sizes: tuple[int, ...] = (1, 2); limit: int | None = None'
)
BODY = """
    print("trying", config)
    run.no_data()
    run.value("score", 50 + run.seed + config.step, unit="%")
    run.value("kind", len(config.kind), tolerance=0)
    run.image("dot", [[config.step % 256]])
    with run.weights() as folder:
        (folder / "weights.txt").write_text(str(config))
    """


@pytest.fixture
def scores(report: Report) -> Report:
    report.experiment("scores", BODY, config=CONFIG, declared="seeds=3, smoke=Config(step=2)")
    return report


def everything(report: Report) -> dict[str, bytes]:
    """Return every file of the report but those of trials, and of what only saves time."""
    memos = {"syntax.json", "status.json", "locks"}
    return {
        str(path.relative_to(report.root)): path.read_bytes()
        for path in sorted(report.root.rglob("*"))
        if path.is_file() and "trials" not in path.parts and "__pycache__" not in path.parts and path.name not in memos
    }


def test_what_was_measured_is_printed_beside_what_is_stored(scores: Report, bifolio: Bifolio) -> None:
    scores.measure()
    ended = bifolio("run", "scores", "--set", "step=5", "--set", "kind=odd one", "--jobs", "1")
    lines = ended.out.splitlines()
    assert ended.status == 0 and lines[0] == "3 runs to try, none is kept (profile cpu)"
    assert "scores default: 3 seeds, with step=5, kind='odd one'" in lines
    assert "  score  56 %  53.52 to 58.48  n 3  stored 51 %  48.52 to 53.48  n 3" in lines
    assert "  kind   7  exact  stored 5  exact" in lines
    assert lines[-1].startswith("3 measured, nothing stored; ")


def test_nothing_is_published_and_nothing_becomes_stale(scores: Report, bifolio: Bifolio) -> None:
    bifolio("run")
    before, states = everything(scores), scores.states()
    assert any(file.startswith(".cache/logs/") for file in before) and any("weights.txt" in file for file in before)
    for setting in ("step=5", "step=0"):  # the second is what was published
        assert bifolio("run", "scores", "--set", setting).status == 0
    assert everything(scores) == before and scores.states() == states == {"scores": "fresh"}
    assert "step=0" in next((scores.root / ".cache" / "trials").glob("*seed-1.log")).read_text(encoding="utf-8")


def test_an_experiment_that_was_never_run_can_be_tried(scores: Report, bifolio: Bifolio) -> None:
    ended = bifolio("run", "scores", "--set", "step=5", "--seed", "2", "-v")
    assert "  score  57 %  n 1\n" in ended.out and ended.status == 0
    assert "scores seed 2 (cpu) | trying Config(step=5, rate=0.1," in ended.out
    assert scores.results() == {} and scores.states() == {"scores": "missing"}


def test_what_is_set_wins_over_variant_and_profile(report: Report, bifolio: Bifolio) -> None:
    declared = 'seeds=1, variants={"a": Config(step=1), "b": Config(step=2)}, smoke=Config(step=3)'
    report.experiment("scores", BODY, config=CONFIG, declared=declared)
    lines = bifolio("run", "scores", "--set", "step=7", "--profile", "smoke").out.splitlines()
    assert lines[0].startswith("1 run to try") and lines.count("  score  57 %  n 1") == 1
    assert "scores b: the same as a with what is set" in lines
    both = bifolio("run", "scores", "--set", "rate=1").out
    assert "  score  51 %  n 1\n" in both and "  score  52 %  n 1\n" in both
    one = bifolio("run", "scores.b", "--set", "rate=1").out
    assert "scores b: 1 seed, with rate=1" in one and "  score  52 %  n 1\n" in one and "scores a" not in one


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("scores", "--set", "stp=1"), "the config has no such field\n  found:    stp\n  expected: step, rate, kind"),
        (("scores", "--set", "stp=1"), "  nearest:  step\n"),
        (("scores", "--set", "step=0.5"), "the config's field step\n  found:    0.5\n  expected: int\n"),
        (("scores", "--set", "step=True"), "the config's field step\n  found:    True\n  expected: int\n"),
        (("scores", "--set", "sizes=(1, 'a')"), "found:    (1, 'a')\n  expected: tuple[int, ...]\n"),
        (("scores", "--set", "sizes=3"), "found:    3\n  expected: tuple[int, ...]\n"),
        (("scores", "--set", "limit='x'"), "found:    'x'\n  expected: int | None\n"),
        (("scores", "--set", "step=open('x')"), "must be a literal"),
        (("scores", "--set", "step=1, rate=2"), "the value of a setting\n  found:    1, rate=2\n  expected: a number"),
        (("scores", "--set", "step"), "a setting of a config\n  found:    step\n  expected: FIELD=VALUE"),
        (
            ("scores", "--set", "step=1", "--set", "step=2"),
            "found:    step=2\n  expected: FIELD=VALUE, each field once",
        ),
        (("scors", "--set", "step=1"), "there is no such experiment\n  found:    scors"),
        (("scores.b", "--set", "step=1"), "scores has no such variant\n  found:    b\n  expected: default"),
        (
            ("scores", "--set", "step=1", "--seed", "3"),
            "no such seed at profile cpu\n  found:    3\n  expected: 0, 1, 2",
        ),
        (
            ("--set", "step=1"),
            "one experiment is tried at a time\n  found:    no name\n  expected: NAME or NAME.VARIANT",
        ),
        (("scores", "more", "--set", "step=1"), "found:    scores more\n"),
        (("scores", "--seed", "1"), "expected: --set FIELD=VALUE --seed N"),
        (("scores", "--set", "step=1", "--profile", "huge"), "there is no such profile"),
    ],
)
def test_what_does_not_fit_is_a_wrong_use(
    scores: Report, bifolio: Bifolio, arguments: tuple[str, ...], message: str
) -> None:
    ended = bifolio("run", *arguments)
    assert message in ended.err and ended.status == 2 and "Traceback" not in ended.err, ended.err


@pytest.mark.parametrize("setting", ["kind=7", "kind='7'", 'kind="7"', "limit=4", "limit=None", "sizes=(1,)", "rate=1"])
def test_literals_and_plain_letters_are_values(scores: Report, bifolio: Bifolio, setting: str) -> None:
    ended = bifolio("run", "scores", "--set", setting, "--dry-run")
    assert ended.status == 0 and "would try scores seed 0 (cpu)\n" in ended.out, ended.err


def test_rows_that_are_not_printed_are_counted_and_nowhere_to_be_had(report: Report, bifolio: Bifolio) -> None:
    rows = 'table = run.table("rows", columns=("step",))\nfor step in range(config.steps):\n    table.add(step)'
    report.experiment("scores", rows, config="steps: int = 1")
    lines = bifolio("run", "scores", "--set", "steps=25", "--seed", "0").out.splitlines()
    assert "    … and 5 rows more" in lines and not any("--json" in line for line in lines)


def test_a_trial_that_fails_is_found_wrong(report: Report, bifolio: Bifolio) -> None:
    report.experiment("scores", 'run.value("share", 1 / config.step)', config="step: int = 1")
    ended = bifolio("run", "scores", "--set", "step=0")
    assert ended.status == 1 and "ZeroDivisionError" in ended.err and "1 failed, nothing stored" in ended.out


def test_what_it_needs_is_taken_as_it_is_stored_and_never_measured(report: Report, bifolio: Bifolio) -> None:
    report.experiment("up", 'run.value("loss", 0.5)', declared="seeds=2")
    down = 'run.value("x", config.times * run.need("up").value("loss"))'
    report.experiment("down", down, config="times: int = 1", declared='seeds=2, needs=("up",)')
    refused = bifolio("run", "down", "--set", "times=4")
    assert refused.status == 2 and "expected: `bifolio run up --profile cpu` first" in refused.err
    assert report.results() == {}
    report.measure("up")
    before = report.results()
    ended = bifolio("run", "down", "--set", "times=4")
    assert "  x  2  did not vary  n 2\n" in ended.out and report.results() == before


def test_weights_that_it_needs_are_trained_again_and_its_numbers_stay(report: Report, bifolio: Bifolio) -> None:
    up = 'with run.weights() as folder:\n    (folder / "w").write_text("8")\nrun.value("loss", 0.5)'
    report.experiment("up", up)
    down = 'run.value("x", config.times * int((run.need("up").weights / "w").read_text()))'
    report.experiment("down", down, config="times: int = 1", declared='seeds=1, needs=("up",)')
    report.measure("up")
    before = report.results()
    for folder in (report.root / ".cache" / "weights").iterdir():
        (folder / "w").unlink()
        folder.rmdir()
    ended = bifolio("run", "down", "--set", "times=4")
    assert "  x  32  n 1\n" in ended.out, ended
    assert report.results() == before and report.states() == {"up": "fresh", "down": "missing"}
