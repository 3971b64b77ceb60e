"""A result survives JSON as it was, and every field that is wrong is named with its file."""

# ruff: noqa: E501 - messages are shown as they are printed

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bifolio.errors import ResultError
from bifolio.provenance.declaration import RunName
from bifolio.provenance.fingerprint import Fingerprint
from bifolio.provenance.witness import Witness
from bifolio.results.ledger import Ledger
from bifolio.results.new_claims import Kept
from bifolio.results.new_seeds import SeedReport
from bifolio.results.reading import read_record
from bifolio.results.record import Column, Image, Result, Sample, Split, Table, Value
from bifolio.results.reports import Report as Reproduction
from bifolio.results.store import LEDGER, check_content, encode_data, encode_result, read_result
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import Report

ROOT = Path(__file__).resolve().parents[2]
RESULT = Result(
    name=RunName("digits", "cpu", "default", 3),
    config={"hidden": 128, "rates": (0.1, (1, None)), "name": "sgd", "bias": True},
    split=Split({"train": 60, "validation": 20, "test": 20}, "drawn"),
    values={"accuracy": Value(97.25, "%", 0.5), "seconds": Value(3, "s", timing=True), "errors": Value(4, of=20)},
    choices={"rate": 0.1, "sizes": (8, (16, None)), "warm": True},
    tables={"curve": Table((Column("epoch"), Column("loss", "nats", 0.1)), ((1, 0.5), (2, None)))},
    samples={"texts": Sample(({"prompt": "你好", "length": 2, "score": 0.5, "end": None},))},
    images={"strip": Image("0" * 64 + ".png", 32, 8)},
    diverged="the loss became infinite",
    consumed={"other/cpu/default/seed-3.json#loss": "ab" * 32},
    keeps_weights=False,
    fingerprint=Fingerprint("cd" * 32, {"code": {"experiments.digits": "ef"}, "needs": {}}),
    witness=Witness(
        "01" * 20, False, "2026-11-01T00:00:00+00:00", 1.5, 1000, "cpu", {"cores": "2"}, {"scikit-learn": "1"}
    ),
)

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
numbers = st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
cells = numbers | st.text(max_size=20) | st.none()
lines = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=3)
values = st.builds(Value, numbers, lines, st.none() | st.floats(0, 1e9), st.booleans()) | st.builds(
    lambda number, more: Value(number, of=number + more), st.integers(0, 9), st.integers(1, 9)
)
columns = st.lists(st.builds(Column, names), min_size=1, max_size=3).map(tuple)
tables = columns.flatmap(
    lambda c: st.builds(Table, st.just(c), st.lists(st.tuples(*[cells] * len(c)), max_size=3).map(tuple))
)
samples = st.lists(st.dictionaries(names, cells, max_size=3), max_size=3).map(lambda rows: Sample(tuple(rows)))
literals = st.recursive(cells | st.booleans(), lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=5)
results = st.builds(
    lambda values, tables, samples, config, choices, split, diverged: replace(
        RESULT,
        values=values,
        tables=tables,
        samples=samples,
        config=config,
        choices=choices,
        split=split,
        diverged=diverged,
    ),
    st.dictionaries(names, values, max_size=3),
    st.dictionaries(names, tables, max_size=2),
    st.dictionaries(names | st.just("checksum"), samples, max_size=2),
    st.dictionaries(names, literals, max_size=3),
    st.dictionaries(names, literals, max_size=3),
    st.none() | st.builds(Split, st.just({"train": 3}), st.sampled_from(["drawn", "fixed", "fresh", "none"])),
    st.none() | st.text(),
)


@given(results)
def test_a_result_is_the_same_after_it_was_stored(result: Result) -> None:
    encoded = encode_result(result)
    assert read_record(check_content(encoded, "a.json"), Result, "a.json") == result
    assert encode_result(read_record(check_content(encoded, "a.json"), Result, "a.json")) == encoded


def test_one_cell_that_changes_is_one_line_of_a_diff() -> None:
    def lines(loss: float) -> list[str]:
        rows = tuple((epoch, loss if epoch == 5 else 1.0) for epoch in range(20))
        return (
            encode_result(replace(RESULT, tables={"curve": Table((Column("epoch"), Column("loss")), rows)}))
            .decode()
            .split("\n")
        )

    different = [after.strip() for before, after in zip(lines(0.5), lines(0.25), strict=True) if before != after]
    assert [line for line in different if "checksum" not in line] == ["[5, 0.25],"]


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the plain data of RESULT with one field set to something else, or taken out (...)."""
    data: dict[str, Any] = json.loads(json.dumps(asdict(RESULT)))
    *steps, last = path.split("/")
    inner: Any = data
    for step in steps:
        inner = inner[int(step) if isinstance(inner, list) else step]
    if value is ...:
        del inner[last]
    else:
        inner[int(last) if isinstance(inner, list) else last] = value
    return data


def paths(data: object, before: str = "") -> list[str]:
    """Return the path of every field of nested objects."""
    if not isinstance(data, dict):
        return []
    return [p for key, value in data.items() for p in (f"{before}{key}", *paths(value, f"{before}{key}/"))]


FREE = (
    "config/",
    "split/sizes/",
    "values/",
    "choices/",
    "tables/",
    "samples/",
    "images/",
    "consumed/",
    "fingerprint/parts/",
)
FREE_KEYS = (*FREE, "witness/machine/", "witness/versions/")
ALL = paths(asdict(RESULT))
FIXED = [path for path in ALL if not path.startswith(FREE_KEYS) and path not in ("schema", "split")]


@pytest.mark.parametrize("path", FIXED)
def test_a_field_that_is_missing_is_named(path: str) -> None:
    with pytest.raises(ResultError) as caught:
        read_record(changed(path, ...), Result, "a.json")
    assert str(caught.value) == f"a.json: a field is missing\n  expected: {path.replace('/', '.')}"


@pytest.mark.parametrize("path", [path for path in ALL if path not in ("schema",) and "#" not in path])
def test_a_field_of_another_type_is_named(path: str) -> None:
    with pytest.raises(ResultError) as caught:
        read_record(changed(path, {"wrong": [{}]}), Result, "a.json")
    assert caught.value.file == "a.json"
    assert path.replace("/", ".") in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("values/accuracy/number", "1", 'field values.accuracy.number\n  found:    "1"\n  expected: a finite number'),
        (
            "values/accuracy/number",
            float("nan"),
            "field values.accuracy.number\n  found:    NaN\n  expected: a finite number",
        ),
        ("values/accuracy/number", True, "field values.accuracy.number\n  found:    true\n  expected: a finite number"),
        ("name/seed", -1, "field name.seed\n  found:    -1\n  expected: a whole number from 0"),
        (
            "name/variant",
            "../x",
            'field name.variant\n  found:    "../x"\n  expected: a name of small letters, digits and underscores',
        ),
        (
            "tables/curve/rows/1",
            [1],
            "field tables.curve.rows[1]\n  found:    [1]\n  expected: 2 cells",
        ),
        (
            "tables/curve/rows/1",
            [1, [2]],
            "field tables.curve.rows[1]\n  found:    [2]\n  expected: cells that are finite numbers, strings or null",
        ),
        (
            "samples/texts/rows/0/prompt",
            {},
            "field samples.texts.rows[0].prompt\n  found:    {}\n"
            "  expected: cells that are finite numbers, strings or null",
        ),
        (
            "images/strip/file",
            "../../x.png",
            'field images.strip.file\n  found:    "../../x.png"\n  expected: <sha256>.png',
        ),
        (
            "config/hidden",
            {"a": 1},
            'field config.hidden\n  found:    {"a": 1}\n  expected: a number, a string, true, false, null, or a list of them',
        ),
        (
            "consumed/..~..~etc#x",
            "ab" * 32,
            'field consumed...~..~etc#x\n  found:    "..~..~etc#x"\n  expected: experiment/profile/variant/seed-0.json#value',
        ),
        *(
            (
                f"{kind}/<script>",
                next(iter(json.loads(json.dumps(asdict(RESULT)))[kind].values())),
                f'field {kind}.<script>\n  found:    "<script>"\n  expected: a name of small letters, digits and underscores',
            )
            for kind in ("values", "choices", "tables", "samples", "images")
        ),
        (
            "values/errors/of",
            3,
            "field values.errors.number\n  found:    4\n  expected: a whole number from 0 to 3, which it is out of",
        ),
        (
            "values/errors/number",
            4.0,
            "field values.errors.number\n  found:    4.0\n  expected: a whole number from 0 to 20, which it is out of",
        ),
        (
            "split/kind",
            "random",
            'field split.kind\n  found:    "random"\n  expected: drawn, fixed, fresh, none',
        ),
        (
            "values/accuracy/units",
            "%",
            "field values.accuracy.units is unknown\n  expected: number, unit, tolerance, timing, of\n  nearest:  unit",
        ),
        (
            "samples/texts/rows/0/a b",
            1,
            'field samples.texts.rows[0].a b\n  found:    "a b"\n  expected: a name of small letters, digits and underscores',
        ),
    ],
)
def test_what_a_field_may_not_hold_is_shown(path: str, value: object, message: str) -> None:
    with pytest.raises(ResultError) as caught:
        read_record(changed(path, value), Result, "a.json")
    assert str(caught.value) == f"a.json: {message}"


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("values/accuracy/number", "1", '  "accuracy": {"number": "1", '),
        ("values/accuracy/units", "%", '  "accuracy": {"number": '),
        ("witness/device", ..., ' "witness": {'),
        ("tables/curve/rows/1", [1], '   "rows": ['),
        ("name/seed", -1, '  "seed": -1,'),
        ("witness/machine", [], '  "machine": [],'),
    ],
)
def test_a_stored_field_is_named_with_its_line(report: Report, path: str, value: object, line: str) -> None:
    text = encode_data(changed(path, value)).decode()
    report.write(f"experiments/results/{RESULT.name.path}", text)
    with pytest.raises(ResultError) as caught:
        read_result(report.project, RESULT.name)
    assert caught.value.line and text.splitlines()[caught.value.line - 1].startswith(line)


def test_a_field_with_a_default_may_be_absent() -> None:
    """A later version may add such a field without a rewrite of what is stored."""
    assert read_record(changed("values/accuracy/of", ...), Result, "a.json") == RESULT


def kind_of(path: Path) -> type[Result | Reproduction | SeedReport | Kept | Ledger]:
    """Return which record a stored file holds."""
    if path.is_relative_to(ROOT / "experiments" / "results"):
        return Ledger if path.name == LEDGER else Result
    if path.name.startswith("seeds-"):
        return SeedReport
    if path.name.startswith("claims-"):
        return Kept
    return Result if "new-seeds" in path.parts else Reproduction


def test_what_this_repository_stores_is_read_as_it_was_written() -> None:
    folders = [ROOT / "experiments" / folder for folder in ("results", "reproductions")]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.json"))]
    assert len(paths) > 500
    for path in paths:
        content, kind = path.read_bytes(), kind_of(path)
        data = check_content(content, str(path))
        verdict = {"verdict": data.pop("verdict")} if kind is Reproduction else {}
        assert encode_data({**asdict(read_record(data, kind, str(path))), **verdict}) == content
