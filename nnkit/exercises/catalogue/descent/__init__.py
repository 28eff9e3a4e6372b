"""Notebook 03, first part: gradient descent and mini-batches."""
