"""Provenance: what a run depends on (declaration, fingerprint) and what it ran on (witness)."""
