"""Claims in templates: their tags, their outcomes, and the words that a reader meets."""
