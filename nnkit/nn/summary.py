"""A table of a network: its layers, the shapes that run through them, and how many parameters they have."""

from __future__ import annotations

from typing import Any

from nnkit.engine import Tensor, float32, no_grad, zeros
from nnkit.nn.module import Module


def summary(model: Module, input_shape: tuple[int, ...], dtype: Any = float32) -> None:
    """Print every layer with the shape of its output and the number of its parameters.

    Parameters
    ----------
    model : Module
        The network; it is run once on zeros, in evaluation mode, and left as it was.
    input_shape : tuple of int
        The shape of one sample, without the batch; N stands for the batch in the table.
    dtype : numpy.dtype
        That of the input, int64 for a network that begins with an Embedding.

    Examples
    --------
    >>> from nnkit import nn
    >>> summary(nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)), (784,))
    Layer       Output shape  Parameters
    ------------------------------------
    0 (Linear)  (N, 128)         100,480
    1 (ReLU)    (N, 128)               0
    2 (Linear)  (N, 10)            1,290
    ------------------------------------
    Parameters: 101,770 (101,770 trainable)
    """
    rows = [("Layer", "Output shape", "Parameters")]
    layers = [(name, module) for name, module in model.named_modules() if not any(module.children())]
    modes = [(module, module.training) for module in model.modules()]

    def watched(name: str, module: Module) -> Any:
        def forward(*inputs: Any, **options: Any) -> Any:
            result = type(module).forward(module, *inputs, **options)
            count = sum(parameter.node.array.size for parameter in module.parameters())
            label = f"{name} ({type(module).__name__})" if name else type(module).__name__
            rows.append((label, _shape(result), f"{count:,}"))
            return result

        return forward

    try:
        for name, module in layers:
            module.forward = watched(name, module)  # type: ignore[method-assign]
        with no_grad():
            model.eval()(zeros(2, *input_shape, dtype=dtype))
    finally:
        for _, module in layers:
            vars(module).pop("forward", None)
        for module, mode in modes:
            module.training = mode
    first, second, third = (max(len(row[i]) for row in rows) for i in range(3))
    lines = [f"{a:<{first}}  {b:<{second}}  {c:>{third}}" for a, b, c in rows]
    rule = "-" * len(lines[0])
    sizes = [(parameter.node.array.size, parameter.requires_grad) for parameter in model.parameters()]
    total, trained = sum(size for size, _ in sizes), sum(size for size, trains in sizes if trains)
    print("\n".join([lines[0], rule, *lines[1:], rule, f"Parameters: {total:,} ({trained:,} trainable)"]))


def _shape(result: Any) -> str:
    """Write the shape of an output, with N for the batch of 2 that was sent in."""
    if not isinstance(result, Tensor):
        result = result[0]  # a recurrent layer returns its state besides
    sizes = list(result.shape)
    return f"({', '.join(['N', *map(str, sizes[1:])])}{',' if len(sizes) == 1 else ''})"
