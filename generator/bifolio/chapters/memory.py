"""What rendering remembers of each page: what it was made from, what it showed, and the files it made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bifolio.chapters.context.catalogue import Catalogue, Use, VariantName
from bifolio.chapters.context.page import Section
from bifolio.claims import Claim, parse_condition
from bifolio.memo import Memo
from bifolio.programs import programs
from bifolio.project import Project
from bifolio.storage import read_record

MANIFEST = "files.txt"
"""The list, in docs/, of every file that the generator made; what it does not name is never removed."""


@dataclass(frozen=True)
class Record:
    """One page as it was last rendered; hashes are sha256, paths in `made` start in docs/."""

    key: str
    title: str
    uses: tuple[Use, ...]
    experiments: Mapping[str, str]
    read: Mapping[str, str]
    made: Mapping[str, str]
    claims: tuple[Claim, ...]
    sections: tuple[Section, ...]
    cited: tuple[str, ...]
    """The keys of the works that the page cites, in order of first mention."""


def is_current(record: Record, key: str, catalogue: Catalogue) -> bool:
    """Tell whether rendering the page again would make the files that stand in docs/."""
    project = catalogue.project
    return (
        record.key == key
        and all(catalogue.digest(name) == digest for name, digest in record.experiments.items())
        and all(file_digest(project.root / file) == digest for file, digest in record.read.items())
        and stands(record, project)
    )


def stands(record: Record, project: Project) -> bool:
    """Tell whether docs/ holds a page as it was last rendered."""
    return all(file_digest(project.docs / file) == digest for file, digest in record.made.items())


def file_digest(path: Path) -> str:
    """Return the sha256 of a file, nothing for one that is not there."""
    try:
        with open(path, "rb") as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except OSError:
        return ""


def read_records(project: Project) -> dict[str, Record]:
    """Return the records by `language/page`; none when the file is missing, damaged or of other programs."""
    return {name: _record(entry) for name, entry in _memo(project).known.items()}


def write_records(project: Project, records: Mapping[str, Record]) -> None:
    _memo(project).replace({name: _entry(record) for name, record in records.items()})


def read_manifest(project: Project) -> set[str]:
    """Return the files in docs/ that the generator made; raise UnreadableError for a damaged list."""
    path = project.docs / MANIFEST
    if not path.exists():
        return set()
    mend = "either side of a merge, or no such file, then `bifolio build`"
    return set(read_record(path, project.relative(path), mend).splitlines())


def _memo(project: Project) -> Memo:
    return Memo(project.cache / "pages.json", programs(project.cache, "bifolio.chapters.composition").digest)


def _entry(record: Record) -> dict[str, Any]:
    uses = [[use.of.experiment, use.of.profile, use.of.variant, use.kind, use.name] for use in record.uses]
    claims = [{**vars(claim), "conditions": list(claim.condition_texts)} for claim in record.claims]
    sections = [list(vars(section).values()) for section in record.sections]
    return {**vars(record), "uses": uses, "claims": claims, "sections": sections}


def _record(entry: Mapping[str, Any]) -> Record:
    uses = tuple(Use(VariantName(*of), kind, name) for *of, kind, name in entry["uses"])
    claims = tuple(_claim(claim) for claim in entry["claims"])
    sections = tuple(Section(name, tuple(blocks), tuple(inline)) for name, blocks, inline in entry["sections"])
    lists = {"uses": uses, "claims": claims, "sections": sections, "cited": tuple(entry["cited"])}
    return Record(**{**entry, **lists})


def _claim(entry: Mapping[str, Any]) -> Claim:
    return Claim(**{**entry, "conditions": tuple(map(parse_condition, entry["conditions"]))})
