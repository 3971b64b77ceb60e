"""The HTML export: an edition in one file that asks nothing of a network."""

from __future__ import annotations

from bifolio.export.html.document import write_html

__all__ = ["write_html"]
