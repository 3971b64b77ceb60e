"""Files on disk: what is written is never half there, what is read is text or an error with its place."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from bifolio.errors import StorageError, UnreadableError
from bifolio.owner import part_name

_MARKS = ((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
"""How files in other encodings begin, longest first."""
_CONTROL = re.compile(r"[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]")
"""Characters that no editor shows and no source needs; a form feed parts pages of code."""
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
_TOML_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_DIGITS = re.compile(r"[0-9_]{4000}")
"""More digits than Python reads as one number; its parsers stop there without a place."""


def write_file(path: Path, content: bytes | str) -> bool:
    """Write a file through a temporary neighbour and a rename; return whether its bytes changed.

    Raises StorageError when the disk refuses; what stood there before still stands.
    """
    data = content.encode() if isinstance(content, str) else content
    if _holds(path, data):
        return False
    temporary = path.with_name(part_name(path.name))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):  # the first error is the one to tell
            temporary.unlink(missing_ok=True)
        raise StorageError(f"the file cannot be written: {error.strerror}", file=path) from error
    return True


def _holds(path: Path, data: bytes) -> bool:
    try:
        with open(path, "rb") as stream:
            return os.fstat(stream.fileno()).st_size == len(data) and stream.read() == data
    except OSError:
        return False  # nothing to compare with; writing will tell what is wrong


def read_source(path: Path, file: object = None) -> str:
    """Return the text of a file that people write, as `decode_source` does; `file` is its name in messages."""
    shown = path if file is None else file
    return decode_source(_content(path, shown), shown)


def decode_source(content: bytes, file: object) -> str:
    """Return what people wrote as `decode` does; raise UnreadableError for characters that nobody types, too."""
    text = decode(content, file)
    control = _CONTROL.search(text)
    if control:
        raise UnreadableError(
            "a control character stands in the file",
            file=file,
            line=_line(text, control.start()),
            found=f"U+{ord(control[0]):04X}",
            expected="text in UTF-8, with no control characters but tabs and line ends",
        )
    check_merged(text, file, "what the file says after the merge")
    return text


def decode(content: bytes, file: object) -> str:
    """Return the text of a file: without a byte order mark, each line ended by a line feed alone.

    Raises UnreadableError, with the line, for what is not UTF-8.
    """
    try:
        text = content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = len(_ended(content[: error.start].decode()).split("\n"))
        encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
        found = f"the byte 0x{content[error.start]:02X}" if encoding is None else f"{encoding}, by its first bytes"
        raise UnreadableError("the file is not UTF-8", file=file, line=line, found=found, expected="UTF-8") from None
    return _ended(text)


def read_toml(path: Path, file: object = None) -> dict[str, Any]:
    """Return what a TOML file holds; raise UnreadableError with the line."""
    return parse_toml(read_source(path, file), path if file is None else file)


def parse_toml(text: str, file: object) -> dict[str, Any]:
    """Return what the text of a TOML file holds; raise UnreadableError with the line."""
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        place = _TOML_LINE.search(str(error))
        raise UnreadableError(
            "this is no valid TOML",
            file=file,
            line=int(place[1]) if place else _line_of_digits(text) or text.rstrip().count("\n") + 1,
            found=_TOML_LINE.sub("", str(error)),
        ) from None


def read_text(path: Path, file: object, mend: str) -> str:
    """Return the text of a file that was generated, as `decode` does; `mend` says what to do where it cannot."""
    try:
        return decode(_content(path, file), file)
    except UnreadableError as error:
        error.expected = mend
        raise


def read_record(path: Path, file: object, mend: str) -> str:
    """Return the text of a record that is committed; raise UnreadableError for one that is half written or merged."""
    text = read_text(path, file, mend)
    check_merged(text, file, mend)
    if "\0" in text:  # what a disk leaves of a file that was being written when the power went
        line = _line(text, text.index("\0"))
        raise UnreadableError("the file was half written", file=file, line=line, found="U+0000", expected=mend)
    return text


def check_merged(text: str, file: object, mend: str) -> None:
    """Raise UnreadableError, with the line, where a merge with conflicts left its marks."""
    mark = _CONFLICT.search(text)
    if mark:
        line = _line(text, mark.start())
        raise UnreadableError("a merge left its marks in the file", file=file, line=line, found=mark[0], expected=mend)


def parse_json(text: str, file: object, mend: str) -> Any:
    """Return what the JSON of a record holds; raise UnreadableError with the line."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        check_merged(text, file, mend)
        line = getattr(error, "lineno", None) or _line_of_digits(text) or 1
        reason = "this is no valid JSON; it was cut short or edited"
        raise UnreadableError(reason, file=file, line=line, found=error, expected=mend) from None


def _content(path: Path, file: object) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise UnreadableError(f"the file cannot be read: {error.strerror}", file=file) from None


def _line_of_digits(text: str) -> int | None:
    found = _DIGITS.search(text)
    return _line(text, found.start()) if found else None


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _ended(text: str) -> str:
    """Return a text whose lines all end alike."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
