"""Notebook 04, fourth part: dropout."""
