"""Notebook 07, third part: five trainings with one fault each, and their mends."""
