"""The exercises of notebook 01: computation graphs."""

from __future__ import annotations

from nnkit.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
