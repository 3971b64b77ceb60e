"""What an author is told who names something that is no experiment here: it is broken, a draft, or there is none."""

from __future__ import annotations

from collections.abc import Iterable

from bifolio.chapters.context.catalogue import Catalogue
from bifolio.errors import BifolioError, BrokenExperiment, DraftExperiment, unknown


def absent(catalogue: Catalogue, what: str, name: str, valid: Iterable[str]) -> BifolioError:
    """Return the error for a name that no experiment which can be read has; `valid` are the names there are."""
    if name in catalogue.drafts:
        expected = f"experiments/{name}.py without draft=True, which publishes it and makes no result stale"
        return DraftExperiment(f"the experiment {name} is a draft", found="draft=True", expected=expected)
    error = catalogue.broken.get(name)
    if error is None:
        return unknown(what, name, valid)
    expected = f"experiments/{name}.py as it was, or mended"
    return BrokenExperiment(f"the experiment {name} is broken", found=error.summary, expected=expected)
