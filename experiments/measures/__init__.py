"""How outputs are judged."""
