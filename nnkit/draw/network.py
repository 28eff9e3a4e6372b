"""A network of fully connected layers, drawn neuron by neuron: wide layers are shortened, weights shown on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nnkit import nn
from nnkit.draw import style
from nnkit.draw.svg import TEXT_SIZE, Picture, text_at, text_width, xy

TOP = 8.0
SHOWN = 10
"""A layer of more neurons shows its first four and its last three, with ⋮ between."""

POSITIVE, NEGATIVE = style.colour("gradient"), style.colour("input")
"""Warm and solid, cool and dashed: the same pair as in `plots.filters`."""


@dataclass
class Layer:
    """A column of the picture: its size, the words under it, and which neurons are shown (None for the gap)."""

    size: int
    name: str
    activation: str = ""

    @property
    def shown(self) -> list[int | None]:
        """The indices of the neurons that are drawn, from top to bottom; None is the gap."""
        if self.size <= SHOWN:
            return list(range(self.size))
        return [0, 1, 2, 3, None, self.size - 3, self.size - 2, self.size - 1]


def network(
    layers: Any,
    *,
    weights: Sequence[Any] | bool | None = None,
    names: Sequence[str] | None = None,
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
    title: str | None = None,
) -> Picture:
    """Draw the layers of a network of fully connected neurons, from left to right. Biases are not drawn.

    Parameters
    ----------
    layers : sequence of int, or Module
        The number of inputs and of neurons in each layer; or a model, whose `Linear` layers are drawn in their order,
        with the activations that stand between them.
    weights : sequence of (outputs, inputs) arrays, or True, optional
        One for each step between layers, as `Linear` has them; True takes the model's own. Then a line is the wider
        the larger its weight is: warm and solid for a positive, cool and dashed for a negative one.
    names : sequence of str, optional
        What the layers are called.
    inputs, outputs : sequence of str, optional
        What the single inputs and outputs are called, such as ``["x1", "x2"]``.
    title : str, optional
        A line above the picture.

    Returns
    -------
    Picture

    Raises
    ------
    TypeError
        If a model has layers that are not made of single neurons, such as `Conv2d`.
    ValueError
        If there are fewer than two layers, or sizes, weights and names do not fit each other.

    Examples
    --------
    >>> network([784, 128, 10])
    Network: 784 inputs, layer 1 with 128 neurons, 10 outputs; 101,632 weights between them.
    >>> network([2, 1], weights=[[[0.5, -2.0]]], inputs=["x1", "x2"], outputs=["y"])
    Network: 2 inputs (x₁, x₂), 1 output (y); 2 weights between them, from −2 (dashed) to 0.5.
    """
    columns, own = _of_model(layers) if isinstance(layers, nn.Module) else (_of_sizes(layers), None)
    if weights is True:
        if own is None:
            raise ValueError("weights=True draws a model's own weights; beside sizes give the arrays.")
        weights = own
    matrices = None if weights is None or weights is False else _matrices(weights, columns)
    if names is not None:
        if len(names) != len(columns):
            raise ValueError(f"There are {len(columns)} layers with the inputs, but {len(names)} names.")
        for column, name in zip(columns, names, strict=True):
            column.name = str(name)
    ends = [_names(inputs, columns[0], "inputs"), _names(outputs, columns[-1], "outputs")]
    return _draw(columns, matrices, ends, title or "")


def _of_sizes(sizes: Any) -> list[Layer]:
    sizes = list(sizes)
    if len(sizes) < 2 or not all(isinstance(size, int | np.integer) and size > 0 for size in sizes):
        raise ValueError(f"A network is at least two sizes, positive whole numbers such as [2, 3, 1]; got {sizes}.")
    middle = [f"layer {number}" for number in range(1, len(sizes) - 1)]
    return [Layer(int(size), name) for size, name in zip(sizes, ["inputs", *middle, "outputs"], strict=True)]


def _of_model(model: Any) -> tuple[list[Layer], list[Any]]:
    """Return the layers of a model, and the weights between them."""
    sizes: list[int] = []
    matrices: list[Any] = []
    activations: dict[int, str] = {}
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            matrix = module.weight.detach().numpy()
            if sizes and sizes[-1] != matrix.shape[1]:
                raise ValueError(
                    f"{name} takes {matrix.shape[1]} inputs, but the Linear layer before it has {sizes[-1]} outputs: "
                    "these layers do not stand in one row. Give the sizes instead."
                )
            sizes += [matrix.shape[0]] if sizes else [matrix.shape[1], matrix.shape[0]]
            matrices.append(matrix)
        elif isinstance(module, nn.ReLU | nn.LeakyReLU | nn.Sigmoid | nn.Tanh | nn.Softmax) and sizes:
            activations[len(sizes) - 1] = type(module).__name__
        elif isinstance(module, nn.Conv2d | nn.Embedding | nn.RNN | nn.LSTM | nn.GRU):
            raise TypeError(
                f"network draws Linear layers; {name or 'this'} is a {type(module).__name__}. "
                "nnkit.summary(model, shape) prints any network."
            )
    if not sizes:
        raise TypeError(f"network draws Linear layers; this {type(model).__name__} has none.")
    columns = _of_sizes(sizes)
    for index, activation in activations.items():
        columns[index].activation = activation
    return columns, matrices


def _matrices(weights: Any, columns: Sequence[Layer]) -> list[Any]:
    arrays = [np.asarray(each.detach() if hasattr(each, "detach") else each, dtype=float) for each in weights]
    expected = [(after.size, before.size) for before, after in pairwise(columns)]
    if [array.shape for array in arrays] != expected:
        raise ValueError(
            f"These layers need weights of the shapes {', '.join(map(str, expected))} (outputs, inputs); "
            f"got {', '.join(str(array.shape) for array in arrays) or 'none'}."
        )
    if not all(np.isfinite(array).all() for array in arrays):
        raise ValueError("A weight that is not finite cannot be drawn as a line.")
    return arrays


def _names(given: Sequence[str] | None, column: Layer, what: str) -> list[str]:
    if given is not None and len(given) != column.size:
        raise ValueError(f"There are {column.size} {what}, but {len(given)} names for them.")
    return [style.name(str(name)) for name in given or ()]


def _draw(columns: Sequence[Layer], matrices: Sequence[Any] | None, ends: Sequence[list[str]], title: str) -> Picture:
    top = TOP + (24.0 if title else 0.0)
    margins = [max([text_width(name, TEXT_SIZE) + 8 for name in names], default=0.0) for names in ends]
    words = [[line for line in (column.name, f"{column.size:,}", column.activation) if line] for column in columns]
    half = [max(text_width(line, TEXT_SIZE) for line in lines) / 2 for lines in words]
    most = max(len(column.shown) for column in columns)
    pitch = 46.0 if most <= 4 else 36.0 if most <= 7 else 30.0
    radius = 0.36 * pitch
    middle = top + radius + (most - 1) * pitch / 2
    gaps = [max(140.0, left + right + 14) for left, right in pairwise(half)]
    x = 6.0 + max(half[0], radius + margins[0])
    places = [x]
    for gap in gaps:
        places.append(places[-1] + gap)
    width = places[-1] + max(half[-1], radius + margins[1]) + 6.0

    def height(column: Layer, rank: int) -> float:
        return middle + (rank - (len(column.shown) - 1) / 2) * pitch

    drawn = []
    largest = max((float(np.abs(matrix).max()) for matrix in matrices or ()), default=0.0) or 1.0
    for step, (before, after) in enumerate(pairwise(columns)):
        for to, neuron in enumerate(after.shown):
            for start, source in enumerate(before.shown):
                if neuron is not None and source is not None:
                    ends_at = (
                        xy(places[step] + radius, height(before, start)),
                        xy(places[step + 1] - radius, height(after, to)),
                    )
                    ink = 'stroke="currentColor" stroke-width="0.8" stroke-opacity="0.55"'
                    if matrices is not None:
                        ink = _weight_ink(float(matrices[step][neuron, source]) / largest)
                    drawn.append(f'<path class="edge" d="M{ends_at[0]}L{ends_at[1]}" fill="none" {ink}/>')
    for index, column in enumerate(columns):
        colour = style.colour("input") if index == 0 else "currentColor"
        for rank, shown in enumerate(column.shown):
            y = height(column, rank)
            if shown is None:
                drawn.append(text_at(places[index], y + 6, "⋮", 19.0))
                continue
            # Inputs are boxes, as in drawn graphs; neurons are circles.
            drawn.append(
                f'<rect class="shape" x="{xy(places[index] - radius)}" y="{xy(y - radius)}" '
                f'width="{xy(2 * radius)}" height="{xy(2 * radius)}" '
                f'rx="{xy(4.0 if index == 0 else radius)}" fill="{colour}" '
                f'fill-opacity="{0.14 if index == 0 else 0.05}" stroke="{colour}" stroke-width="1.6"/>'
            )
            for names, at, side in ((ends[0], 0, -1), (ends[1], len(columns) - 1, 1)):
                if names and index == at:
                    off = side * (radius + 5 + text_width(names[shown], TEXT_SIZE) / 2)
                    drawn.append(text_at(places[index] + off, y + 4.5, names[shown], TEXT_SIZE))
        below = middle + (most - 1) * pitch / 2 + radius
        for line, text in enumerate(words[index]):
            drawn.append(text_at(places[index], below + 20 + 17 * line, text, TEXT_SIZE))
    full = below + 24 + 17 * (max(map(len, words)) - 1)
    body = f'<g transform="translate(0 0)">{"".join(drawn)}</g>'
    if title:
        long = text_width(title, 14.5)
        body = text_at(6 + long / 2, 17, title, 14.5, ' font-weight="600"') + body
        width = max(width, long + 12)
    return Picture(body, width, full, _alt(columns, matrices, ends), title or "Network")


def _weight_ink(share: float) -> str:
    """Return how the line of a weight is drawn, from its share of the largest one."""
    colour, dash = (NEGATIVE, ' stroke-dasharray="6 3"') if share < 0 else (POSITIVE, "")
    if share == 0:
        return 'stroke="none"'
    return f'stroke="{colour}" stroke-width="{xy(0.4 + 4.1 * abs(share))}" stroke-opacity="0.85"{dash}'


def _alt(columns: Sequence[Layer], matrices: Sequence[Any] | None, ends: Sequence[list[str]]) -> str:
    """Say in words what the picture shows."""
    said = []
    for index, column in enumerate(columns):
        if column.name in ("inputs", "outputs"):
            words = f"{column.size:,} {column.name.removesuffix('s') if column.size == 1 else column.name}"
        else:
            words = f"{column.name} with {column.size:,} neuron{'s' if column.size != 1 else ''}"
        names = ends[0] if index == 0 else ends[1] if index == len(columns) - 1 else []
        inside = ", ".join([*([column.activation] if column.activation else []), *names[:SHOWN]])
        said.append(words + (f" ({inside})" if inside else ""))
    count = sum(before.size * after.size for before, after in pairwise(columns))
    text = f"Network: {', '.join(said)}; {count:,} weight{'s' if count != 1 else ''} between them"
    if matrices is not None:
        low, high = min(float(matrix.min()) for matrix in matrices), max(float(matrix.max()) for matrix in matrices)
        text += f", from {style.number(low)}{' (dashed)' if low < 0 else ''} to {style.number(high)}"
    return text + "."
