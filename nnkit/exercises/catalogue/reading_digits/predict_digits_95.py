"""Digits read by a network of the reader's own: nineteen of twenty."""

from nnkit.exercises.catalogue.reading_digits.parts.marks import reading_task

EXERCISE = reading_task("predict_digits_95", 0.95)
