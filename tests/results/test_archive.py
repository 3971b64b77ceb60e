"""Results come home from another machine: what is good is taken, what is not is left out and named."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bifolio.errors import ResultError, UsageError
from bifolio.results import archive
from bifolio.results.archive import Taken, pack_results, unpack_results
from bifolio.results.store import encode_result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import Report


@pytest.fixture
def away(report: Report, tmp_path: Path) -> Report:
    """Return the report on the other machine: it has measured everything, `report` has not."""
    body = 'run.image("square", [[run.seed * 9, 2], [3, 4]])\nrun.value("answer", 42)'
    report.experiment("one", body, declared="seeds=2, smoke=Config()")
    report.experiment("two")
    shutil.copytree(report.root, tmp_path / "away")
    other = type(report)(tmp_path / "away")
    assert {outcome.kind for outcome in other.measure().values()} == {"measured"}
    return other


@pytest.fixture
def packed(away: Report, tmp_path: Path) -> Path:
    assert pack_results(away.project, tmp_path / "results.zip") == 3
    return tmp_path / "results.zip"


def repack(packed: Path, changes: dict[str, bytes | None]) -> None:
    """Replace, add or (None) take out members of a packed file."""
    with zipfile.ZipFile(packed) as old:
        members: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(packed, "w") as new:
        for name, content in {**members, **changes}.items():
            if content is not None:
                new.writestr(name, content)


def redated(report: Report, packed: Path, date: str) -> None:
    """Give the packed results another date of measuring."""
    from dataclasses import replace

    result = report.result("two")
    changed = replace(result, witness=replace(result.witness, date=date))
    repack(packed, {"two/cpu/default/seed-0.json": encode_result(changed)})


def test_everything_comes_home_with_its_images(report: Report, away: Report, packed: Path) -> None:
    assert unpack_results(report.project, packed) == Taken(stored=3, unchanged=0, refused=())
    assert report.results() == away.results()
    assert len([name for name in report.results() if name.endswith(".png")]) == 2
    assert report.states() == {"one": "fresh", "two": "fresh"}


def test_what_is_here_already_is_not_written_again(report: Report, packed: Path) -> None:
    unpack_results(report.project, packed)
    assert unpack_results(report.project, packed) == Taken(stored=0, unchanged=3, refused=())


def test_a_packed_file_is_the_same_bytes_twice(away: Report, packed: Path, tmp_path: Path) -> None:
    pack_results(away.project, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()


def test_only_what_is_named_is_packed(away: Report, tmp_path: Path) -> None:
    assert pack_results(away.project, tmp_path / "two.zip", ["two"]) == 1
    assert zipfile.ZipFile(tmp_path / "two.zip").namelist() == ["two/cpu/default/seed-0.json"]
    with pytest.raises(UsageError, match="there is no such experiment"):
        pack_results(away.project, tmp_path / "x.zip", ["tow"])


def test_smoke_results_are_not_packed_and_not_taken(report: Report, away: Report, packed: Path, tmp_path: Path) -> None:
    away.measure(profile="smoke")
    assert pack_results(away.project, tmp_path / "all.zip") == 3
    repack(packed, {"smoke.json": away.result_file("two", profile="smoke").read_bytes()})
    taken = unpack_results(report.project, packed)
    assert taken.stored == 3
    assert taken.refused == ("two seed 0 (smoke): not a published profile   found:    smoke   expected: cpu",)


@pytest.mark.parametrize("name", ["../../../evil.json", "/tmp/evil.json", "a/../../evil.json", "..\\..\\evil.json"])
def test_no_path_leaves_the_results_folder(report: Report, away: Report, packed: Path, name: str) -> None:
    content = away.result_file("two").read_bytes()
    image = next(iter(away.result_file("one").parent.glob("*.png"))).read_bytes()
    repack(packed, {"two/cpu/default/seed-0.json": None, name: content, "../evil.png": image})
    before = {
        path for path in report.root.parent.rglob("*") if "results" not in path.parts and ".cache" not in path.parts
    }
    assert unpack_results(report.project, packed).stored == 3  # it goes where its own content says
    after = {
        path for path in report.root.parent.rglob("*") if "results" not in path.parts and ".cache" not in path.parts
    }
    assert after == before
    assert report.result("two") == away.result("two")


def test_a_result_that_names_a_path_as_its_name_is_left_out(report: Report, away: Report, packed: Path) -> None:
    import hashlib

    text = away.result_file("two").read_text().replace('"experiment": "two"', '"experiment": "../../evil"')
    blank = re.sub('"checksum": "[0-9a-f]{64}"', f'"checksum": "{"0" * 64}"', text)
    repack(packed, {"x.json": blank.replace("0" * 64, hashlib.sha256(blank.encode()).hexdigest(), 1).encode()})
    (refusal,) = unpack_results(report.project, packed).refused
    assert refusal.startswith('x.json: field name.experiment   found:    "../../evil"')


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    report: Report, packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_LARGEST", 100_000)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        for index in range(20):
            bomb.writestr(f"{index}.json", b" " * 10_000)
    assert packed.stat().st_size < 10_000
    with pytest.raises(ResultError) as caught:
        unpack_results(report.project, packed)
    assert (
        str(caught.value)
        == f"{packed}: a packed file is too large\n  found:    200000 bytes\n  expected: at most 100000"
    )


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_packed_file_is_said(report: Report, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(ResultError, match="this is no packed file"):
        unpack_results(report.project, tmp_path / "x.zip")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_packed_file_that_was_damaged_anywhere_never_stores_anything_else(
    report: Report, away: Report, packed: Path, data: st.DataObject
) -> None:
    content = bytearray(packed.read_bytes())
    index = data.draw(st.integers(0, len(content) - 1))
    content[index] ^= data.draw(st.integers(1, 255))
    damaged = packed.with_name("damaged.zip")
    damaged.write_bytes(content)
    shutil.rmtree(report.root / "experiments" / "results", ignore_errors=True)
    try:
        unpack_results(report.project, damaged)
    except ResultError as error:
        assert "damaged.zip" in str(error)
    good = away.results()
    assert all(good.get(name) == content for name, content in report.results().items())


@pytest.mark.parametrize("content", [b"{", b"\0", b"{}"])
def test_a_bad_result_is_left_out_and_the_good_ones_are_taken(report: Report, packed: Path, content: bytes) -> None:
    repack(packed, {"two/cpu/default/seed-0.json": content})
    taken = unpack_results(report.project, packed)
    assert (taken.stored, len(taken.refused)) == (2, 1)
    assert taken.refused[0].startswith("two/cpu/default/seed-0.json:1: this ")
    assert report.states() == {"one": "fresh", "two": "missing"}


def test_a_result_without_its_image_is_left_out(report: Report, packed: Path) -> None:
    with zipfile.ZipFile(packed) as opened:
        image = next(name for name in opened.namelist() if name.endswith(".png"))
    for content in (None, b"another picture"):
        repack(packed, {image: content})
        taken = unpack_results(report.project, packed)
        (refusal,) = taken.refused
        assert "an image is missing or is another one" in refusal


def test_an_unknown_run_is_left_out(report: Report, packed: Path) -> None:
    (report.root / "experiments" / "two.py").unlink()
    report.edit("experiments/one.py", "seeds=2", "seeds=1")
    assert unpack_results(report.project, packed, force=True).refused == (
        "one seed 1 (cpu): this report declares no such run",
        "two seed 0 (cpu): this report declares no such run",
    )


def test_what_is_stale_here_is_left_out_unless_told(report: Report, packed: Path) -> None:
    report.edit("experiments/two.py", "42", "43")
    taken = unpack_results(report.project, packed)
    assert taken.refused == (
        "two seed 0 (cpu): stale here: it was measured by other code or settings   expected: --force to take it",
    )
    assert report.states() == {"one": "fresh", "two": "missing"}
    assert unpack_results(report.project, packed, force=True).refused == ()
    assert report.states() == {"one": "fresh", "two": "stale"}


def test_nothing_is_replaced_by_something_older_unless_told(report: Report, away: Report, packed: Path) -> None:
    unpack_results(report.project, packed)
    good = report.results()
    redated(away, packed, "2001-01-01T00:00:00+00:00")
    (refusal,) = unpack_results(report.project, packed).refused
    assert refusal.startswith("two seed 0 (cpu): older than the stored result   found:    2001-01-01T00:00:00+00:00")
    assert report.results() == good
    assert unpack_results(report.project, packed, force=True).stored == 1
    assert report.result("two").witness.date.startswith("2001")


def test_something_newer_replaces_what_is_stored(report: Report, away: Report, packed: Path) -> None:
    unpack_results(report.project, packed)
    redated(away, packed, "2099-01-01T00:00:00+00:00")
    assert unpack_results(report.project, packed) == Taken(stored=1, unchanged=2, refused=())


def test_something_good_replaces_a_result_that_is_broken_when_it_is_asked_for(report: Report, packed: Path) -> None:
    unpack_results(report.project, packed)
    report.result_file("two").write_text("{")
    assert unpack_results(report.project, packed).stored == 0
    assert unpack_results(report.project, packed, force=True).stored == 1
    assert json.loads(report.result_file("two").read_text())["values"]["answer"]["number"] == 42
