"""Helpers for training: clipping of gradients, and `rnn` for sequences."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nnkit.engine import Tensor, no_grad, tensor
from nnkit.nn.utils import rnn

__all__ = ["clip_grad_norm_", "clip_grad_value_", "rnn"]


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor], max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> Tensor:
    """Scale all gradients by one factor, in place, so that their joint norm is at most `max_norm`.

    Parameters
    ----------
    parameters : Tensor or iterable of Tensor
        A tensor or several; those without a gradient are passed over.
    max_norm : float
        The largest norm allowed.
    norm_type : float
        p of the p-norm, 2 for the Euclidean; may be infinity.
    error_if_nonfinite : bool
        Whether a norm that is infinite or NaN is an error.

    Returns
    -------
    Tensor
        The norm as it was before.

    Examples
    --------
    >>> w = tensor([0.0, 0.0], requires_grad=True)
    >>> w.grad = tensor([3.0, 4.0])
    >>> clip_grad_norm_(w, 1.0), w.grad
    (tensor(5.), tensor([0.6, 0.8]))
    """
    gradients = _gradients(parameters)
    # In float64, where the square of a float32 cannot overflow.
    sizes = [np.linalg.norm(g.numpy().astype(np.float64).ravel(), norm_type) for g in gradients if 0 not in g.shape]
    norm = float(np.linalg.norm(sizes, norm_type)) if sizes else 0.0
    if error_if_nonfinite and not np.isfinite(norm):
        raise RuntimeError(f"The norm of the gradients is {norm}, so they cannot be scaled. Look for what overflowed.")
    if norm > max_norm - 1e-6 or norm != norm:
        with no_grad():
            for gradient in gradients:
                gradient *= max_norm / (norm + 1e-6)
    return tensor(np.asarray(norm, gradients[0].dtype if gradients else np.float32))


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Bring every number of every gradient, in place, between −`clip_value` and `clip_value`.

    Unlike `clip_grad_norm_` this turns the direction of the step.

    Parameters
    ----------
    parameters : Tensor or iterable of Tensor
        A tensor or several; those without a gradient are passed over.
    clip_value : float
        The largest size allowed.

    Examples
    --------
    >>> w = tensor([0.0, 0.0], requires_grad=True)
    >>> w.grad = tensor([-3.0, 0.5])
    >>> clip_grad_value_(w, 1.0)
    >>> w.grad
    tensor([-1.0,  0.5])
    """
    for gradient in _gradients(parameters):
        gradient[...] = gradient.clamp(-float(clip_value), float(clip_value))


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    return [parameter.grad for parameter in parameters if parameter.grad is not None]
