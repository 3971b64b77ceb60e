"""What a user is told of an error that ends a verb."""

from __future__ import annotations

from bifolio.cli.arguments import FOUND_WRONG, INTERRUPTED
from bifolio.cli.terminal import give_up_printing
from bifolio.errors import BifolioError


def told(error: BaseException) -> tuple[str, int]:
    """Return what the user is told of an error, and the exit status."""
    if isinstance(error, BifolioError):
        return str(error), error.exit_status
    if isinstance(error, KeyboardInterrupt):
        return "interrupted", INTERRUPTED
    if isinstance(error, OSError):  # a folder that may not be read, a disk that is full: the system's own words say it
        give_up_printing()
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}", FOUND_WRONG
    # A fault of ours: whoever can mend it asks for the traceback.
    return f"the program failed: {type(error).__name__}: {error}\n  --debug shows where", FOUND_WRONG
