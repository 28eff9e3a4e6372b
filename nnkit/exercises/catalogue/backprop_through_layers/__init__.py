"""Notebook 02: gradients where a value has several users, through two layers, and what either direction costs."""
