"""Notebook 03, second part: losses, their gradients, and penalties on the weights."""
