"""Pixels as PNG files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

from bifolio.authoring.conversion import plain_number
from bifolio.errors import RecordError


def encode_png(pixels: object, what: str) -> tuple[bytes, int, int]:
    """Return a PNG of grey (height, width) or colour (height, width, 3) pixels, with its width and height.

    Whole numbers are 0..255, fractions 0.0..1.0. Written here because the run side carries no image library to a
    machine without network; the format is ISO/IEC 15948, one IDAT chunk, no filter. Raises RecordError.
    """
    rows: Any = pixels.tolist() if hasattr(pixels, "tolist") else pixels
    shape = _shape(rows)
    if len(shape) not in (2, 3) or 0 in shape or (len(shape) == 3 and shape[2] != 3):
        raise RecordError(
            f"{what} is no picture", found=f"shape {shape}", expected="(height, width) or (height, width, 3)"
        )
    height, width = shape[0], shape[1]
    if any(_shape(row)[:1] != (width,) or any(_shape(pixel) != shape[2:] for pixel in row) for row in rows):
        raise RecordError(f"{what} has rows of different lengths")
    flat = [[channel for pixel in row for channel in (pixel if len(shape) == 3 else (pixel,))] for row in rows]
    scanlines = b"".join(b"\0" + bytes(_level(value, what) for value in row) for row in flat)
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if len(shape) == 3 else 0, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(scanlines, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body, width, height


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _level(value: object, what: str) -> int:
    number = plain_number(value, what)
    level = round(number * 255) if isinstance(number, float) else number
    if not 0 <= level <= 255:
        raise RecordError(
            f"{what} has a pixel out of range", found=number, expected="0..255, or 0.0..1.0 for fractions"
        )
    return level


def _shape(rows: Any) -> tuple[int, ...]:
    shape: list[int] = []
    while isinstance(rows, Sequence) and not isinstance(rows, str):
        shape.append(len(rows))
        if not rows:
            break
        rows = rows[0]
    return tuple(shape)
