"""Models, and what they read."""
