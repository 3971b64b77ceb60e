"""The name `report` in templates: what can be said of the report as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from bifolio.chapters.context.catalogue import SUMMARY, Use, VariantName
from bifolio.chapters.context.page import Page
from bifolio.errors import MissingResultError, UnknownNameError, unknown
from bifolio.formats.dates import format_date
from bifolio.project import DEFAULT_PROFILE
from bifolio.provenance.declaration import RunName
from bifolio.provenance.forms import moment
from bifolio.provenance.witness import SURROUNDINGS, Surroundings, commits_of
from bifolio.results.record import Result

_SETTINGS = "pyproject.toml"


@dataclass(frozen=True)
class Evidence:
    """The stored results behind what a page shows, and how many of them are fresh."""

    results: tuple[Result, ...]
    fresh: int

    @property
    def newest(self) -> str:
        """Return the day, in ISO form, on which the newest was measured."""
        return max((result.witness.date for result in self.results), key=moment)[:10]


@dataclass(frozen=True)
class ReportReference:
    """`report`."""

    page: Page

    def member(self, name: str) -> object:
        """Return what a template means by `report.name`; raise UnknownNameError for what is not said of a report."""
        if name in _SET:
            self.page.read(_SETTINGS)
            return _SET[name](self.page)
        if name not in _COUNTED:
            raise unknown("name of the report", name, sorted({*_SET, *_COUNTED}))
        for experiment in self.page.catalogue.declarations:
            self.page.use(Use(VariantName(experiment, DEFAULT_PROFILE, ""), SUMMARY, name))
        return _COUNTED[name](self.page)

    def __str__(self) -> str:
        expected = " or ".join(f"report.{name}" for name in ("results", "fresh", "newest"))
        raise UnknownNameError("only what is known of the report can be shown", found="the report", expected=expected)


def evidence_of(page: Page) -> Evidence:
    """Return the results that a page was seen to use; a use that names no variant uses all of an experiment's."""
    found: dict[RunName, Result] = {}
    for use in page.uses:
        for name in _variants(page, use):
            for result in page.catalogue.results(name.experiment, name.profile).get(name.variant, ()):
                found[result.name] = result
    return Evidence(tuple(found.values()), len(page.catalogue.fresh & found.keys()))


def _newest(page: Page) -> Evidence:
    found = evidence_of(page)
    if not found.results:
        raise MissingResultError("nothing of the report was measured", expected="`bifolio run` first")
    return found


def _reproduced(page: Page, *on: Surroundings) -> int:
    """Return how many results came out again on these, to the bit or within what they declare."""
    names = {VariantName(one.name.experiment, one.name.profile, one.name.variant) for one in evidence_of(page).results}
    count = 0
    for name in names:
        reports = page.catalogue.reports(name)
        again = zip(sorted(reports), page.catalogue.run_again_on(name), strict=True)
        count += sum(reports[seed].verdict in ("identical", "within tolerance") for seed, found in again if found in on)
    return count


def _reproduced_on(on: Surroundings, page: Page) -> int:
    return _reproduced(page, on)


def _commits(page: Page) -> str:
    """Return the commits at which results were measured, the latest first."""
    found = commits_of(result.witness for result in _newest(page).results)
    shown = (f"`{commit[:7]}`" if commit else page.say("witness.unrecorded") for commit in found)
    return page.say("literal.separator").join(shown)


def _variants(page: Page, use: Use) -> Iterable[VariantName]:
    name = use.of
    if name.variant:
        return [name]
    catalogue = page.catalogue
    return [
        VariantName(name.experiment, profile, variant)
        for profile in catalogue.profiles(name.experiment)
        for variant in catalogue.results(name.experiment, profile)
    ]


# Whoever counts the results uses them all, so what the page shows is what the report has.
_COUNTED: Mapping[str, Callable[[Page], object]] = {
    "experiments": lambda page: len(page.catalogue.declarations),
    "results": lambda page: len(evidence_of(page).results),
    "fresh": lambda page: evidence_of(page).fresh,
    "reproduced": lambda page: _reproduced(page, *SURROUNDINGS),
    **{f"reproduced_{one.replace(' ', '_')}": partial(_reproduced_on, one) for one in SURROUNDINGS},
    "commits": _commits,
    "newest": lambda page: format_date(page.language, _newest(page).newest),
    "year": lambda page: _newest(page).newest[:4],
}
_SET: Mapping[str, Callable[[Page], object]] = {
    "title": lambda page: page.project.title[page.language.code],
    "description": lambda page: page.project.description[page.language.code],
    "version": lambda page: page.project.version,
    "site_url": lambda page: page.project.site_url,
}
