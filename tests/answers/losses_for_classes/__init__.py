"""Answers to the exercises of notebook 03, losses for classes."""
