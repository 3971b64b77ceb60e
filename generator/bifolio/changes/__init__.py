"""Changes: what a re-run or a commit changes for the reader, between two states of one report."""

from bifolio.changes.compare import Changes, ValueChange, find_changes
from bifolio.changes.pull_request import as_markdown
from bifolio.changes.revision import describe, files_at

__all__ = ["Changes", "ValueChange", "as_markdown", "describe", "files_at", "find_changes"]
