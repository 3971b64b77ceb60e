"""What a run prints, read from its log while it is written."""

from __future__ import annotations

from pathlib import Path

from bifolio.runner.executors.printed import PrintedLines


def test_lines_are_told_once_and_whole(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    lines = PrintedLines(log)
    assert lines.new() == [], "the run has not made it yet"
    with log.open("wb") as stream:
        stream.write("één\ntw".encode())
        stream.flush()
        assert lines.new() == ["één"] and lines.new() == []
        stream.write(b"o\r\n\nthree")
        stream.flush()
        assert lines.new() == ["two", ""]
    assert lines.new(ended=True) == ["three"] and lines.new(ended=True) == []


def test_of_a_line_that_was_drawn_over_itself_the_last_is_told(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    log.write_bytes(b"\r 10%\r 50%\r100%\nbytes \xff\n")
    assert PrintedLines(log).new() == ["100%", "bytes \ufffd"]
