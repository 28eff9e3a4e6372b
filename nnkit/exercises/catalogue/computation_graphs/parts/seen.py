"""Mistakes in what a probe sees of a graph."""

from typing import Any

from nnkit.exercises.beside.probes.graphs import nodes_of
from nnkit.exercises.exercise import Mistake, call_by_name, wrong


def seen(label: str, **parts: Any) -> Mistake:
    """A mistake that shows in these entries of the dictionary that the probe sends; the others are right.

    In the place of an entry stands a function, the name of another entry or argument, or anything else as it is.
    Functions get what they name: arguments of the case, entries as they should be, and ``nodes``, the graph read.
    """

    def change(expected: dict[str, Any], **arguments: Any) -> dict[str, Any]:
        known = {**arguments, **expected, "nodes": nodes_of(arguments["graph"])}
        answer = dict(expected)
        for entry, part in parts.items():
            if callable(part):
                answer[entry] = call_by_name(part, known)
            else:
                answer[entry] = known[part] if isinstance(part, str) else part
        return answer

    return wrong(label, change)
