"""One run in a process of its own: under the guard, seeded, measured."""
