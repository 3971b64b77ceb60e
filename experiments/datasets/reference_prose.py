"""English reference prose: paragraphs out of the documentation strings that SymPy ships, read without importing it."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent

from bifolio import Dataset, SourceAbsent, verified_content

DATASET = Dataset(
    name="reference_prose",
    version="sympy 1.14.0",
    source="Paragraphs of prose in the documentation strings of SymPy (Meurer and others, 2017), its tests left out; "
    "the hash is that of the paragraphs",
    licence="BSD-3-Clause (SymPy development team)",
    size="2,992 paragraphs of 474 modules: 428,374 characters, 82 different ones",
    files={"paragraphs.txt": "3665804739faa475a34a4257e7fcc13e8017a4681b3c29ce791948a89946dadc"},
)
_STRING = re.compile(r'"""(.*?)"""', re.DOTALL)
_BLANK = re.compile(r"\n\s*\n")
_MARKUP = re.compile(r"[`_\\|=*<>{}\[\]]|--|::")
WORDS_AT_LEAST = 12
LETTERS_AT_LEAST = 0.93


def load() -> tuple[str, ...]:
    """Return one text a module, in the order of their paths; raise SourceAbsent when SymPy is not installed.

    A text holds the module's paragraphs, one a line; a paragraph that an earlier module holds too is left out, so that
    none stands in two texts.
    """
    package = find_spec("sympy")
    if package is None or package.origin is None:
        raise SourceAbsent("SymPy, whose documentation is the prose, is not installed: pip install sympy==1.14.0")
    folder = Path(package.origin).parent
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    seen: set[str] = set()
    texts = []
    for name in names:
        if "tests" in name.split("/"):
            continue
        new = [one for one in dict.fromkeys(paragraphs((folder / name).read_text(encoding="utf-8"))) if one not in seen]
        seen.update(new)
        if new:
            texts.append("\n".join(new))
    verified_content(DATASET, "paragraphs.txt", "\n\n".join(texts).encode("ascii"), folder)
    return tuple(texts)


def paragraphs(code: str) -> list[str]:
    """Return the paragraphs of prose between triple double quotes, each as one line.

    Python's own parser is not asked: what it makes of a documentation string depends on the version of Python.
    """
    found = []
    for string in _STRING.findall(code):
        first, _, rest = string.partition("\n")
        for paragraph in _BLANK.split(first.strip() + "\n" + dedent(rest)):
            lines = paragraph.strip("\n").split("\n")
            line = " ".join(paragraph.split())
            if not any(one.startswith(" ") for one in lines) and is_prose(line):
                found.append(line)
    return found


def is_prose(line: str) -> bool:
    """Tell sentences from code, tables, lists and formulas: by their words, their letters and their last mark."""
    if not line.isascii() or len(line.split()) < WORDS_AT_LEAST or _MARKUP.search(line):
        return False
    letters = sum(character.isalpha() or character == " " for character in line)
    return line[0].isupper() and line[-1] in ".:?!" and letters >= LETTERS_AT_LEAST * len(line)
