"""Mistakes that any rule for a step may meet with."""

from collections.abc import Callable
from typing import Any

from nnkit.exercises.catalogue.families import written_into_arguments
from nnkit.exercises.exercise import Mistake, wrong


def in_place(update: Callable[..., tuple[Any, ...]], *names: str) -> Mistake:
    """The right results of a rule, written into the arguments of these names."""
    return written_into_arguments("in place", update, *names).told("""
        The values are right, but your function writes them into its arguments: `w -= …` and `w *= …` change the array
        that the caller holds, `w = w - …` makes a new one. Whoever compares before and after sees no difference.""")


def step_alone() -> Mistake:
    """What is to be added to the weights, without them."""
    return wrong("step for the weights", w_new=lambda w, w_new: w_new - w).told("""
        What stands in the place of w_new is the step alone. It leads from w to the new weights.""")
