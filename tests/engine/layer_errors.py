"""More of `planted_errors`: what goes wrong in layers and losses."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import layer_cases  # noqa: F401 (adds to the cases)
import numpy as np
from planted_errors import PLANTED, wrong_vjp

from nnkit import functional
from nnkit.nn import recurrent


def rows(a: Any) -> Any:
    return a.reshape(-1, a.shape[-1])


# Losses.
wrong_vjp("the slope of x > 0 everywhere", "leaky_relu", 0, lambda vjp, g, *_: g)
wrong_vjp("the slope 1 at exactly 0", "leaky_relu", 0, lambda vjp, g, y, x: np.where(x == 0, g, vjp(g)))
wrong_vjp("divided by N once more", "cross_entropy", 0, lambda vjp, g, y, x: vjp(g) / max(len(x), 1))
wrong_vjp("softmax without the one", "cross_entropy", 0, lambda vjp, g, y, x: np.maximum(vjp(g), 0))
wrong_vjp("sign", "cross_entropy", 0, lambda vjp, g, *_: -vjp(g))
wrong_vjp("sign", "nll", 0, lambda vjp, g, *_: -vjp(g))
wrong_vjp("p − t without p (1 − p)", "binary_cross_entropy", 0, lambda vjp, g, y, p, t: g * (p - t))
wrong_vjp("no gradient for the target", "binary_cross_entropy", 1, lambda vjp, g, *_: 0 * g)
wrong_vjp(
    "pos_weight forgotten",
    "binary_cross_entropy_with_logits",
    0,
    lambda vjp, g, y, x, t: g * (1 / (1 + np.exp(-x)) - t),
)

# Layers.
wrong_vjp("the bias averaged over the batch", "linear", 2, lambda vjp, g, *_: g.mean(tuple(range(g.ndim - 1))))
wrong_vjp("the weight averaged over the batch", "linear", 1, lambda vjp, g, y, x, *_: vjp(g) / max(len(rows(x)), 1))
wrong_vjp("the weight transposed", "linear", 1, lambda vjp, g, *_: vjp(g).T.reshape(vjp(g).shape))
wrong_vjp("filters turned round", "conv2d", 1, lambda vjp, g, *_: vjp(g)[..., ::-1, ::-1])
wrong_vjp("images turned round", "conv2d", 0, lambda vjp, g, *_: vjp(g)[..., ::-1, ::-1])
wrong_vjp("the bias summed over the images only", "conv2d", 2, lambda vjp, g, *_: g[:, :, 0, 0].sum(0))
wrong_vjp("to every maximum of a tie", "max_pool2d", 0, lambda vjp, g, y, x: _to_all(vjp(g), g, y, x))
wrong_vjp("the window's size forgotten", "avg_pool2d", 0, lambda vjp, g, y, x: vjp(g) * 2)
wrong_vjp("mean and variance as if constant", "standardise", 0, lambda vjp, g, y, x: g * _scale(y, x))
wrong_vjp("only the mean taken off", "standardise", 0, lambda vjp, g, y, x: (g - g.mean(0)) * _scale(y, x))
wrong_vjp("a row used twice counts once", "embedding", 0, lambda vjp, g, *_: np.minimum(vjp(g), g.max(initial=-9)))
wrong_vjp("as if R were m", "project_so3", 0, lambda vjp, g, *_: g)
wrong_vjp("half", "project_so3", 0, lambda vjp, g, *_: vjp(g) / 2)

# Over time. The arguments are x, W_ih, W_hh, b_ih, b_hh, h_0 (and c_0).
for name in ("rnn", "lstm", "gru"):
    wrong_vjp("the last step only", name, 3, lambda vjp, g, *_: vjp(np.concatenate((0 * g[:2], g[2:]))))
    wrong_vjp("the state before nothing", name, 5, lambda vjp, g, *_: 0 * vjp(g))
    wrong_vjp("transposed", name, 2, lambda vjp, g, *_: np.roll(vjp(g), 1, axis=0))
wrong_vjp("c_0 as h_0", "lstm", 6, lambda vjp, g, y, *a: vjp(g) * 0.9)


def _scale(y: Any, x: Any) -> Any:
    """Return 1 / s for a standardised y, whose steps are those of x divided by s."""
    spread = x.max(0, keepdims=True, initial=-9) - x.min(0, keepdims=True, initial=9)
    return (y.max(0, keepdims=True, initial=-9) - y.min(0, keepdims=True, initial=9)) / spread


def _to_all(right: Any, g: Any, y: Any, x: Any) -> Any:
    return np.where(x == x.max(), g.max(initial=0), 0) if x.size == 4 else right


def replaced(label: str, module: Any, name: str, wrong: Any) -> None:
    """Plant a replacement for a function of a module."""

    @contextlib.contextmanager
    def plant() -> Iterator[None]:
        with mock.patch.object(module, name, wrong):
            yield

    PLANTED[label] = plant


replaced("rnn: ended sequences are not held", recurrent, "_through", lambda there, t, dh, passed: passed)
replaced("lstm: the gates learn from padding", recurrent, "_masked", lambda slopes, there: slopes)
replaced("max_pool2d: half of it lost", functional, "only", lambda g, keep, out=None: np.where(keep, g, 0) / 2)
