"""Writes the editions into docs/: only what changed, nothing when a page fails; what nothing makes any more goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bifolio.chapters.composed import Composition
from bifolio.chapters.composition import compose
from bifolio.chapters.memory import MANIFEST, read_manifest, read_records, write_records
from bifolio.errors import BifolioError, ChapterError, ClaimError, FailedClaims, StorageError
from bifolio.project import Project
from bifolio.storage import write_file


@dataclass(frozen=True)
class Rendering:
    """What came of a rendering; paths are relative to docs/."""

    composition: Composition
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    redrawn: tuple[str, ...] = ()
    """What was drawn anew because something else draws now, in words."""
    kept: tuple[BifolioError, ...] = ()
    """Why pages that name a broken experiment stayed as they were."""
    left_out: tuple[BifolioError, ...] = ()
    """Why pages that name one, and were not in docs/, say only that."""

    @property
    def harmed(self) -> tuple[str, ...]:
        """Return what became of each page that names a broken experiment, and why."""
        kept = (f"left as it was: {error}" for error in self.kept)
        return (*kept, *(f"left out: {error}" for error in self.left_out))


def render(
    project: Project,
    languages: Sequence[str] | None = None,
    *,
    force: bool = False,
    since: Composition | None = None,
    shown: Callable[[tuple[str, ...]], None] = lambda _changed: None,
) -> Rendering:
    """Render the editions; raise one error with the first problem of every page that fails, before writing any.

    Who renders often may give the composition `since` which nobody changed docs/ or the evidence. `shown` is called
    with the files that were written or removed, before it is noted what they were made from.
    """
    chosen = tuple(languages or project.languages)
    listed = read_manifest(project)
    if since and listed != all_files(since):  # somebody removed docs/, or brought another
        since = None
    composition = compose(project, chosen, force=force, since=since)
    if composition.errors:
        raise joined(composition.errors.values())
    made = all_files(composition)
    redrawn = tuple(redrawings(composition))
    written = [path for path, data in sorted(composition.files.items()) if write_file(project.docs / path, data)]
    others = set(project.languages) - set(chosen)
    kept = {path for path in listed if path.split("/")[0] in others}
    removed = [path for path in sorted(listed - made - kept) if _remove(project, path)]
    write_file(project.docs / MANIFEST, "".join(f"{path}\n" for path in sorted(made | kept)))
    shown((*written, *removed))
    composition.keep()
    records = read_records(project) if others else {}
    kept_records = {name: record for name, record in records.items() if name.split("/")[0] in others}
    write_records(project, {**kept_records, **composition.records})
    return Rendering(
        composition=composition,
        written=tuple(written),
        unchanged=tuple(sorted(made - set(written))),
        removed=tuple(removed),
        redrawn=redrawn,
        kept=tuple(composition.kept.values()),
        left_out=tuple(composition.left_out.values()),
    )


def all_files(composition: Composition) -> set[str]:
    """Return every file that the composed editions consist of, made anew or not."""
    return {*composition.files, *(path for record in composition.records.values() for path in record.made)}


def redrawings(composition: Composition) -> Iterator[str]:
    """Yield how many drawings in docs/ something else drew than draws now, and what."""
    from bifolio.figures import makers_of  # all of drawing is paid for where a page was made anew

    changes: Counter[str] = Counter()
    for path, data in composition.files.items():
        file = composition.project.docs / path
        if file.suffix == ".svg" and file.is_file():
            before, now = (makers_of(svg.decode(errors="replace")) for svg in (file.read_bytes(), data))
            others = [name for name in now if now[name] != before.get(name, now[name])]
            changes[", ".join(f"{name} {before[name]} -> {now[name]}" for name in others)] += 1
    del changes[""]
    for change, count in sorted(changes.items()):
        yield f"{count} {'drawing' if count == 1 else 'drawings'} made anew: {change}"


def joined(errors: Iterable[BifolioError]) -> BifolioError:
    """Return the error itself if there is one, else one that tells all."""
    found = list({str(error): error for error in errors}.values())  # one that concerns the report stops every edition
    told = list(grouped(found))
    if len(told) == 1:
        return found[0] if len(found) == 1 else ChapterError(told[0])
    pages = f"{len(found)} pages" if len(found) > 1 else "a page"
    return ChapterError(f"{pages} cannot be rendered\n\n" + "\n\n".join(told))


def grouped(errors: Iterable[BifolioError]) -> Iterator[str]:
    """Yield the messages; a claim that fails alike in several editions is told once, with its sentence in each."""
    alike: dict[object, tuple[list[str], str]] = {}
    for error in errors:
        for one in error.failures if isinstance(error, FailedClaims) else (error,):
            head, _, rest = str(one).partition("\n")
            key = (type(one), rest) if isinstance(one, ClaimError) else id(one)
            alike.setdefault(key, ([], rest))[0].append(head)
    for heads, rest in alike.values():
        yield "\n".join([*heads, rest]).rstrip()


def _remove(project: Project, path: str) -> bool:
    """Delete a file that a page used to make; a list edited by hand reaches nothing outside docs/."""
    file = project.docs / path
    if not file.resolve().is_relative_to(project.docs.resolve()) or not file.is_file():
        return False
    try:
        file.unlink()
    except OSError as error:
        raise StorageError(
            f"a page that nothing makes any more cannot be removed: {error.strerror}", file=file
        ) from error
    _remove_empty(file.parent, project.docs)
    return True


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
