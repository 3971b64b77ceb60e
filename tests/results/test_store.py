"""Stored results: found by their path, trusted by their checksum."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import pytest
from bifolio.errors import ResultError, StorageError
from bifolio.provenance.declaration import RunName
from bifolio.results.store import image_path, read_result, read_runs, results_digest, stored_runs, write_result

if TYPE_CHECKING:
    from tests.conftest import Report

MEND = "measure it again with `bifolio run --force`, or take the committed file back"
FILE = "experiments/results/one/cpu/default/seed-0.json"


@pytest.fixture
def measured(report: Report) -> Report:
    """Return a report with one experiment of two seeds that records an image and a value."""
    body = 'run.image("square", [[run.seed * 9, 2], [3, 4]])\nrun.value("answer", 42)'
    report.experiment("one", body, declared="seeds=2")
    assert all(outcome.kind == "measured" for outcome in report.measure().values())
    return report


def sign(text: str) -> bytes:
    """Return a result's text with the checksum that fits, as somebody who wants to deceive would."""
    blank = re.sub('"checksum": "[0-9a-f]{64}"', f'"checksum": "{"0" * 64}"', text)
    return blank.replace("0" * 64, hashlib.sha256(blank.encode()).hexdigest(), 1).encode()


def refused(report: Report) -> str:
    with pytest.raises(ResultError) as caught:
        report.result("one")
    return str(caught.value)


def test_results_are_found_by_their_paths(measured: Report) -> None:
    folder = measured.result_file("one").parent
    for stray in ("seed-00.json", "seed-x.json", ".seed-3.json.7.part", "notes.txt"):
        (folder / stray).write_text("")
    assert stored_runs(measured.project, "one", "cpu") == tuple(RunName("one", "cpu", "default", n) for n in (0, 1))
    assert stored_runs(measured.project, "one", "gpu") == stored_runs(measured.project, "none", "cpu") == ()
    runs = read_runs(measured.project, "one", "cpu")["default"]
    assert [run.name.seed for run in runs] == [0, 1]


def test_an_image_lies_beside_its_result(measured: Report) -> None:
    result = measured.result("one")
    image = result.images["square"]
    content = image_path(measured.project, result.name, image).read_bytes()
    assert image.file == f"{hashlib.sha256(content).hexdigest()}.png"
    assert (image.width, image.height) == (2, 2)


def test_the_same_result_is_the_same_bytes(measured: Report) -> None:
    before = measured.results()
    write_result(measured.project, measured.result("one"), {})
    assert measured.results() == before


def test_a_result_that_was_cut_short_is_refused(measured: Report) -> None:
    content = measured.result_file("one").read_bytes()
    for length in (0, 1, len(content) // 2, len(content) - 3):
        measured.result_file("one").write_bytes(content[:length])
        message = refused(measured)
        assert re.match(rf"{FILE}:\d+: this is no valid JSON; it was cut short or edited\n", message), length
        assert message.endswith(MEND)


def test_a_result_that_was_edited_by_hand_is_refused(measured: Report) -> None:
    content = measured.result_file("one").read_bytes()
    measured.result_file("one").write_bytes(content.replace(b'"number": 42', b'"number": 43'))
    assert refused(measured) == f"{FILE}:2: this result does not match its checksum; it was edited\n  expected: {MEND}"


@pytest.mark.parametrize("content", [b"[]", b"{}", b'"x"', b"null", b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_result_at_all_is_refused(measured: Report, content: bytes) -> None:
    measured.result_file("one").write_bytes(content)
    assert refused(measured).startswith(f"{FILE}:1: th")
    assert measured.states() == {"one": "stale"}


def test_a_result_of_a_newer_schema_is_refused_and_never_called_fresh(measured: Report) -> None:
    text = measured.result_file("one").read_text()
    measured.result_file("one").write_bytes(sign(text.replace('"schema": 2', '"schema": 3')))
    assert refused(measured) == (
        f"{FILE}: this result has a schema that this version of bifolio does not read\n"
        "  found:    3\n  expected: 2; newer results need a newer bifolio"
    )
    assert measured.states() == {"one": "stale"}
    assert "schema" in measured.reason("one")


def test_a_result_at_another_path_is_refused(measured: Report) -> None:
    measured.result_file("one").write_bytes(measured.result_file("one", seed=1).read_bytes())
    assert refused(measured) == (
        f"{FILE}: a result says it is another run than its path\n  found:    one seed 1 (cpu)\n"
        "  expected: one seed 0 (cpu)"
    )


def test_a_result_with_a_field_at_fault_and_a_right_checksum_is_refused(measured: Report) -> None:
    text = measured.result_file("one").read_text()
    measured.result_file("one").write_bytes(sign(text.replace('"number": 42', '"number": "42"')))
    line = text[: text.index('"number": 42')].count("\n") + 1
    told = f'{FILE}:{line}: field values.answer.number\n  found:    "42"\n  expected: a finite number'
    assert refused(measured) == told


def test_a_missing_result_is_said(report: Report) -> None:
    with pytest.raises(ResultError, match="cannot be read: No such file or directory"):
        read_result(report.project, RunName("one", "cpu", "default", 0))


def test_a_disk_that_refuses_the_image_leaves_the_old_result(measured: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    before, result = measured.results(), measured.result("one")
    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(StorageError, match="No space left on device"):
        write_result(measured.project, result, {"f" * 64 + ".png": b"new"})
    assert measured.results() == before


def test_images_that_no_result_names_any_more_are_removed(measured: Report) -> None:
    stray = measured.result_file("one").with_name("f" * 64 + ".png")
    stray.write_bytes(b"")
    measured.measure(force=True)
    assert not stray.exists()
    assert len(list(stray.parent.glob("*.png"))) == 2


def test_the_digest_of_results_covers_every_byte(measured: Report) -> None:
    before = results_digest(measured.project, "one")
    text = measured.result_file("one").read_text()
    assert json.loads(text)["values"]["answer"]["number"] == 42
    measured.result_file("one").write_text(text + "\n")
    assert results_digest(measured.project, "one") != before
