"""Bifolio: reports about machine learning whose numbers are runs."""

__version__ = "0.1.0"
