"""The levels at which everything is decided and shown."""

CONFIDENCE = 0.95
"""The level of every interval that is shown beside a number."""
CLAIM_CONFIDENCE = 0.99
"""The level at which every condition is decided, whatever else is tested."""
POWER = 0.8
"""How often a difference has to be shown for the repetitions to be able to show it (Cohen 1988)."""
FEWEST_SEEDS = 5
"""A comparison of what chance had a part in needs as many."""
