"""The names of what the dialect adds to markdown-it's tokens."""

FORMULA, DISPLAY, CALLOUT, UNKNOWN, RAW = "formula", "display_formula", "callout_open", "unknown_tag", "raw_html"
"""Tokens of ours: a formula in a line (its `info` is `display` where it is set apart), one that stands alone, a callout
of Python-Markdown, a tag and a block of HTML that is none of the elements that macros write."""
LOOSE, UNCLOSED = "loose", "unclosed"
"""What is noted beside the tokens: of a line, the marks that open or close nothing; of a page, the lines on which a
display formula begins that nothing closes."""
