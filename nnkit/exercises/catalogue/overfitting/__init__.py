"""Notebook 03, overfitting: penalties on the weights."""
