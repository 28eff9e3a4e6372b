"""A drawn computation graph with empty places, to be filled in with a pencil or on a page.

What belongs into the places comes from the graph itself: the numbers of the way forward, or those that the backward
pass of `nnkit.engine.walk` sends along every edge. None of them is in the picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.draw.graph import drawn_pass
from nnkit.draw.output import Output
from nnkit.draw.svg import Diagram, Part, Picture, render

GRADIENTS, VALUES = "gradients", "values"


@dataclass(frozen=True)
class Blank:
    """One empty place.

    Parameters
    ----------
    kind : str
        "message": what an operation sends to one of its arguments; "sum": what arrives at a value with several users,
        added up; "value": the result of an operation.
    node : Tensor
        The operation that sends; the value at which messages meet; the operation whose result it is.
    argument : int
        Of a message: which of the operation's arguments it goes to.
    answer : float
        What belongs there.
    label : str
        What is asked, in a few words.
    x, y : float
        The left upper corner, in pixels of the picture.
    """

    kind: str
    node: Any
    argument: int
    answer: float
    label: str
    x: float
    y: float


class Form(Output):
    """A picture with empty places.

    Parameters
    ----------
    picture : Picture
    blanks : list of Blank
        In the order in which they can be filled: that of the pass.
    steps : list of Step
        The backward pass.
    calls : dict from int to str
        How a sentence names each node, by its ``id``: "u (+)", "x".
    """

    def __init__(self, picture: Picture, blanks: list[Blank], steps: list[Any], calls: dict[int, str]) -> None:
        self.picture = picture
        self.blanks = blanks
        self.steps = steps
        self.calls = calls

    @property
    def html(self) -> str:
        """The picture."""
        return self.picture.html

    def __repr__(self) -> str:
        return repr(self.picture)


def form(
    tensor: Any,
    *,
    inputs: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | None = None,
    targets: Mapping[str, Any] | None = None,
    names: Mapping[str, Any] | None = None,
    gradient: Any = None,
    result: str = "f",
    fill: str = GRADIENTS,
) -> Form:
    """Draw a graph of single numbers with an empty place for each number that is asked for.

    Parameters
    ----------
    tensor, inputs, weights, targets, names, gradient, result
        As for `nnkit.draw.graph`.
    fill : str
        "gradients" leaves what travels back empty, and the sums where several messages meet; "values" the results on
        the way forward.

    Returns
    -------
    Form

    Raises
    ------
    TypeError, ValueError
        As `nnkit.draw.graph` does; and if a value of the graph is no single number, what belongs into a place is not
        finite, or `fill` is another word.

    Examples
    --------
    >>> import nnkit
    >>> a = nnkit.tensor(3.0, requires_grad=True)
    >>> b = a + a
    >>> for blank in form(b + b, inputs={"a": a}, names={"b": b}, result="c").blanks:
    ...     print(blank.label)
    gradient from c (+) back to b, first arrow
    gradient from c (+) back to b, second arrow
    sum of the gradients that arrive at b
    gradient from b (+) back to a, first arrow
    gradient from b (+) back to a, second arrow
    sum of the gradients that arrive at a
    """
    if fill not in (GRADIENTS, VALUES):
        raise ValueError(f"fill is {GRADIENTS!r} or {VALUES!r}: what is to be filled in; got {fill!r}.")
    diagram, nodes, steps = drawn_pass(
        tensor, inputs=inputs, weights=weights, targets=targets, names=names, gradient=gradient, result=result
    )
    for node in nodes:
        if node.ndim:
            raise ValueError(
                f"Only graphs of single numbers can be filled in; this one holds an array of shape {tuple(node.shape)}."
            )
    calls = _calls(diagram, nodes)
    found = _gradients(diagram, nodes, steps, calls) if fill == GRADIENTS else _values(diagram, nodes, calls)
    diagram.with_gradients = fill == GRADIENTS
    diagram.notes.append(f"{len(found)} places are empty" if len(found) != 1 else "1 place is empty")
    for _, (_, _, _, answer, label) in found:
        if not math.isfinite(answer):
            raise ValueError(
                f"What can be filled in is finite; here the {label} is {style.number(answer)}. Choose another point."
            )
    picture = render(diagram)
    blanks = [Blank(*what, *picture.blanks[place]) for place, what in found]
    return Form(picture, blanks, steps, calls)


_Found = list[tuple[tuple[str, int], tuple[str, Any, int, float, str]]]
"""The place of each blank in the diagram, and the first five entries of it."""


def _calls(diagram: Diagram, nodes: list[Any]) -> dict[int, str]:
    """Name every node; of two operations that look alike and have no name, what goes into them tells them apart."""
    inside: list[list[int]] = [[] for _ in diagram.parts]
    for wire in diagram.wires:
        inside[wire.target].append(wire.source)

    def short(part: Part) -> str:
        return part.name or (part.symbol if part.kind == "operation" else part.value)

    calls = []
    end = diagram.parts[-1].name
    for index, part in enumerate(diagram.parts[:-1]):
        name = part.name or (end if index == len(nodes) - 1 else "")
        if part.kind != "operation":
            calls.append(part.name or f"the constant {part.value}")
        elif name:
            calls.append(f"{name} ({part.symbol})")
        else:
            arguments = [short(diagram.parts[source]) for source in inside[index]]
            calls.append(f"{part.symbol} of {' and '.join(arguments)}")
    return {id(node): call for node, call in zip(nodes, calls, strict=True)}


def _gradients(diagram: Diagram, nodes: list[Any], steps: list[Any], calls: dict[int, str]) -> _Found:
    """Empty the messages and the sums, and list them in the order of the pass."""
    parts, wires = diagram.parts, diagram.wires
    index_of = {id(node): index for index, node in enumerate(nodes)}
    leaving: dict[int, list[int]] = {}
    for number, wire in enumerate(wires[:-1]):
        leaving.setdefault(wire.target, []).append(number)
    found: _Found = []
    for step in steps:
        index = index_of[id(step.node)]
        part = parts[index]
        if part.sum:
            part.blank = True
            named = calls[id(step.node)].removesuffix(f" ({part.symbol})")
            label = f"sum of the gradients that arrive at {named}"
            found.append((("part", index), ("sum", step.node, 0, float(step.gradient), label)))
        drawn = [place for place, parent in enumerate(step.node.parents) if id(parent) in index_of]
        for place, number in zip(drawn, leaving.get(index, []), strict=True):
            if step.sent[place] is None:
                continue
            parent = step.node.parents[place]
            alike = [other for other in drawn if step.node.parents[other] is parent]
            which = f", {_NTH[min(alike.index(place), 2)]} arrow" if len(alike) > 1 else ""
            named = calls[id(parent)].removesuffix(f" ({parts[wires[number].source].symbol})")
            label = f"gradient from {calls[id(step.node)]} back to {named}{which}"
            found.append((("wire", number), ("message", step.node, place, float(step.sent[place]), label)))
            wires[number].blank = "gradient"
    for wire in wires[:-1]:
        wire.gradient = ""
    for part in parts:
        part.sum = part.total = ""
    return found


_NTH = ("first", "second", "last")


def _values(diagram: Diagram, nodes: list[Any], calls: dict[int, str]) -> _Found:
    """Empty the results of operations, each on the first of its edges, and take away all gradients."""
    found: _Found = []
    for index, (part, node) in enumerate(zip(diagram.parts, nodes, strict=False)):
        if part.kind != "operation":
            continue
        edges = [number for number, wire in enumerate(diagram.wires) if wire.source == index]
        diagram.wires[edges[0]].blank = "value"
        for number in edges:
            diagram.wires[number].value = ""
        part.value = ""
        answer = float(np.asarray(node.detach().numpy()))
        found.append((("wire", edges[0]), ("value", node, 0, answer, f"value of {calls[id(node)]}")))
    diagram.parts[-1].value = ""
    for wire in diagram.wires:
        wire.gradient = ""
    for part in diagram.parts:
        part.sum = part.total = ""
    return found
