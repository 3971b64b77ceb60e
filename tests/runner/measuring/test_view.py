"""On Linux a run is shown what it declared: readers that raise no audit event find nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Report

WITHOUT = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x00020000 if {root} else 0x10020000) != 0)"
ALLOWED = (
    sys.platform == "linux"
    and not subprocess.run([sys.executable, "-c", WITHOUT.format(root=os.geteuid() == 0)], check=False).returncode
)
pytestmark = pytest.mark.skipif(not ALLOWED, reason="the system allows no mount namespaces")


@pytest.fixture
def guarded(report: Report) -> Report:
    report.write("experiments/__init__.py", "")
    report.write("data/secret.txt", "secret")
    report.write("data/open.txt", "open")
    return report


@pytest.mark.parametrize(
    ("body", "file"),
    [
        ('from safetensors.torch import load_file; load_file("data/a.safetensors")', "data/a.safetensors"),
        ('import torch; torch.from_file("data/a.bin", size=2)', "data/a.bin"),
        ('import torch; torch.UntypedStorage.from_file("data/a.bin", False, 8)', "data/a.bin"),
        ('from tokenizers import Tokenizer; Tokenizer.from_file("data/tokenizer.json")', None),
    ],
)
@pytest.mark.usefixtures("anew")
def test_readers_in_other_languages_find_what_is_declared(
    guarded: Report, tensors: Path, body: str, file: str | None
) -> None:
    shutil.copytree(tensors, guarded.root / "data", dirs_exist_ok=True)
    guarded.experiment("curious", f"{body}\nrun.value('x', 1)")
    guarded.experiment("honest", f"{body}\nrun.value('x', 1)", declared='seeds=1, inputs=("data/*",)')
    curious, honest = guarded.measure(jobs=1).values()
    if curious.name.experiment == "honest":
        curious, honest = honest, curious
    assert honest.message == ""
    assert curious.kind == "failed"
    if file is not None:
        assert f"a run opened a file of the project that it did not declare\n  found:    {file}" in curious.message
    assert curious.message.startswith("experiments/curious.py:12: ")


def test_a_program_finds_what_is_declared(guarded: Report) -> None:
    body = """
        import subprocess
        text = subprocess.run("cat d*/*.txt", shell=True, capture_output=True, text=True).stdout
        run.sample("read", [{"text": text}])
        """
    guarded.experiment("some", body, declared='seeds=1, inputs=("data/open.txt",), uses=("subprocess",)')
    assert [outcome.message for outcome in guarded.measure().values()] == [""]
    assert guarded.result("some").samples["read"].rows[0]["text"] == "open"


def test_nothing_is_there_to_be_asked_about(guarded: Report) -> None:
    body = """
        import os
        run.value("secret", int(os.path.exists("data/secret.txt")))
        run.value("open", int(os.path.exists("data/open.txt")))
        run.value("settings", int(os.path.exists("pyproject.toml")))
        """
    guarded.experiment("some", body, declared='seeds=1, inputs=("data/open.txt",)')
    guarded.measure()
    assert {name: value.number for name, value in guarded.result("some").values.items()} == {
        "secret": 0,
        "open": 1,
        "settings": 0,
    }


def test_other_weights_are_not_shown_and_needed_ones_cannot_be_changed(guarded: Report) -> None:
    body = "with run.weights() as folder: (folder / 'w').write_bytes(b'w')\nrun.value('x', 1)"
    guarded.experiment("up", body)
    guarded.experiment("other", body)
    guarded.measure()
    listed = "import os; os.listdir(run.need('up').weights.parent); run.value('x', 1)"
    guarded.experiment("down", listed, declared='seeds=1, needs=("up",)')
    (outcome,) = guarded.measure().values()
    assert "a run listed a folder of the project" in outcome.message
    body = """
        import os
        from pathlib import Path
        folder = run.need("up").weights
        run.value("seen", len(os.listdir(folder)))
        try:
            (folder / "w").write_bytes(b"other")
        except OSError as error:
            run.value("refused", error.errno)
        with run.weights() as own:
            (own / "w").write_bytes(b"v")
        """
    guarded.experiment("down", body, declared='seeds=1, needs=("up",)')
    (outcome,) = guarded.measure().values()
    assert outcome.message == ""
    assert {name: value.number for name, value in guarded.result("down").values.items()} == {"seen": 1, "refused": 30}
    kept = sorted(path.read_bytes() for path in (guarded.root / ".cache" / "weights").glob("*/w"))
    assert kept == [b"v", b"w", b"w"]
    assert list(guarded.root.rglob("*.part")) == []


def test_a_declared_link_leads_where_it_led(guarded: Report, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("outside")
    (guarded.root / "data" / "far.txt").symlink_to(tmp_path / "outside.txt")
    (guarded.root / "data" / "near.txt").symlink_to("open.txt")
    (guarded.root / "linked").symlink_to("data")
    body = """
        for name in ("data/far.txt", "data/near.txt", "linked/open.txt"):
            run.sample(name.split("/")[-1][:-4] + name[0], [{"text": open(name).read()}])
        """
    declared = 'seeds=1, inputs=("data/far.txt", "data/near.txt", "linked/open.txt")'
    guarded.experiment("some", body, declared=declared)
    assert [outcome.message for outcome in guarded.measure().values()] == [""]
    samples = guarded.result("some").samples
    assert [sample.rows[0]["text"] for sample in samples.values()] == ["outside", "open", "open"]


MEANWHILE = """
import os
make = os.mkdir
def meanwhile(path, **how):
    if str(path) == ".cache/weights":
        make(path, **how)  # another run that keeps its first weights now
    make(path, **how)
os.mkdir = meanwhile
with run.weights() as folder:
    (folder / "model.txt").write_text("weights")
os.mkdir = make
run.value("x", 1)
"""


@pytest.mark.usefixtures("anew")
def test_two_runs_may_keep_the_first_weights_at_once(report: Report) -> None:
    """Seen once in some thousand runs: each found no folder of weights, and the second one failed to make it."""
    report.experiment("keeping", MEANWHILE)
    assert [outcome.message for outcome in report.measure().values()] == [""]
    assert report.result("keeping").keeps_weights
