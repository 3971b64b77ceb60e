"""Pictures become PNG files that any reader reads."""

from __future__ import annotations

import struct
import zlib

import numpy
import pytest
from bifolio.authoring.png import encode_png
from bifolio.errors import RecordError


def pixels(png: bytes) -> list[bytes]:
    """Return the rows of a PNG, by its specification: chunks with checksums, one filter byte a row."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        chunks[kind] = body
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    step = width * (3 if colour == 2 else 1) + 1
    raw = zlib.decompress(chunks[b"IDAT"])
    assert (depth, len(raw)) == (8, step * height)
    assert not any(raw[row * step] for row in range(height))
    return [raw[row * step + 1 : (row + 1) * step] for row in range(height)]


def test_greys_and_colours() -> None:
    assert pixels(encode_png([[0, 128], [255, 1], [2, 3]], "x")[0]) == [b"\x00\x80", b"\xff\x01", b"\x02\x03"]
    assert pixels(encode_png([[[1, 2, 3], [4, 5, 6]]], "x")[0]) == [b"\1\2\3\4\5\6"]
    assert encode_png([[0, 128], [255, 1], [2, 3]], "x")[1:] == (2, 3)


def test_fractions_are_scaled_and_arrays_are_read() -> None:
    assert pixels(encode_png(numpy.array([[0.0, 0.5, 1.0]]), "x")[0]) == [bytes([0, 128, 255])]
    assert pixels(encode_png(numpy.array([[0, 7]], dtype=numpy.uint8), "x")[0]) == [b"\0\7"]


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        ([], r"shape \(0,\)"),
        ([[]], r"shape \(1, 0\)"),
        ([1, 2], r"shape \(2,\)"),
        ([[[1, 2]]], r"shape \(1, 1, 2\)"),
        ("text", r"shape \(\)"),
        ([[1, 2], [3]], "rows of different lengths"),
        ([[256]], "a pixel out of range"),
        ([[-1]], "a pixel out of range"),
        ([[1.5]], "a pixel out of range"),
        ([[float("nan")]], "is not finite"),
        ([["a"]], "is no number"),
        ([[[1, 2, 3], 4]], "rows of different lengths"),
        ([[1, 2], 3], "rows of different lengths"),
        ([[[1, 2, 3], [1, 2]], [[1, 2, 3], [1, 2]]], "rows of different lengths"),
    ],
)
def test_what_is_no_picture_is_refused(picture: object, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        encode_png(picture, "x")
