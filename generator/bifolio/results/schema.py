"""A result as JSON and back; reading checks every field and names the one at fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bifolio.provenance.declaration import RunName
from bifolio.provenance.fingerprint import Fingerprint
from bifolio.provenance.witness import Witness
from bifolio.results.fields import Fields
from bifolio.results.record import Column, Image, Result, Sample, Split, Table, Value


def to_json(result: Result) -> dict[str, Any]:
    """Return a result as plain data; `from_json` is its inverse."""
    return asdict(result)


def from_json(data: Mapping[str, Any], file: str) -> Result:
    """Return the result that plain data holds; raise ResultError with file and field."""
    top = Fields(data, file, "")
    split = top.inside("split") if data.get("split") is not None else None
    fingerprint = top.inside("fingerprint")
    return Result(
        name=read_name(top.inside("name")),
        config=top.literals("config"),
        split=None if split is None else Split(split.each("sizes", Fields.integer), split.flag("drawn")),
        values=top.each_named("values", _value),
        tables=top.each_named("tables", _table),
        samples=top.each_named("samples", _sample),
        images=top.each_named("images", _image),
        consumed=top.references("consumed"),
        keeps_weights=top.flag("keeps_weights"),
        fingerprint=Fingerprint(
            fingerprint.text("digest"),
            {part: fingerprint.inside("parts").each(part, Fields.text) for part in fingerprint.mapping("parts")},
        ),
        witness=read_witness(top.inside("witness")),
    )


def read_name(read: Fields) -> RunName:
    """Return which run plain data is about."""
    return RunName(read.name("experiment"), read.name("profile"), read.name("variant"), read.integer("seed"))


def read_witness(read: Fields) -> Witness:
    """Return the witness that plain data holds."""
    return Witness(
        commit=read.text("commit"),
        dirty=read.flag("dirty"),
        date=read.text("date"),
        duration=read.number("duration"),
        memory=read.integer("memory"),
        device=read.text("device"),
        machine=read.each("machine", Fields.text),
        versions=read.each("versions", Fields.text),
    )


def _value(read: Fields) -> Value:
    return Value(read.number("number"), read.text("unit"), read.optional_number("tolerance"), read.flag("timing"))


def _table(read: Fields) -> Table:
    columns = tuple(
        Column(column.name("name"), column.text("unit"), column.optional_number("tolerance"), column.flag("timing"))
        for column in read.nested("columns")
    )
    rows = []
    for index, row in enumerate(read.items("rows")):
        place = f"rows[{index}]"
        if not isinstance(row, list) or len(row) != len(columns):
            read.wrong(place, f"{len(columns)} cells", row)
        rows.append(tuple(read.cell(place, cell) for cell in row))
    return Table(columns, tuple(rows))


def _sample(read: Fields) -> Sample:
    return Sample(tuple(row.cells() for row in read.nested("rows")))


def _image(read: Fields) -> Image:
    file = read.text("file")
    stem, dot, kind = file.partition(".")
    if not (len(stem) == 64 and set(stem) <= set("0123456789abcdef") and dot and kind == "png"):
        read.wrong("file", "<sha256>.png")
    return Image(file, read.integer("width"), read.integer("height"))
