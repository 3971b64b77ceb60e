"""Unreadable is not empty: a record that is half written, in conflict or no text is an error with its place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from bifolio.chapters import render
from bifolio.check.drift import keep_agreement
from bifolio.cli import main
from bifolio.memo import Memo
from bifolio.results.archive import pack_results

from tests.conftest import Ended, Report

Bifolio = Callable[..., Ended]

PAGE = """
    # Home {#home}

    It is {{ coin.heads }}.

    {% claim coin.heads > 0 %}More than none.{% endclaim %}
    """
RESULTS = "experiments/results/coin"
AGAIN = "experiments/reproductions"
RECORDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "templates/parity.lock": (("check",), ("build",)),
    "docs/files.txt": (("check",), ("build",)),
    f"{RESULTS}/cpu/default/seed-0.json": (("check",), ("status",), ("pack", "x.zip"), ("reproduce",)),
    f"{RESULTS}/ledger.json": (("check",), ("run",), ("build",), ("reproduce", "--new-seeds")),
    f"{AGAIN}/coin/cpu/default/seed-0.json": (("check",), ("build",), ("reproduce",)),
    f"{AGAIN}/new-seeds/coin/cpu/default/seed-5.json": (("reproduce", "--new-seeds"),),
    f"{AGAIN}/new-seeds/coin/cpu/seeds-5-9.json": (("check",), ("build",), ("reproduce", "--new-seeds")),
    f"{AGAIN}/new-seeds/claims-cpu.json": (("check",), ("build",), ("reproduce", "--new-seeds")),
}
"""Each record, with the verbs that read it."""


def in_conflict(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    middle = len(lines) // 2
    both = [b"<<<<<<< HEAD\n", lines[middle], b"=======\n", lines[middle], b">>>>>>> theirs\n"]
    return b"".join([*lines[:middle], *both, *lines[middle + 1 :]])


DAMAGES: Mapping[str, Callable[[bytes], bytes]] = {
    "in conflict": in_conflict,
    "half": lambda content: content[: len(content) // 2],
    "zeros": lambda content: content[: len(content) // 2] + bytes(len(content) // 2),
    "empty": lambda content: b"",
    "no text": lambda content: b"\xe9\n" + content,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report that has every kind of record; nobody writes into it."""
    report = Report(tmp_path_factory.mktemp("records") / "report")
    report.write("pyproject.toml", '[tool.bifolio]\nlanguages = ["zh", "en"]\npages = ["index"]\n')
    for language in ("zh", "en"):
        report.write(f"templates/pages/index/{language}.md", PAGE)
    report.experiment("coin", 'import random\nrun.value("heads", 1 + random.random())', declared="seeds=5")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(report.root)
        for verb in (["run"], ["reproduce"], ["reproduce", "--new-seeds"]):
            assert main(verb) == 0
    render(report.project)
    keep_agreement(report.project)
    assert all((report.root / record).is_file() for record in RECORDS)
    return report.root


@pytest.fixture
def kept(whole: Path, report: Report) -> Report:
    shutil.copytree(whole, report.root, dirs_exist_ok=True)
    return report


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("record", RECORDS)
def test_a_damaged_record_is_told_and_left_as_it_is(kept: Report, bifolio: Bifolio, record: str, damage: str) -> None:
    path = kept.root / record
    damaged = DAMAGES[damage](path.read_bytes())
    if record == "docs/files.txt" and damage in ("half", "empty"):
        return  # a shorter list is a list: `check` says that it is outdated, and nothing is removed for it
    path.write_bytes(damaged)
    for verb in RECORDS[record]:
        ended = bifolio(*verb)
        said = ended.out + ended.err
        assert ended.status == (0 if verb == ("status",) else 1), (verb, said)
        assert re.search(rf"{re.escape(record)}:\d+: ", said), (verb, said)
        assert "Traceback" not in said
        assert path.read_bytes() == damaged, verb


def test_a_record_of_another_shape_is_told(kept: Report, bifolio: Bifolio) -> None:
    for text in ("[]", "{}", '{"version": 2, "pages": {}}', '{"version": 1, "pages": {"index": [{"zh": []}]}}'):
        (kept.root / "templates/parity.lock").write_text(text)
        ended = bifolio("check")
        assert ended.status == 1 and "templates/parity.lock:1: " in ended.out


def test_a_list_that_lost_lines_removes_nothing(kept: Report, bifolio: Bifolio) -> None:
    (kept.root / "docs/files.txt").write_text("")
    before = sorted(path for path in (kept.root / "docs").rglob("*"))
    assert "outdated-docs" in bifolio("check").out
    render(kept.project)
    assert sorted(path for path in (kept.root / "docs").rglob("*")) == before


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_packed_file_is_told(kept: Report, bifolio: Bifolio, damage: str) -> None:
    pack_results(kept.project, kept.root / "x.zip")
    path = kept.root / "x.zip"
    path.write_bytes(DAMAGES[damage](path.read_bytes()) if damage != "no text" else b"PK\x05\x06" + bytes(18))
    ended = bifolio("unpack", "x.zip")
    assert (ended.status == 1 and "x.zip: this " in ended.err) or damage == "in conflict", ended
    assert "Traceback" not in ended.err


def test_a_damaged_result_is_replaced_by_force_alone(kept: Report, bifolio: Bifolio) -> None:
    bifolio("pack", "x.zip")
    path = kept.root / RESULTS / "cpu/default/seed-0.json"
    good = path.read_bytes()
    path.write_bytes(in_conflict(good))
    ended = bifolio("unpack", "x.zip")
    assert ended.status == 1 and f"left out {RESULTS}/cpu/default/seed-0.json:" in ended.err
    assert path.read_bytes() == in_conflict(good)
    assert bifolio("unpack", "--force", "x.zip").status == 0
    assert path.read_bytes() == good


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_memo_is_made_again(kept: Report, bifolio: Bifolio, damage: str) -> None:
    bifolio("check")
    memos = sorted((kept.root / ".cache").glob("*.json"))
    assert memos
    before = bifolio("status").out, bifolio("check").out
    for memo in memos:
        memo.write_bytes(DAMAGES[damage](memo.read_bytes()))
        assert Memo(memo, "").known == {}
    assert (bifolio("status").out, bifolio("check").out) == before
