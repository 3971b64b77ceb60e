"""The wheel: what is in it, and that a report is started, measured, built, checked and served with nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
import venv
import zipfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.request import urlopen

import pytest

REPOSITORY = Path(__file__).parents[1]


def build(kind: str, source: Path, place: Path) -> Path:
    """Build a distribution with the backend that pyproject.toml names, without isolation and so without a network."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(place)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    (made,) = place.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", REPOSITORY, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", REPOSITORY, tmp_path_factory.mktemp("sdist"))


def names(wheel: Path) -> set[str]:
    return {*zipfile.ZipFile(wheel).namelist()}


def test_the_wheel_holds_the_program_and_its_data(wheel: Path) -> None:
    package = REPOSITORY / "generator" / "bifolio"
    files = {
        f"bifolio/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names(wheel) if name.startswith("bifolio/")} == files
    fonts = [name for name in files if PurePosixPath(name).match("bifolio/assets/katex/fonts/*.woff2")]
    assert len(fonts) == 20
    for name in ("locales/zh.toml", "website/theme/main.html", "starter/report/mkdocs.yml", "assets/katex/LICENSE"):
        assert f"bifolio/{name}" in files


def test_the_wheel_holds_nothing_of_this_repository_s_report(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"bifolio"}


def test_the_wheel_says_its_licences_and_its_entry_points(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        metadata = {PurePosixPath(name).name: name for name in opened.namelist() if ".dist-info/" in name}
        licences = {name for name in opened.namelist() if ".dist-info/licenses/" in name}
        points = opened.read(metadata["entry_points.txt"]).decode()
        described = opened.read(metadata["METADATA"]).decode()
    assert {name.partition("licenses/")[2] for name in licences} >= {
        "LICENSE",
        "generator/bifolio/assets/katex/LICENSE",
    }
    assert "bifolio = bifolio.cli:main" in points and "[mkdocs.plugins]" in points
    required = [line for line in described.splitlines() if line.startswith("Requires-Dist: ")]
    base = {line.removeprefix("Requires-Dist: ") for line in required if "; extra ==" not in line}
    assert base == {"cattrs==26.2.1"}, "the run side starts with Python, torch, numpy and a few pure wheels"


def test_a_wheel_from_the_source_distribution_is_the_same(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as opened:
        tops = {PurePosixPath(member).parts[1] for member in opened.getnames()}
        opened.extraction_filter = getattr(tarfile, "data_filter", None)  # it came with Python 3.11.4
        opened.extractall(tmp_path)
    assert {"generator", "tests", "pyproject.toml", "constraints.txt", "LICENSE", "README.md"} <= tops
    assert not tops & {".venv", ".cache", "site", "dist", ".git"}
    (source,) = tmp_path.iterdir()
    assert names(build("wheel", source, tmp_path / "again")) == names(wheel)


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel, and the libraries of this one, but not this checkout."""

    scripts: Path
    home: Path

    def call(self, command: str, *arguments: str, folder: Path) -> str:
        """Run a program of the environment in a folder; fail with all it said unless it ended well."""
        program = [str(self.scripts / command), *arguments]
        ended = subprocess.run(program, cwd=folder, env=self._environment, capture_output=True, text=True)
        assert ended.returncode == 0, f"{command} {' '.join(arguments)}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout

    def fetch(self, page: str, command: str, *arguments: str, folder: Path) -> str:
        """Return a page that a program of the environment serves, then end the program."""
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        program = [str(self.scripts / command), *(argument.format(port=port) for argument in arguments)]
        with subprocess.Popen(program, cwd=folder, env=self._environment, stderr=subprocess.PIPE, text=True) as serving:
            try:
                while serving.poll() is None:
                    with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/{page}") as answer:
                        return str(answer.read().decode())
                    time.sleep(0.2)
                raise AssertionError(serving.stderr and serving.stderr.read())
            finally:
                serving.terminate()

    @property
    def _environment(self) -> dict[str, str]:
        kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONWARNINGS")
        return {"HOME": str(self.home), **{name: os.environ[name] for name in kept if name in os.environ}}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=False)
    scripts, home = folder / "venv" / "bin", folder / "home"
    home.mkdir()
    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "--disable-pip-version-check"]
    command = [*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    # The libraries of this environment, by a path alone: what makes the checkout importable here is not read there.
    (library,) = (folder / "venv" / "lib").glob("python*/site-packages")
    places = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (library / "libraries.pth").write_text("".join(f"{place}\n" for place in places))
    return Installed(scripts, home)


def test_a_report_is_started_measured_built_checked_and_served_outside_this_repository(
    installed: Installed, tmp_path: Path
) -> None:
    where = installed.call("python", "-c", "import bifolio; print(bifolio.__file__)", folder=tmp_path).strip()
    assert Path(where).is_relative_to(installed.scripts.parent), "the wheel is what is tested"

    started = installed.call("bifolio", "init", "我的 报告", folder=tmp_path)
    assert "bifolio build" in started
    report = tmp_path / "我的 报告"
    assert "15 measured" in installed.call("bifolio", "run", "curve_fit", folder=report)
    built = installed.call("bifolio", "build", folder=report)
    assert "10 measured" in built and "site/zh: 6 pages, built" in built and "site/en: 6 pages, built" in built
    assert installed.call("bifolio", "check", folder=report) == "nothing found\n"
    again = installed.call("bifolio", "build", folder=report)
    assert "nothing to run: 25 results at profile cpu are fresh" in again
    assert "0 written" in again and "site/zh: 6 pages, unchanged" in again

    assert list(installed.home.iterdir()) == [], "nothing is written outside the report"
    for language in ("zh", "en"):
        page = (report / "site" / language / "curves.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}"' in page
        assert page.count('class="bf-diagram"') == 1 and page.count('class="katex"') >= 1
        assert "evidence/curve_fit.html#many-network_error" in page
        assert (report / "site" / language / "assets/bifolio/katex/fonts/KaTeX_Main-Regular.woff2").is_file()

    shown = installed.fetch("en/curves.html", "bifolio", "serve", "--port", "{port}", folder=report)
    assert '<html lang="en"' in shown and 'class="bf-diagram"' in shown
    shown = installed.fetch("curves.html", "python", "-m", "mkdocs", "serve", "-a", "127.0.0.1:{port}", folder=report)
    assert '<html lang="zh"' in shown and 'class="bf-diagram"' in shown
