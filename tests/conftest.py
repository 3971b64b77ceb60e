"""A small report in a temporary folder, which a test fills with experiments of a few lines."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from unittest import mock

import hypothesis
import pytest
from bifolio import programs
from bifolio.cli import main
from bifolio.project import Project, find_project
from bifolio.provenance.declaration import RunName
from bifolio.provenance.fingerprint import Fingerprint, Fingerprints
from bifolio.provenance.sources import read_sources
from bifolio.results.freshness import RunState, survey
from bifolio.results.record import Result
from bifolio.results.store import read_result, result_path
from bifolio.runner.execution import execute_plan
from bifolio.runner.plan import make_plan
from bifolio.runner.task import Outcome

# No test is timed: a slow machine is no failure.
hypothesis.settings.register_profile("untimed", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("untimed")

SETTINGS = """
    [tool.bifolio]
    languages = ["en"]
    """
_NOT_THE_REPORT = (".*", "generator", "tests", "benchmarks", "site", "dist", "build", "*.egg-info", "__pycache__")
EXPERIMENT = '''"""What is {name}?"""
from dataclasses import dataclass
from bifolio import *
{imports}

@dataclass(frozen=True)
class Config:
    {config}

@experiment({declared})
def {name}(config: Config, run: Run) -> None:
{body}
'''


MadeOnce = Callable[[str, Callable[[Path], object]], Path]
LONGEST = (
    *("tests/browser/test_export.py", "tests/cli/test_killed.py", "tests/browser/", "tests/website/"),
    *("tests/experiments/", "tests/test_wheel.py", "tests/cli/", "tests/export/", "tests/runner/"),
)
"""Where the longest test files lie. The first two begin beside each other, and the second asks for no site."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files: at the end no process is left alone with one of them."""
    places = {item: [item.nodeid.startswith(place) for place in LONGEST] for item in items}
    items.sort(key=lambda item: [*places[item], True].index(True))


@dataclass(frozen=True)
class Report:
    """A report on disk: what a test writes, and the shortest way to ask about it."""

    root: Path

    def write(self, file: str, text: str) -> Path:
        """Write a file, with the indentation of the test taken off."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace what stands exactly once in a file."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (self.root / file).write_text(text.replace(old, new), encoding="utf-8")

    def experiment(
        self,
        name: str,
        body: str = 'run.value("answer", 42)',
        declared: str = "seeds=1",
        config: str = "size: int = 1",
        imports: str = "",
    ) -> Path:
        """Write an experiment of which only the interesting part has to be said."""
        text = EXPERIMENT.format(
            name=name,
            imports=textwrap.dedent(imports),
            config=config,
            declared=declared,
            body=textwrap.indent(textwrap.dedent(body), "    "),
        )
        path = self.root / "experiments" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    @property
    def project(self) -> Project:
        return find_project(self.root)

    def fingerprint(self, name: str, variant: str = "default", seed: int = 0, profile: str = "cpu") -> Fingerprint:
        """Return what a run depends on, read afresh from disk."""
        return Fingerprints(self.project, read_sources(self.project)).of(RunName(name, profile, variant, seed))

    def digests(self, profile: str = "cpu") -> dict[str, str]:
        """Return the fingerprint of every run of the report by the run's file."""
        sources = read_sources(self.project)
        fingerprints = Fingerprints(self.project, sources)
        runs = [run for declared in sources.declarations.values() for run in declared.runs(profile)]
        return {run.path: fingerprints.of(run).digest for run in runs}

    def states(self, profile: str = "cpu") -> dict[str, str]:
        """Return every experiment's state at a profile."""
        return {state.experiment: state.state for state in survey(self.project, (), (profile,))}

    def reason(self, name: str, profile: str = "cpu") -> str:
        """Return why an experiment is in the state it is in."""
        return survey(self.project, (name,), (profile,))[0].reason

    def runs(self, name: str, profile: str = "cpu") -> dict[str, RunState]:
        """Return the states of an experiment's runs by variant and seed."""
        state = survey(self.project, (name,), (profile,))[0]
        return {f"{run.name.variant}-{run.name.seed}": run for run in state.runs}

    def measure(self, *names: str, profile: str = "cpu", jobs: int = 2, force: bool = False) -> dict[str, Outcome]:
        """Run what is not fresh, in this process and its workers; return the outcomes by run, in order of ending."""
        plan = make_plan(self.project, names, profile=profile, force=force)
        with mock.patch.dict(os.environ):  # the runner sets what its workers inherit
            report = execute_plan(self.project, plan, jobs, lambda outcome, standing: None)
        return {str(outcome.name): outcome for outcome in report.outcomes}

    def failure(self, name: str) -> Outcome:
        """Run an experiment that fails, and return how."""
        (outcome,) = self.measure(name).values()
        assert outcome.kind == "failed", outcome
        return outcome

    def result(self, name: str, variant: str = "default", seed: int = 0, profile: str = "cpu") -> Result:
        return read_result(self.project, RunName(name, profile, variant, seed))

    def result_file(self, name: str, variant: str = "default", seed: int = 0, profile: str = "cpu") -> Path:
        return result_path(self.project, RunName(name, profile, variant, seed))

    def results(self) -> dict[str, bytes]:
        """Return the content of every published file of results, by path."""
        folder = self.root / "experiments" / "results"
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a real `bifolio` in a process group of its own, as a shell does."""
        return subprocess.Popen(
            [sys.executable, "-m", "bifolio", *arguments],
            cwd=self.root,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell that runs the tests in the background makes its children deaf to Ctrl-C; this one has to hear it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """Return an empty report of one language."""
    made = Report(tmp_path / "report")
    made.write("pyproject.toml", SETTINGS)
    return made


@pytest.fixture
def anew() -> Iterator[None]:
    """Let what this test measures be forked from a process of its own: with its environment, and what it imports."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    yield
    forkserver._forkserver._stop()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Ended:
    """How a verb ended: its exit status, and what it printed on both streams."""

    status: int
    out: str
    err: str


@pytest.fixture
def bifolio(
    report: Report, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Ended]]:
    """Return a function that calls the command line in this process, in the report's folder."""
    report.root.mkdir(exist_ok=True)
    monkeypatch.chdir(report.root)

    def call(*arguments: str) -> Ended:
        capsys.readouterr()
        try:
            status = main(arguments)
        except SystemExit as stop:
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return Ended(status, printed.out, printed.err)

    with mock.patch.dict(os.environ):
        yield call


@pytest.fixture
def wait_for() -> Callable[[Callable[[], bool]], None]:
    """Return a function that waits until something is true, and fails when it takes too long."""

    def wait(happened: Callable[[], bool], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.01)

    return wait


@pytest.fixture
def end_group() -> Iterator[Callable[[subprocess.Popen[str]], None]]:
    """Return a function that notes a process group, which is killed after the test whatever happened."""
    started: list[subprocess.Popen[str]] = []
    yield started.append
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Return a function that fills a folder once for all the processes of this session; nobody writes into it."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder, whole = base / "made-once" / name, base / "made-once" / f"{name}.whole"
        folder.parent.mkdir(parents=True, exist_ok=True)
        with open(folder.with_suffix(".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed
                fill(folder)
                whole.touch()
        return folder

    return make


@pytest.fixture(scope="session")
def measured_tiny(made_once: MadeOnce) -> Path:
    """Return a copy of tests/tiny_report with all its results, measured once a session; nobody writes into it."""

    def measure(folder: Path) -> None:
        shutil.copytree(Path(__file__).parent / "tiny_report", folder, ignore=shutil.ignore_patterns("__pycache__"))
        outcomes = Report(folder).measure()
        assert {outcome.kind for outcome in outcomes.values()} == {"measured"}, outcomes

    return made_once("measured/tiny", measure)


@pytest.fixture
def tiny(measured_tiny: Path, tmp_path: Path) -> Project:
    """Return a measured tiny report of the test's own; it is not rendered yet."""
    shutil.copytree(measured_tiny, tmp_path / "tiny")
    return find_project(tmp_path / "tiny")


@pytest.fixture(scope="session")
def rendered(measured_tiny: Path, made_once: MadeOnce) -> Path:
    """Return a report that is rendered; nobody writes into it."""
    from bifolio.chapters import render  # tests of the run side need none of it

    def fill(folder: Path) -> None:
        shutil.copytree(measured_tiny, folder)
        render(find_project(folder))

    return made_once("rendered/tiny", fill)


@pytest.fixture(scope="session")
def own_site(made_once: MadeOnce) -> Project:
    """Return a copy of this repository's report, rendered and built by the program as it is now."""
    from bifolio.chapters import render
    from bifolio.website.build import build_site

    def fill(folder: Path) -> None:
        shutil.copytree(Path(__file__).parents[1], folder, ignore=shutil.ignore_patterns(*_NOT_THE_REPORT))
        render(find_project(folder))
        build_site(find_project(folder))

    return find_project(made_once("own-site/report", fill))


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return what lets distributions look installed in other versions, by `name=version`; none means as they are."""
    real = programs.installed_versions()

    def forget() -> None:
        programs.programs.cache_clear()
        programs.version_of.cache_clear()

    def pretend(**versions: str) -> None:
        named = {name.replace("_", "-"): version for name, version in versions.items()}
        monkeypatch.setattr(programs, "installed_versions", lambda: {**real, **named})
        forget()

    yield pretend
    monkeypatch.undo()
    forget()


@pytest.fixture
def edited(rendered: Path, tmp_path: Path) -> Project:
    """Return a rendered report of the test's own."""
    shutil.copytree(rendered, tmp_path / "tiny")
    return find_project(tmp_path / "tiny")
