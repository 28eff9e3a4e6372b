"""Digits read by a network of the reader's own: most of them."""

from nnkit.exercises.catalogue.reading_digits.parts.marks import reading_task

EXERCISE = reading_task("predict_digits", 0.90, lowest=True)
