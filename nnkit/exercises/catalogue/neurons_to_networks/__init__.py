"""Notebook 04, first part: activations and their slopes, and a layer in matrices."""
