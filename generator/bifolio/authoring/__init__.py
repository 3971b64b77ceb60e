"""What the author of an experiment uses: declare it, and record what it measures."""

from bifolio.authoring.dataset import Dataset, verified_bytes, verified_content
from bifolio.authoring.declare import Quantity, Variant, experiment, grid
from bifolio.authoring.needs import Need
from bifolio.authoring.recording import TableRecorder
from bifolio.authoring.run import Rows, Run
from bifolio.errors import SourceAbsent
from bifolio.results.record import Column

__all__ = [
    "Column",
    "Dataset",
    "Need",
    "Quantity",
    "Rows",
    "Run",
    "SourceAbsent",
    "TableRecorder",
    "Variant",
    "experiment",
    "grid",
    "verified_bytes",
    "verified_content",
]
