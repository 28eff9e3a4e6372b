"""Answers to the warm-ups of notebook 00."""
