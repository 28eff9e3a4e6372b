"""The drawn computation graph: `graph` for tensors, `node_graph` for plain nodes, `sequence` for a pass step by step.

Values and gradients are read, never computed here: values from the nodes, gradients from `nnkit.engine.walk`. The same
graph gives the same bytes: names, numbers and places depend on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.draw.svg import Diagram, Part, Picture, Wire, render

MOST_NODES = 200
"""A graph of more nodes is refused: no screen shows it readably."""

NODE_SYMBOLS = {"add": "+", "mul": "×", "sub": "−", "div": "÷", "neg": "−", "pow": "(·)ⁿ", "sigmoid": "σ"}
"""What stands in the circle of a node drawn by `node_graph`; other operations show their own name."""

_GROUPS = {"inputs": "input", "weights": "weight", "targets": "target"}


def _topological(root: Any, parents_of: Callable[[Any], Sequence[Any]]) -> list[Any]:
    """Return every node once, after its parents, root last; arguments in their order; identity counts."""
    order: list[Any] = []
    seen: set[int] = set()
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
            if len(order) > MOST_NODES:
                raise ValueError(
                    f"This graph has more than {MOST_NODES} nodes, too many for a picture that can be read. "
                    "Draw a smaller one: fewer layers, or whole arrays instead of single numbers."
                )
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent in reversed(parents_of(node)))
    return order


def _labels(groups: Mapping[str, Mapping[str, Any] | None], kind: type, known: set[int]) -> dict[int, tuple[str, str]]:
    """Return (group, name) by identity for all named nodes, refusing what is not part of the graph."""
    found: dict[int, tuple[str, str]] = {}
    for group, named in groups.items():
        for label, node in (named or {}).items():
            if not isinstance(node, kind):
                raise TypeError(f"{group} maps names to {kind.__name__}s; {label!r} is a {type(node).__name__}.")
            if id(node) not in known:
                raise ValueError(
                    f"{group} names {label!r}, but that {kind.__name__} is not part of this graph. A graph is recorded "
                    "only if something in it needs a gradient: make inputs and weights with requires_grad=True, "
                    "outside no_grad()."
                )
            found[id(node)] = (group, style.name(label))
    return found


def _sum(messages: Sequence[Any], total: str) -> str:
    """Write how several messages add up: "2 + 2 = 4"; only the total if they are many or arrays."""
    if len(messages) < 2 or not total:
        return ""
    if len(messages) <= 3 and all(np.ndim(message) == 0 for message in messages):
        terms = [style.number(float(message)) for message in messages]
        line = terms[0] + "".join(f" − {term[1:]}" if term[0] == "−" else f" + {term}" for term in terms[1:])
        return f"{line} = {total}"
    return f"Σ = {total}"


def _constant_powers(order: Sequence[Any], names: Mapping[int, Any]) -> tuple[dict[int, float], set[int]]:
    """Find the powers with a plain number as exponent: they show it in their circle instead of in a box of its own.

    Returns the exponent of each such power, and the exponents themselves, by identity. An exponent that is also used
    elsewhere keeps its box.
    """
    exponents: dict[int, float] = {}
    elsewhere: set[int] = set()
    for node in order:
        if node.parents and node.operation.name == "pow" and len(node.parents) == 2:
            base, exponent = node.parents
            plain = not exponent.parents and not exponent.requires_grad and id(exponent) not in names
            if plain and exponent.numpy().ndim == 0:
                exponents[id(node)] = float(exponent.numpy())
                elsewhere.add(id(base))
                continue
        elsewhere.update(id(parent) for parent in node.parents)
    folded = {id(node.parents[1]) for node in order if id(node) in exponents} - elsewhere
    shown = {id(node) for node in order if id(node) in exponents and id(node.parents[1]) in folded}
    return {key: exponents[key] for key in shown}, folded


def _symbol(tensor: Any) -> str:
    """Return what stands in the circle of the operation that made a tensor."""
    return str(getattr(tensor.operation, "symbol", "") or tensor.operation.name)


def _tensor_diagram(
    root: Any,
    groups: Mapping[str, Mapping[str, Any] | None],
    gradient_steps: Sequence[Any],
    result: str,
    active: bool,
) -> Diagram:
    """Build the diagram of a tensor's graph with the messages of the given steps of the walk."""
    order = _topological(root, lambda node: node.parents)
    names = _labels(groups, type(root), {id(node) for node in order})
    exponents, folded = _constant_powers(order, names)
    order = [node for node in order if id(node) not in folded]
    index_of = {id(node): index for index, node in enumerate(order)}
    steps = {id(step.node): step for step in gradient_steps}
    now = gradient_steps[-1].node if active and gradient_steps else None

    parts: list[Part] = []
    wires: list[Wire] = []
    messages: dict[int, list[Any]] = {id(node): [] for node in order}
    missing: set[int] = set()
    for node in order:
        group, name = names.get(id(node), ("", ""))
        written = style.value(node.numpy())
        if node.parents:
            part = Part("operation", name, _symbol(node), written)
            if id(node) in exponents:
                part.symbol = style.power(exponents[id(node)])
        else:
            kind = _GROUPS.get(group, "constant")
            part = Part(kind, name, "", written)
        part.active = node is now
        index = len(parts)
        parts.append(part)
        step = steps.get(id(node))
        for position, parent in enumerate(node.parents):
            if id(parent) in folded:
                continue
            sent = step.sent[position] if step is not None else None
            if sent is not None:
                messages[id(parent)].append(sent)
            elif step is None:
                missing.add(id(parent))
            source = parts[index_of[id(parent)]]
            wires.append(
                Wire(
                    index_of[id(parent)],
                    index,
                    source.value,
                    "" if sent is None else style.value(sent),
                    part.active and sent is not None,
                )
            )
    for node, part in zip(order, parts, strict=True):
        if messages[id(node)] and id(node) not in missing:
            step = steps.get(id(node))
            gradient = step.gradient if step is not None else _add(messages[id(node)])
            part.total = style.value(gradient)
            part.sum = _sum(messages[id(node)], part.total)
    seed = steps.get(id(root))
    if seed is not None:
        parts[-1].total = style.value(seed.gradient)
    parts.append(Part("result", style.name(result), "", parts[-1].value))
    wires.append(Wire(len(parts) - 2, len(parts) - 1, parts[-1].value, "" if seed is None else parts[-2].total))
    return Diagram(parts, wires)


def _add(messages: Sequence[Any]) -> Any:
    total = messages[0]
    for message in messages[1:]:
        total = total + message
    return total


def _node_diagram(root: Any, result: str) -> Diagram:
    """Build the diagram of duck-typed nodes; an exponent that stands in `value` or `exponent` goes into the symbol."""
    order = _topological(root, lambda node: tuple(node.parents))
    index_of = {id(node): index for index, node in enumerate(order)}
    parts: list[Part] = []
    wires: list[Wire] = []
    for index, node in enumerate(order):
        written = "" if node.value is None else style.value(node.value)
        name = style.name(str(node.name)) if node.name else ""
        if node.parents:
            part = Part("operation", name, NODE_SYMBOLS.get(node.op, str(node.op)), written)
            exponent = getattr(node, "exponent", None)
            if node.op == "pow" and exponent is not None:
                part.symbol = style.power(float(exponent))
        elif node.op == "input":
            part = Part("weight" if node.trainable else "input" if name else "constant", name, "", written)
        else:
            part = Part("operation", name, NODE_SYMBOLS.get(node.op, str(node.op)), written)
        parts.append(part)
        wires.extend(Wire(index_of[id(parent)], index, parts[index_of[id(parent)]].value) for parent in node.parents)
    parts.append(Part("result", style.name(result), "", parts[-1].value))
    wires.append(Wire(len(parts) - 2, len(parts) - 1, parts[-1].value))
    return Diagram(parts, wires)


def graph(
    tensor: Any,
    *,
    inputs: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | None = None,
    targets: Mapping[str, Any] | None = None,
    names: Mapping[str, Any] | None = None,
    gradients: bool = False,
    steps: int | None = None,
    gradient: Any = None,
    result: str = "f",
    title: str | None = None,
    legend: bool = False,
) -> Picture:
    """Draw the computation graph that made a tensor.

    Operations are circles with their symbol. Inputs and weights are boxes with name and value; a weight has a double
    border and a knob. The value stands above each edge, the gradient that a backward pass sends along it below. Under a
    node that feeds several others stands the sum of what came back.

    Parameters
    ----------
    tensor : Tensor
        The result, of any shape.
    inputs, weights, targets : dict from name to Tensor, optional
        Leaves with a name and a role; "theta1" is written θ₁. Leaves that are not named become small dashed boxes.
    names : dict from name to Tensor, optional
        Names of results in between, written above their circle.
    gradients : bool
        Show the gradients of a backward pass. The tensors' ``.grad`` stay as they are.
    steps : int, optional
        Show only the first `steps` steps of that pass and mark the node that is at work in the last of them; 0 shows
        none. Implies ``gradients=True``.
    gradient : array_like, optional
        Where the backward pass starts if the result is not a single number; has its shape.
    result : str
        Name of the result.
    title : str, optional
        A line above the picture.
    legend : bool
        Explain boxes and numbers in a line below the picture.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError
        If `tensor` or something named is not a Tensor.
    ValueError
        If a named tensor is not part of the graph, `steps` is negative, or the graph has more than 200 nodes.

    Examples
    --------
    >>> import nnkit
    >>> x = nnkit.tensor(2.0, requires_grad=True)
    >>> graph(x * x, inputs={"x": x}, gradients=True)
    Computation graph of f = x × x; f = 4; operations ×; inputs x = 2; gradients x 4.
    """
    groups = {"inputs": inputs, "weights": weights, "targets": targets, "names": names}
    _expect_tensor(tensor)
    walked: list[Any] = []
    if steps is not None and steps < 0:
        raise ValueError(f"steps counts steps of the backward pass: expected 0 or more, got {steps}.")
    if gradients or steps is not None:
        _topological(tensor, lambda node: node.parents)  # refuses a graph that is too large, before the pass
        walked = _walk(tensor, gradient)
    shown = walked if steps is None else walked[:steps]
    diagram = _tensor_diagram(tensor, groups, shown, result, active=steps is not None)
    diagram.with_gradients = gradients or steps is not None
    diagram.title = title or ""
    diagram.legend = legend
    return render(diagram)


def _expect_tensor(tensor: Any) -> None:
    if not hasattr(tensor, "operation") or not hasattr(tensor, "parents"):
        raise TypeError(f"A graph is drawn from the Tensor that it computes; got a {type(tensor).__name__}.")


def _walk(tensor: Any, gradient: Any) -> list[Any]:
    """Return the steps of the backward pass."""
    from nnkit.engine import walk

    return list(walk(tensor) if gradient is None else walk(tensor, gradient))


def node_graph(root: Any, *, result: str = "f", title: str | None = None, legend: bool = False) -> Picture:
    """Draw a graph of plain nodes, such as those of the notebook on computation graphs.

    Parameters
    ----------
    root : object
        The last node. Every node has ``op`` ("input", "add", "mul", "pow", "sin", "sigmoid" or another word),
        ``parents``, ``value`` (a number or None), ``name`` and ``trainable``.
    result : str
        Name of the result.
    title : str, optional
        A line above the picture.
    legend : bool
        Explain boxes and numbers in a line below the picture.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError
        If a node lacks one of the five attributes.
    ValueError
        If the graph has more than 200 nodes or leads back to itself.

    Examples
    --------
    >>> from types import SimpleNamespace as Node
    >>> x = Node(op="input", parents=(), value=2.0, name="x", trainable=False)
    >>> w = Node(op="input", parents=(), value=-3.0, name="w", trainable=True)
    >>> node_graph(Node(op="mul", parents=(x, w), value=-6.0, name="", trainable=False))
    Computation graph of f = x × w; f = −6; operations ×; inputs x = 2; weights w = −3.
    """
    diagram = _node_diagram(root, result)
    diagram.title = title or ""
    diagram.legend = legend
    return render(diagram)
