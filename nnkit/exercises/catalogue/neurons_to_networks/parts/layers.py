"""Layers of M neurons with D inputs, on N samples."""

from collections.abc import Callable

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.exercise import Case


def layers_of_all_sizes(
    one_sample: tuple[int, int, int], no_two_alike: str, **axes: str
) -> Callable[[np.random.Generator, bool], list[Case]]:
    """Cases of a layer.

    Parameters
    ----------
    one_sample : tuple[int, int, int]
        N, D and M of the first case.
    no_two_alike : str
        What the case of 4 samples, 3 inputs and 2 neurons covers.
    axes : str
        Argument → its axes as letters, such as ``W="DM"``.
    """

    def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
        def drawn(samples: int, inputs: int, neurons: int, covers: str) -> Case:
            length = {"N": samples, "D": inputs, "M": neurons}
            shapes = {name: tuple(length[axis] for axis in letters) for name, letters in axes.items()}
            arguments = {name: signed(rng, 0.3, 2.0, shape) for name, shape in shapes.items()}
            return Case(arguments, covers, f"N = {samples}, D = {inputs}, M = {neurons}")

        found = [
            drawn(*one_sample, "one sample"),
            drawn(2, 2, 2, "everything square"),
            drawn(3, 2, 1, "one neuron"),
            drawn(2, 1, 3, "one input"),
            drawn(4, 3, 2, no_two_alike),
            drawn(3, 4, 3, "as many neurons as samples"),
            drawn(20, 7, 5, "20 samples"),
        ]
        return [*found, drawn(5, 5, 5, "everything square")] if hidden else found

    return cases
