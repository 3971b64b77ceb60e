"""Markdown: what a page of it consists of, and untrusted text that shows as it is."""
