"""Notebook 06, sequences: sequences of different lengths in one batch."""
