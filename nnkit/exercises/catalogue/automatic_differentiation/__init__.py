"""Notebook 02: gradients found by a class of numbers that remember what they were made from."""
