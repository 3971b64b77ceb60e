"""What rendering remembers of each page: what it was made from, what it showed, and the files it made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bifolio.bibliography import FILE
from bifolio.chapters.context.catalogue import Catalogue, Use, VariantName
from bifolio.chapters.context.numbering import Numbered
from bifolio.chapters.context.page import Page, Section
from bifolio.claims import Claim, parse_condition
from bifolio.markdown.headings import title_of
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
    numbered: tuple[Numbered, ...]
    referred: Mapping[str, str]
    """What the page says of other chapters' figures and tables, by `chapter/name`."""


def record_of(page: Page, key: str, text: str, files: Mapping[str, bytes]) -> Record:
    """Return what is to be remembered of a page that was made; `files` are its own, by their paths in docs/."""
    catalogue = page.catalogue
    return Record(
        key=key,
        title=title_of(text) or page.name,
        uses=tuple(sorted(page.uses, key=Use.place)),
        experiments={name: catalogue.digest(name) for name in sorted({use.of.experiment for use in page.uses})},
        read={file: file_digest(page.project.root / file) for file in sorted(page.reads)},
        made={path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())},
        claims=tuple(page.claims),
        sections=page.sections,
        cited=tuple(dict.fromkeys(mention.name for mention in page.mentions if mention.kind == "citation")),
        numbered=tuple(page.numbered),
        referred=dict(page.referred),
    )


def shared_digest(project: Project, experiments: Iterable[str], included: Iterable[Path]) -> str:
    """Return the digest of what every page depends on: the settings, the experiments, what templates include."""
    settings = replace(project, root=Path())  # wherever the report lies
    files = [(project.relative(path), file_digest(path)) for path in (*included, project.root / FILE)]
    return hashlib.sha256(repr((settings, sorted(experiments), files)).encode()).hexdigest()


def is_current(record: Record, key: str, catalogue: Catalogue, *, standing: bool = False) -> bool:
    """Tell whether rendering the page again would make the files in docs/, as long as what it refers to stands.

    `standing` tells that the evidence and docs/ are known to be as they were.
    """
    project = catalogue.project
    return (
        record.key == key
        and all(file_digest(project.root / file) == digest for file, digest in record.read.items())
        and (standing or all(catalogue.digest(name) == digest for name, digest in record.experiments.items()))
        and (standing or stands(record, project))
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
    numbered = [[one.sort, one.name, one.number] for one in record.numbered]
    return {**vars(record), "uses": uses, "claims": claims, "sections": sections, "numbered": numbered}


def _record(entry: Mapping[str, Any]) -> Record:
    uses = tuple(Use(VariantName(*of), kind, name) for *of, kind, name in entry["uses"])
    claims = tuple(_claim(claim) for claim in entry["claims"])
    sections = tuple(Section(name, tuple(blocks), tuple(inline)) for name, blocks, inline in entry["sections"])
    numbered = tuple(Numbered(*one) for one in entry["numbered"])
    lists = {"uses": uses, "claims": claims, "sections": sections, "numbered": numbered}
    lists["cited"] = tuple(entry["cited"])
    return Record(**{**entry, **lists})


def _claim(entry: Mapping[str, Any]) -> Claim:
    return Claim(**{**entry, "conditions": tuple(map(parse_condition, entry["conditions"]))})
