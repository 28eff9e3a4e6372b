"""Notebook 08, attitudes by unit quaternions."""
