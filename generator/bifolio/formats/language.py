"""A language of a report: its locale and the words that the generator itself says in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bifolio.errors import ChapterError, nearest_name
from bifolio.programs import package_file
from bifolio.storage import parse_toml, read_source


@dataclass(frozen=True)
class Language:
    """`words` maps a dotted key to a sentence with `{fields}`; `file` is where an author adds words."""

    code: str
    words: Mapping[str, str]
    file: str

    @property
    def locale(self) -> str:
        """Return the CLDR locale of numbers and dates: the word `locale`, or the language's code."""
        return self.words.get("locale", self.code)

    def say(self, key: str, **fields: object) -> str:
        """Return the word or sentence for a key; raise ChapterError for one that the language lacks."""
        try:
            return self.words[key].format(**fields) if fields else self.words[key]
        except (KeyError, IndexError, ValueError) as error:
            if key in self.words:
                raise ChapterError(
                    f"the {self.code} word {key!r} has a field that nobody fills in",
                    file=self.file,
                    found=self.words[key],
                    expected=", ".join(f"{{{field}}}" for field in fields),
                ) from error
            raise ChapterError(
                f"the language {self.code!r} lacks a word",
                file=self.file,
                expected=key,
                nearest=nearest_name(key, self.words),
            ) from None


def load_language(code: str, folder: Path) -> Language:
    """Return a language: the package's words, then what `words.<code>.toml` in the folder overrides or adds."""
    own = folder / f"words.{code}.toml"
    words: dict[str, str] = {}
    for file in (package_file(f"locales/{code}.toml"), own):
        if file.is_file():
            shown = f"{folder.name}/{file.name}" if file == own else str(file)
            words.update(_words(read_source(file, shown), shown))
    if not words:
        raise ChapterError(f"the language {code!r} has no words", expected=own)
    return Language(code, words, f"{folder.name}/{own.name}")


@lru_cache(maxsize=16)
def _words(text: str, file: str) -> Mapping[str, str]:
    """Return the words of a file by their dotted keys; who serves a report asks for the same ones at every save."""
    return dict(_flatten(parse_toml(text, file)))


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, str(value)
