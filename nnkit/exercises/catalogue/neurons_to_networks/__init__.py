"""Notebook 04, first half: activations and their slopes, a layer in matrices, and two small networks."""
