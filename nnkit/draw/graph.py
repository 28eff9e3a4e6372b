"""The drawn computation graph: `graph` for tensors, `node_graph` for plain nodes, `sequence` for a pass step by step.

Values and gradients are read, never computed here: values from the nodes, gradients from `nnkit.engine.walk`. The same
graph gives the same bytes: names, numbers and places depend on nothing else.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.draw.output import Output
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
        elif id(node) not in seen:
            seen.add(id(node))
            if len(seen) > MOST_NODES:
                raise ValueError(
                    f"This graph has more than {MOST_NODES} nodes, too many for a picture that can be read. "
                    "Draw a smaller one: fewer layers, or whole arrays instead of single numbers."
                )
            stack.append((node, True))
            stack.extend((parent, False) for parent in reversed(parents_of(node)))
    return order


def _labels(groups: Mapping[str, Mapping[str, Any] | None], known: set[int]) -> dict[int, tuple[str, str]]:
    """Return (group, name) by identity for all named tensors, refusing what is not part of the graph."""
    found: dict[int, tuple[str, str]] = {}
    for group, named in groups.items():
        for label, node in (named or {}).items():
            if not _is_tensor(node):
                raise TypeError(f"{group} maps names to Tensors; {label!r} is a {type(node).__name__}.")
            if id(node) not in known:
                raise ValueError(
                    f"{group} names {label!r}, but that Tensor is not part of this graph. A graph is recorded "
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
            if plain and np.ndim(_array(exponent)) == 0:
                exponents[id(node)] = float(_array(exponent))
                elsewhere.add(id(base))
                continue
        elsewhere.update(id(parent) for parent in node.parents)
    folded = {id(node.parents[1]) for node in order if id(node) in exponents} - elsewhere
    shown = {id(node) for node in order if id(node) in exponents and id(node.parents[1]) in folded}
    return {key: exponents[key] for key in shown}, folded


def _array(tensor: Any) -> Any:
    """Return a tensor's numbers, whether or not it needs a gradient."""
    return tensor.detach().numpy()


def _symbol(tensor: Any) -> str:
    """Return what stands in the circle of the operation that made a tensor."""
    return str(getattr(tensor.operation, "symbol", "") or tensor.operation.name)


def _tensor_diagram(
    root: Any,
    groups: Mapping[str, Mapping[str, Any] | None],
    walked: Sequence[Any],
    shown: int,
    active: int,
    result: str,
) -> Diagram:
    """Build the diagram of a tensor's graph with the messages of the first `shown` steps of the pass `walked`.

    The operation that works in step number `active` is marked.
    """
    order = _topological(root, lambda node: node.parents)
    names = _labels(groups, {id(node) for node in order})
    exponents, folded = _constant_powers(order, names)
    order = [node for node in order if id(node) not in folded]
    index_of = {id(node): index for index, node in enumerate(order)}
    step_of = {id(step.node): (number, step) for number, step in enumerate(walked, start=1)}

    parts: list[Part] = []
    wires: list[Wire] = []
    messages: list[list[Any]] = [[] for _ in order]
    for index, node in enumerate(order):
        group, name = names.get(id(node), ("", ""))
        number, step = step_of.get(id(node), (0, None))
        part = Part(_GROUPS.get(group, "constant"), name, "", style.value(_array(node)))
        if node.parents:
            part.kind, part.symbol = "operation", _symbol(node)
            if id(node) in exponents:
                part.symbol = style.power(exponents[id(node)])
        part.active = step is not None and number == active and bool(node.parents)
        parts.append(part)
        for position, parent in enumerate(node.parents):
            if id(parent) in folded:
                continue
            source = index_of[id(parent)]
            wire = Wire(source, index, parts[source].value)
            sent = step.sent[position] if step is not None else None
            if sent is not None:
                messages[source].append(sent)
                wire.gradient = style.value(sent)
                wire.arrived = number <= shown
                wire.active = part.active
                parts[source].arrived = parts[source].arrived and wire.arrived
            wires.append(wire)
    for node, part, received in zip(order, parts, messages, strict=True):
        step = step_of.get(id(node), (0, None))[1]
        if step is not None:
            part.total = style.value(step.gradient)
        elif received:
            part.total = style.value(_add(received))
        part.sum = _sum(received, part.total)
    parts.append(Part("result", style.name(result), "", parts[-1].value))
    wires.append(Wire(len(parts) - 2, len(parts) - 1, parts[-1].value, parts[-2].total))
    return Diagram(parts, wires)


def _add(messages: Sequence[Any]) -> Any:
    total = messages[0]
    for message in messages[1:]:
        total = total + message
    return total


def _parents_of_node(node: Any) -> tuple[Any, ...]:
    missing = [name for name in ("op", "parents", "value", "name", "trainable") if not hasattr(node, name)]
    if missing:
        raise TypeError(
            f"A node has op, parents, value, name and trainable; "
            f"this {type(node).__name__} has no {' and no '.join(missing)}."
        )
    return tuple(node.parents)


def _node_diagram(root: Any, result: str) -> Diagram:
    """Build the diagram of duck-typed nodes; an exponent that stands in `value` or `exponent` goes into the symbol."""
    order = _topological(root, _parents_of_node)
    index_of = {id(node): index for index, node in enumerate(order)}
    parts: list[Part] = []
    wires: list[Wire] = []
    for index, node in enumerate(order):
        if any(index_of[id(parent)] >= index for parent in node.parents):
            raise ValueError(
                "This graph leads back to itself: a node is its own ancestor. A computation graph has no cycle."
            )
        written = "" if node.value is None else style.value(node.value)
        name = style.name(str(node.name)) if node.name else ""
        if node.parents:
            part = Part("operation", name, NODE_SYMBOLS.get(node.op, str(node.op)), written)
            exponent = getattr(node, "exponent", None)
            if node.op == "pow" and exponent is not None:
                part.symbol = style.power(float(exponent))
                base = node.parents[0].value
                if node.value == exponent and (base is None or base**exponent != exponent):
                    # Such a node begins with its exponent in `value`: that is no result yet.
                    part.value = ""
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
        Show only the first `steps` steps of that pass and mark the operation that is at work in the last of them; 0
        shows only where the pass starts. Implies ``gradients=True``.
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
    shown, active = (len(walked), 0) if steps is None else (steps, steps)
    diagram = _tensor_diagram(tensor, groups, walked, shown, active, result)
    diagram.with_gradients = bool(walked)
    diagram.title = title or ""
    diagram.legend = legend
    return render(diagram)


def drawn_pass(
    tensor: Any,
    *,
    inputs: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | None = None,
    targets: Mapping[str, Any] | None = None,
    names: Mapping[str, Any] | None = None,
    gradient: Any = None,
    result: str = "f",
) -> tuple[Diagram, list[Any], list[Any]]:
    """Return what a picture of a whole backward pass is made from, for pictures of other kinds.

    Parameters
    ----------
    tensor, inputs, weights, targets, names, gradient, result
        As for `graph`.

    Returns
    -------
    diagram : Diagram
        Its last part is the result, its last wire the one to it.
    nodes : list of Tensor
        What each of the other parts stands for.
    steps : list of Step
        The pass, as `nnkit.engine.walk` gives it.
    """
    _expect_tensor(tensor)
    order = _topological(tensor, lambda node: node.parents)
    groups = {"inputs": inputs, "weights": weights, "targets": targets, "names": names}
    _, folded = _constant_powers(order, _labels(groups, {id(node) for node in order}))
    walked = _walk(tensor, gradient)
    diagram = _tensor_diagram(tensor, groups, walked, len(walked), 0, result)
    diagram.with_gradients = True
    return diagram, [node for node in order if id(node) not in folded], walked


def _is_tensor(candidate: Any) -> bool:
    return all(hasattr(candidate, name) for name in ("operation", "parents", "detach"))


def _expect_tensor(tensor: Any) -> None:
    if not _is_tensor(tensor):
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


class Steps(Output, Sequence[Picture]):
    """A backward pass as a sequence of pictures, one per step, each under a sentence that says what happens in it.

    Indexing gives the pictures; `sentences` the sentences. In a notebook all stand one under the other.

    Parameters
    ----------
    pictures : list of Picture
    sentences : list of str
        As many as there are pictures.
    """

    def __init__(self, pictures: list[Picture], sentences: list[str]) -> None:
        self.pictures = pictures
        self.sentences = sentences

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: Any) -> Any:
        return self.pictures[index]

    @property
    def html(self) -> str:
        """All steps as one piece of HTML: numbered sentences, each above its picture."""
        steps = "".join(
            '<li style="margin:0 0 1.2em 0;break-inside:avoid"><p style="margin:0 0 0.4em 0">'
            f"{html.escape(sentence)}</p>{picture.markup}</li>"
            for sentence, picture in zip(self.sentences, self.pictures, strict=True)
        )
        steps = f'<ol start="0" class="nnkit-steps" style="padding-left:1.8em;margin:0.4em 0">{steps}</ol>'
        return style.sheet() + steps

    def __repr__(self) -> str:
        return "\n".join(f"{index}. {sentence}" for index, sentence in enumerate(self.sentences))


def sequence(
    tensor: Any,
    *,
    inputs: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | None = None,
    targets: Mapping[str, Any] | None = None,
    names: Mapping[str, Any] | None = None,
    gradient: Any = None,
    result: str = "f",
) -> Steps:
    """Draw a backward pass step by step: one picture and one sentence for every operation, in the order of the pass.

    Parameters
    ----------
    tensor, inputs, weights, targets, names, gradient, result
        As for `graph`.

    Returns
    -------
    Steps
        Picture 0 shows the start, every further one the operation that works, marked by a ring.

    Raises
    ------
    TypeError, ValueError
        As `graph` does.

    Examples
    --------
    >>> import nnkit
    >>> a = nnkit.tensor(3.0, requires_grad=True)
    >>> b = a + a
    >>> sequence(b + b, inputs={"a": a}, names={"b": b}, result="c")
    0. Forward: c = 12. The backward pass starts at c with ∂c/∂c = 1.
    1. + (value 12) receives 1 and sends 1 · 1 = 1 to b; 1 · 1 = 1 to b. At b the messages add up: 1 + 1 = 2.
    2. b (+, value 6) receives 1 + 1 = 2 and sends 2 · 1 = 2 to a; 2 · 1 = 2 to a. At a the messages add up: 2 + 2 = 4.
       Done: ∂c/∂a = 4.
    """
    groups = {"inputs": inputs, "weights": weights, "targets": targets, "names": names}
    _expect_tensor(tensor)
    _topological(tensor, lambda node: node.parents)
    walked = _walk(tensor, gradient)
    end = style.name(result)
    pictures: list[Picture] = []
    sentences: list[str] = []
    for number in [0] + [number for number, step in enumerate(walked, start=1) if step.node.parents]:
        diagram = _tensor_diagram(tensor, groups, walked, number, number, result)
        diagram.with_gradients = True
        if number == 0:
            start = diagram.parts[-2]
            said = (
                f"Forward: {end} = {start.value}. The backward pass starts at {end} with ∂{end}/∂{end} = {start.total}."
            )
        else:
            said = _tell(diagram, walked[number - 1])
        diagram.notes.append(said.removesuffix("."))
        pictures.append(render(diagram))
        sentences.append(said)
    done = [
        f"∂{end}/∂{part.name} = {part.total}" for part in diagram.parts if part.kind in _GROUPS.values() and part.total
    ]
    if done:
        sentences[-1] += f" Done: {', '.join(done)}."
    return Steps(pictures, sentences)


def _call(part: Part) -> str:
    """Say which node is meant, in a sentence."""
    if part.kind != "operation":
        return part.name or f"the constant {part.value}"
    return part.name or f"{part.symbol} (value {part.value})"


def _tell(diagram: Diagram, step: Any) -> str:
    """Say what one operation receives and sends, with the numbers of the step."""
    parts = diagram.parts
    here = next(index for index, part in enumerate(parts) if part.active)
    part = parts[here]
    who = f"{part.name} ({part.symbol}, value {part.value})" if part.name else _call(part)
    sends, adds = [], []
    leaving = [wire for wire in diagram.wires if wire.target == here]
    sent = [message for message in step.sent if message is not None]
    for wire, message in zip([wire for wire in leaving if wire.gradient], sent, strict=True):
        parent = parts[wire.source]
        if np.ndim(message) == 0 and np.ndim(step.gradient) == 0 and step.gradient != 0:
            factor = style.number(float(message) / float(step.gradient))
            factor = f"({factor})" if factor.startswith("−") else factor
            sends.append(f"{style.number(float(step.gradient))} · {factor} = {wire.gradient} to {_call(parent)}")
        else:
            sends.append(f"{wire.gradient} to {_call(parent)}")
        if parent.sum and parent.arrived:
            line = f"At {_call(parent)} the messages add up: {parent.sum}."
            if line not in adds:
                adds.append(line)
    said = (
        f"{who} receives {part.sum or part.total} and sends {'; '.join(sends)}."
        if sends
        else f"{who} receives {part.total}."
    )
    return " ".join([said, *adds])
