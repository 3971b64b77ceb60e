"""Results: what runs recorded; the only place where the run side and the build side meet."""
