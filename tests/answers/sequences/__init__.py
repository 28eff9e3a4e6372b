"""Answers to the exercises of notebook 06, sequences."""
