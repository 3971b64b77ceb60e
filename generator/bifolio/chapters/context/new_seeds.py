"""The evidence on new seeds, as a catalogue: whatever judges the published results judges these in the same way."""

from __future__ import annotations

from bifolio.chapters.context.catalogue import Catalogue
from bifolio.project import Project
from bifolio.provenance.sources import read_sources
from bifolio.results.new_seeds import first_seeds, on_new_seeds


def unseen_catalogue(project: Project, profile: str) -> Catalogue:
    """Return a catalogue whose results at a profile are those of the new seeds."""
    sources = read_sources(project)
    return Catalogue(on_new_seeds(project), sources.beginning(first_seeds(project, sources, profile)))
