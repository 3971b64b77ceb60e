"""An author's pictures: from the page's folder of templates/ they go beside the page of every edition."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bifolio.chapters.context.page import OWN_PICTURES, Page
from bifolio.errors import ChapterError, nearest_name
from bifolio.markdown.prose import COVER, cover, line_of
from bifolio.markdown.reading import read
from bifolio.markdown.tree import Span
from bifolio.storage import read_source

PICTURES: Mapping[str, str] = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
"""The ending of each kind of picture that the site, the HTML file and the PDF can show -> its media type."""

_OURS = "assets/bifolio/"
"""Where the files lie that the generator itself brings to every edition."""
_NAME = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*")
"""A path that leads downwards and needs no escape in any of the places where it is written."""
_UNREAD = re.compile(rf"(?<!\\)!\[[^\]\n]*\]\((?P<target>[^{COVER})\n][^)\n]*)")
"""What looks like an image, and to most readers of Markdown is none."""


class _Image(NamedTuple):
    """An image of the text: where it begins, its words, and its target in parentheses."""

    start: int
    words: str
    target: Span


def place_pictures(page: Page, text: str, template: Path) -> str:
    """Return a page's text in which every picture has its path in docs/; from then on the page makes these files.

    Raises ChapterError, with the template's line, for a picture that is not there or not in the template's folder, that
    has no words or no paragraph of its own, or that one of the outputs cannot show.
    """
    if "![" not in text:
        return text
    parts, end = [], 0
    for image in _images(page, text, template):
        target = image.target.value
        if page.link(target) in page.made or target.startswith(_OURS):
            continue
        name = f"{OWN_PICTURES}/{page.name}/{target}"
        page.keep(name, _content(page, text, image, template))
        written = text[image.target.start : image.target.end].replace(target, page.link(name), 1)
        parts += [text[end : image.target.start], written]
        end = image.target.end
    return "".join([*parts, text[end:]])


def _images(page: Page, text: str, template: Path) -> Iterator[_Image]:
    readable = cover(text)
    unread = _UNREAD.search(readable)
    if unread:
        expected = "![what it shows](photo.png), with no space in the file's name"
        raise _refusal(page, template, "a picture that is not read alike everywhere", unread["target"], expected)
    for target in read(text).spans:
        start = _opening(readable, target.start - 1) if target.kind == "target" else 0
        if readable[start - 1 : start] == "!" and readable[start - 2 : start - 1] != "\\":
            yield _Image(start - 1, text[start + 1 : target.start - 1], target)


def _opening(text: str, end: int) -> int:
    """Return the place of the bracket that the one at a place closes, 0 if there is none."""
    depth = 0
    for place in range(end, 0, -1):
        if text[place - 1] != "\\":
            depth += {"]": 1, "[": -1}.get(text[place], 0)
        if not depth:
            return place
    return 0


def _content(page: Page, text: str, image: _Image, template: Path) -> bytes:
    """Return the bytes of a picture's file; raise ChapterError unless every output can show it here."""
    target, folder = image.target.value, template.parent
    where = page.project.relative(folder)
    if not _NAME.fullmatch(target):
        expected = f"the name of a file in {where}: letters, digits, `.`, `-` and `_`"
        raise _refusal(page, template, "a picture lies in its page's folder", target, expected)
    if posixpath.splitext(target)[1].lower() not in PICTURES:
        raise _refusal(page, template, "no picture that site, HTML and PDF can show", target, ", ".join(PICTURES))
    if not image.words.strip():
        raise _refusal(page, template, "a picture without words", target, f"![what it shows]({target})")
    if not _stands_alone(text, image):
        expected = "a paragraph of its own, with a blank line above and below, and nothing after it"
        raise _refusal(page, template, "a picture among words", target, expected)
    file = folder / target
    try:
        content = file.read_bytes()
    except OSError as error:
        there_are = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.*")) if path.is_file()]
        pictures = [name for name in there_are if posixpath.splitext(name)[1].lower() in PICTURES]
        expected, nearest = f"a picture in {where}", nearest_name(target, pictures)
        problem = f"the picture cannot be read: {error.strerror}"
        raise _refusal(page, template, problem, target, expected, nearest) from None
    if not file.resolve().is_relative_to(folder.resolve()):
        problem, expected = "a picture that leads out of its page's folder", f"the file itself, in {where}"
        raise _refusal(page, template, problem, target, expected)
    page.read(page.project.relative(file))
    return content


def _stands_alone(text: str, image: _Image) -> bool:
    """Tell whether nothing else is in the image's paragraph; a quotation's marks and indentation are no words."""
    above, below = text[: image.start].split("\n")[-2:], text[image.target.end :].split("\n", 2)[:2]
    return not any(line.strip(" \t>") for line in (*above, *below))


def _refusal(
    page: Page, template: Path, problem: str, found: str, expected: str, nearest: str | None = None
) -> ChapterError:
    """Return an error with the template's line, or without one where the target comes from elsewhere."""
    written = read_source(template)
    place = written.find(f"]({found}")
    place = place if place >= 0 else written.find(found)
    return ChapterError(
        problem,
        file=page.project.relative(template),
        line=line_of(written, place) if place >= 0 else None,
        found=found,
        expected=expected,
        nearest=nearest,
    )
