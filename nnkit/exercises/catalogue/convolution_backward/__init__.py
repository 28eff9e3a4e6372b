"""Notebook 05, the way back through a convolution, and windows as rows of a matrix."""
