"""Answers to the exercises of the notebook `recurrence`."""
