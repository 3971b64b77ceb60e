"""What the author of an experiment uses: declare it, and record what it measures."""

from generator.errors import SourceAbsent
from generator.experiment.dataset import Dataset, verified_bytes, verified_content
from generator.experiment.declare import Variant, experiment
from generator.experiment.needs import Need
from generator.experiment.recording import TableRecorder
from generator.experiment.run import Rows, Run
from generator.results.record import Column

__all__ = [
    "Column",
    "Dataset",
    "Need",
    "Rows",
    "Run",
    "SourceAbsent",
    "TableRecorder",
    "Variant",
    "experiment",
    "verified_bytes",
    "verified_content",
]
