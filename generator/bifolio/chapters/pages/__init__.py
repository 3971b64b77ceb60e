"""Pages that no author writes: experiments, claims, references."""
