"""Formulas: reference implementations, LaTeX that is computed, misprints, gradients."""
