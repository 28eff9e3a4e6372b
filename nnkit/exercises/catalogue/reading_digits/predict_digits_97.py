"""Digits read by a network of the reader's own: all but three of a hundred."""

from nnkit.exercises.catalogue.reading_digits.parts.marks import reading_task

EXERCISE = reading_task("predict_digits_97", 0.97)
