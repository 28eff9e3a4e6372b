"""Graphs as data, from which cases are made: one line a node, parents first (see `beside.probes.graphs.nodes_of`)."""

from collections.abc import Collection

import numpy as np

from nnkit.exercises.beside.probes.graphs import nodes_of
from nnkit.exercises.catalogue.computation_graphs.parts.nodes import reachable


def inputs(*names: str, trainable: Collection[str] | None = None) -> list[str]:
    """Input nodes; unless it is said which are trainable, those called w…, theta… or b… are."""
    if trainable is None:
        trainable = [name for name in names if name.startswith(("theta", "w", "b"))]
    return [f"input name={name} trainable" if name in trainable else f"input name={name}" for name in names]


LINEAR = [*inputs("x1", "theta1", "x2", "theta2", "theta3"), "mul 0 1", "mul 2 3", "add 5 6", "add 7 4"]
LINEAR_FORMULA = "f = ((x1 × theta1) + (x2 × theta2)) + theta3"


def chain(rng: np.random.Generator, length: int) -> list[str]:
    """One operation after the other on x, some of them with the same weight; values stay within ±1."""
    lines = inputs("x", "w")
    last = 0
    while len(lines) < length:
        lines.append(str(rng.choice([f"sin {last}", f"sigmoid {last}", f"mul {last} 1"])))
        last = len(lines) - 1
    return lines


def layered(rng: np.random.Generator, length: int) -> list[str]:
    """Like a network: 60 inputs and weights, layers of 60 nodes that each take from the layer before, one sum."""
    width = 60
    lines = inputs(*(f"x{i}" for i in range(width // 2)), *(f"w{i}" for i in range(width // 2)))
    while len(lines) <= length - 2 * width:
        below = len(lines) - width
        for place in range(below, below + width):
            other = int(rng.integers(below, below + width))
            lines.append(str(rng.choice([f"add {place} {other}", f"mul {other} {place}", f"sin {place}"])))
    waiting = list(range(len(lines) - width, len(lines)))
    while len(waiting) > 1:
        left, right, *waiting = waiting
        waiting.append(len(lines))
        lines.append(f"add {left} {right}")
    while len(lines) < length:
        lines.append(f"sigmoid {len(lines) - 1}")
    return lines


def doubled(times: int) -> list[str]:
    """Twice the node before, again and again."""
    return [*inputs("a"), *(f"add {place} {place}" for place in range(times))]


def any_graph(rng: np.random.Generator) -> list[str]:
    """A small graph at random, without the nodes that its root does not need."""
    lines = inputs("x1", "x2", "theta1", "theta2", "b")
    for _ in range(int(rng.integers(8, 20))):
        left, right = (int(place) for place in rng.integers(0, len(lines), size=2))
        lines.append(str(rng.choice([f"add {left} {right}", f"mul {left} {right}", f"sigmoid {left}", f"sin {right}"])))
    kept = reachable(nodes_of(lines), len(lines) - 1)
    # The numbers in a line are positions of parents, which have moved.
    moved = {str(place): str(position) for position, place in enumerate(kept)}
    return [" ".join(moved.get(word, word) for word in lines[place].split()) for place in kept]
