"""Data as experiments take it: split, cut and dealt out."""
