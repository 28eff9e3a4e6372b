"""The exercises of notebook 02: backpropagation by hand."""

from __future__ import annotations

from nnkit.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
