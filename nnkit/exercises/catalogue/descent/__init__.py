"""Notebook 03, first half: gradient descent, mini-batches, and the rules for a step."""
