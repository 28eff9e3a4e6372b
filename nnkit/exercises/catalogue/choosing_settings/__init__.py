"""Notebook 07, choosing settings: cross-validation, and when to stop."""
