"""The rules for a step make new arrays; somebody writes into the old ones."""

from collections.abc import Callable
from typing import Any

from nnkit.exercises.catalogue.families import written_into_arguments
from nnkit.exercises.exercise import Mistake


def in_place(update: Callable[..., tuple[Any, ...]], *names: str) -> Mistake:
    """The right results of a rule, written into the arguments of these names."""
    return written_into_arguments("in place", update, *names).told("""
        The values are right, but your function writes them into its arguments: `w -= …` and `w *= …` change the array
        that the caller holds, `w = w - …` makes a new one. Whoever compares before and after sees no difference.""")
