"""The gradient check: does a backward pass agree with what happens when every input is moved a little?

The numbers it compares with come from central differences, (f(x + h) − f(x − h)) / 2h, in float64, one input entry at a
time; they know nothing of derivatives, so they make an independent witness.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnkit.engine import Tensor, from_numpy, no_grad


class GradientError(AssertionError):
    """A derivative is not what central differences say; the message names the input and the index."""


def gradcheck(
    fn: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    *,
    step: float = 1e-5,
    tolerance: float = 1e-6,
    floor: float = 1.0,
    seed: int = 0,
) -> bool:
    """Compare the gradients of `fn` with central differences, at every index of every input that requires one.

    Parameters
    ----------
    fn : callable
        Takes the inputs as tensors, returns a tensor or several; it must give the same result every time.
    inputs : Tensor or sequence of Tensor
        A tensor or several. Those that require gradients must be float64 and are checked.
    step : float
        How far an entry is moved to either side.
    tolerance : float
        The largest relative error |a − b| / max(floor, |a|, |b|) that passes.
    floor : float
        Below this size the error counts as it is, not relative to the derivative.
    seed : int
        For the random cotangent, which weighs the outputs so that no two errors cancel.

    Returns
    -------
    True
        If every derivative agrees.

    Raises
    ------
    GradientError
        If one does not, if `fn` changed an input, or if the result does not depend on the inputs.
    TypeError
        If no input requires a gradient, or one that does is not float64.

    Examples
    --------
    >>> import nnkit
    >>> x = nnkit.tensor(np.array([0.5, -1.0]), requires_grad=True)
    >>> gradcheck(lambda x: x.exp() * x, x)
    True
    >>> gradcheck(lambda x: x * x.detach(), x)
    Traceback (most recent call last):
    nnkit.gradient_check.GradientError: Input 0 at index (0,): the backward pass gives ..., central differences ...
    """
    given = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    checked = [i for i, value in enumerate(given) if isinstance(value, Tensor) and value.requires_grad]
    _require_checkable(given, checked)
    arrays = [value.detach().numpy().copy() if isinstance(value, Tensor) else value for value in given]

    def outputs(values: Sequence[Any]) -> list[Tensor]:
        result = fn(*values)
        parts = [result] if isinstance(result, Tensor) else list(result)
        return [part for part in parts if part.dtype.kind == "f"]

    def require_unchanged(by: str) -> None:
        for i, (value, array) in enumerate(zip(copies, arrays, strict=True)):
            if isinstance(value, Tensor) and not np.array_equal(value.detach().numpy(), array, equal_nan=True):
                raise GradientError(f"Input {i} was changed by {by}, which must leave its inputs as they are.")

    # The backward pass, from a random cotangent for each output.
    rng = np.random.default_rng(seed)
    copies = [_twin(value, array) for value, array in zip(given, arrays, strict=True)]
    results = outputs(copies)
    cotangents = [rng.uniform(0.5, 1.5, part.shape) * rng.choice([-1, 1], part.shape) for part in results]
    require_unchanged("the function")
    for result, cotangent in zip(results, cotangents, strict=True):
        if result.requires_grad:
            result.backward(cotangent, retain_graph=True)
    require_unchanged("the backward pass")

    # The witness: move one entry at a time.
    def weighted(moved: int, index: tuple[int, ...], distance: float) -> float:
        values = [_twin(value, array) for value, array in zip(given, arrays, strict=True)]
        values[moved].detach().numpy()[index] += distance
        with no_grad():
            parts = outputs(values)
        return sum(float((part.detach().numpy() * c).sum()) for part, c in zip(parts, cotangents, strict=True))

    for i in checked:
        gradient = np.zeros(arrays[i].shape) if copies[i].grad is None else copies[i].grad.numpy()
        for index in np.ndindex(arrays[i].shape):
            expected = (weighted(i, index, step) - weighted(i, index, -step)) / (2 * step)
            got = float(gradient[index])
            if not abs(got - expected) <= tolerance * max(floor, abs(got), abs(expected)):
                raise GradientError(
                    f"Input {i} at index {index}: the backward pass gives {got:.6g}, "
                    f"central differences {expected:.6g}."
                    f" Look at the derivative with respect to that argument, of shape {arrays[i].shape}."
                )
    return True


def _require_checkable(given: Sequence[Any], checked: Sequence[int]) -> None:
    if not checked:
        raise TypeError("gradcheck needs at least one input tensor with requires_grad=True.")
    for i in checked:
        if given[i].dtype != np.float64:
            raise TypeError(
                f"gradcheck needs float64, input {i} is {given[i].dtype}; in float32 rounding hides the difference. "
                "Make it with .double()."
            )


def _twin(value: Any, array: Any) -> Any:
    """Return a fresh leaf like `value`, with the same memory layout, so that a pass leaves the original alone."""
    if not isinstance(value, Tensor):
        return value
    strided = np.empty_like(value.detach().numpy())
    strided[...] = array
    return from_numpy(strided).requires_grad_(value.requires_grad)
