"""Formats: numbers, units, dates and words in a reader's language."""
