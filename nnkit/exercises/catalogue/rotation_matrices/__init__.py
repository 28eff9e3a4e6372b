"""Notebook 08, attitudes by rotation matrices."""
