"""Notebook 00: two warm-ups, to see how a check answers."""
