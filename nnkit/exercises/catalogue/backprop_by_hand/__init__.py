"""Notebook 02: gradients worked out by hand, measured, and found by a class of numbers that remember their past."""
