"""The data sets of the report: one module each, with what it is, its version and the hashes of its files."""
