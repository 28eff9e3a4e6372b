"""Notebook 01, first half: graphs of formulas, their order, and the forward pass."""
