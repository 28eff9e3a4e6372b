"""Does the gradient test notice a wrong derivative?

Each error here is planted into the engine for a moment, and the function that `test_primitives.test_derivative` runs is
run on every case: it must fail on at least one. `python tests/engine/planted_errors.py` prints the score.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np
from gradient_cases import CASES, check

from nnkit.engine import PRIMITIVES, Node, backward, graph

Plant = Callable[[], contextlib.AbstractContextManager[Any]]
PLANTED: dict[str, Plant] = {}


def wrong_vjp(label: str, name: str, argument: int, wrong: Callable[..., Any]) -> None:
    """Plant a derivative: `wrong` gets the right vjp, g, the value and the arguments."""

    @contextlib.contextmanager
    def plant() -> Iterator[None]:
        made = PRIMITIVES[name]
        right_function = made.function

        def function(*arrays: Any, **constants: Any) -> Any:
            value, vjps = right_function(*arrays, **constants)
            changed = list(vjps)
            kept = {
                "vjps": vjps,
                "all": (value, *arrays[: len(vjps)]),
            }  # in a dict the engine does not see that they are kept
            if argument < len(changed):
                changed[argument] = lambda g: wrong(kept["vjps"][argument], g, *kept["all"])
            return value, tuple(changed)

        with mock.patch.object(made, "function", function):
            yield

    PLANTED[f"{name}: {label}"] = plant


def wrong_engine(label: str, name: str, wrong: Callable[..., Any]) -> None:
    """Plant a replacement for a function of the engine."""
    module = graph if hasattr(graph, name) else backward
    PLANTED[f"{name}: {label}"] = lambda: mock.patch.object(module, name, wrong)


# Sign.
wrong_vjp("sign of the second argument", "sub", 1, lambda vjp, g, *_: g)
wrong_vjp("sign of the divisor", "div", 1, lambda vjp, g, *_: -vjp(g))
wrong_vjp("sign lost", "cos", 0, lambda vjp, g, y, x: g * np.sin(x))
wrong_vjp("sign lost", "neg", 0, lambda vjp, g, *_: g)
wrong_vjp("sign ignored", "abs", 0, lambda vjp, g, *_: g)

# A factor missing, or one too many.
wrong_vjp("factor of the exponent missing", "pow", 0, lambda vjp, g, y, x, p: g * x ** (p - 1))
wrong_vjp("exponent not lowered", "pow", 0, lambda vjp, g, y, x, p: g * p * x**p)
wrong_vjp("logarithm missing", "pow", 1, lambda vjp, g, y, x, p: g * y)
wrong_vjp("half missing", "sqrt", 0, lambda vjp, g, y, x: g / y)
wrong_vjp("only the value, not times 1 − value", "sigmoid", 0, lambda vjp, g, y, x: g * y)
wrong_vjp("not squared", "tanh", 0, lambda vjp, g, y, x: g * (1 - y))
wrong_vjp("divisor not squared", "div", 1, lambda vjp, g, y, x, d: -g * x / d)
wrong_vjp("the incoming gradient left out", "exp", 0, lambda vjp, g, y, x: y)
wrong_vjp("zero", "log", 0, lambda vjp, g, *_: 0 * g)
wrong_vjp("off by n", "mean", 0, lambda vjp, g, y, x: vjp(g) * max(x.size, 1))
wrong_vjp("the mean's own part", "var", 0, lambda vjp, g, y, x: vjp(g) + 0.01 * g.sum())
wrong_vjp("squared length instead of length", "norm", 0, lambda vjp, g, y, x: vjp(g) * 2)
wrong_vjp("one in a thousand too large", "atan", 0, lambda vjp, g, *_: vjp(g) * 1.001)

# The wrong argument, the wrong place.
wrong_vjp("own value instead of the other's", "mul", 0, lambda vjp, g, y, a, b: g * a)
wrong_vjp("also where it was cut", "relu", 0, lambda vjp, g, *_: g)
wrong_vjp("a little where it was cut", "relu", 0, lambda vjp, g, y, x: np.where(x > 0, g, 0.01 * g))
wrong_vjp("slope 1 at exactly 0", "relu", 0, lambda vjp, g, y, x: np.where(x >= 0, g, 0))
wrong_vjp("also outside the limits", "clamp", 0, lambda vjp, g, *_: g)
wrong_vjp("both branches", "where", 1, lambda vjp, g, *_: g)
wrong_vjp("the smaller one too", "maximum", 0, lambda vjp, g, *_: g)
wrong_vjp("ties shared along a dimension", "max", 0, lambda vjp, g, y, x: _shared(g, y, x))
wrong_vjp("everything that was there before", "setitem", 0, lambda vjp, g, *_: g)
wrong_vjp("the whole gradient for what was written", "setitem", 1, lambda vjp, g, *_: np.full_like(vjp(g), g.sum()))
wrong_vjp("everything that was there before", "write_through", 0, lambda vjp, g, *_: g)
wrong_vjp("the whole gradient for what was written", "write_through", 1, lambda vjp, g, *_: 0 * vjp(g) + g.sum())

# Axes and order.
wrong_vjp("left factor transposed", "matmul", 0, lambda vjp, g, *_: _transposed_if_square(vjp(g)))
wrong_vjp("right factor transposed", "matmul", 1, lambda vjp, g, *_: _transposed_if_square(vjp(g)))
wrong_vjp("summed over the wrong axis", "softmax", 0, lambda vjp, g, s, x: s * (g - (g * s).sum()))
wrong_vjp("as if elementwise", "softmax", 0, lambda vjp, g, s, x: g * s * (1 - s))
wrong_vjp("sum of gradients missing", "log_softmax", 0, lambda vjp, g, y, x: g - np.exp(y))
wrong_vjp("spread along the wrong axis", "sum", 0, lambda vjp, g, y, x: vjp(g).swapaxes(0, -1).reshape(x.shape))
wrong_vjp("back in columns", "reshape", 0, lambda vjp, g, y, x: g.reshape(x.shape, order="F"))
wrong_vjp("in reverse", "stack", 0, lambda vjp, g, *_: np.flip(vjp(g)))
wrong_vjp("the first part for all", "cat", 1, lambda vjp, g, y, *xs: g[tuple(slice(0, n) for n in xs[1].shape)])

# Values used more than once.
wrong_vjp("an entry taken twice counts once", "getitem", 0, lambda vjp, g, y, x: np.minimum(vjp(g), g.max(initial=-9)))
wrong_engine("first copy instead of the sum", "unbroadcast", lambda g, shape: _first(g, shape))
wrong_engine("mean instead of the sum", "unbroadcast", lambda g, shape: _mean(g, shape))
wrong_engine("only leading dimensions", "unbroadcast", lambda g, shape: _leading(g, shape))


def _shared(g: Any, y: Any, x: Any) -> Any:
    if g.ndim == x.ndim or (g.ndim == 0 and x.ndim != 1):
        return (x == y) * g / max(np.count_nonzero(x == y), 1)
    axis = next(i for i in range(x.ndim) if x.shape[:i] + x.shape[i + 1 :] == g.shape)
    best = x == x.max(axis=axis, keepdims=True)
    return best * np.expand_dims(g, axis) / best.sum(axis=axis, keepdims=True)


def _transposed_if_square(g: Any) -> Any:
    return g.swapaxes(-1, -2) if g.ndim > 1 and g.shape[-1] == g.shape[-2] else g


def _first(g: Any, shape: Any) -> Any:
    g = g[(0,) * (g.ndim - len(shape))] if g.size else np.zeros(shape)
    return np.broadcast_to(g[tuple(slice(0, 1) if n == 1 else slice(None) for n in shape)], shape)


def _mean(g: Any, shape: Any) -> Any:
    return RIGHT_UNBROADCAST(g, shape) * np.prod(shape) / max(g.size, 1)


def _leading(g: Any, shape: Any) -> Any:
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return np.broadcast_to(g[tuple(slice(0, 1) if n == 1 else slice(None) for n in shape)], shape)


RIGHT_UNBROADCAST = graph.unbroadcast
RIGHT_ACCUMULATE = Node.accumulate


def passes(arrive: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Return a backward pass in which messages meet as `arrive` says."""

    def wrong(order: Any, seed: Any) -> Any:
        arrived = {order[-1]: seed}
        while order:
            node = order.pop()
            gradient = arrived.pop(node, 0 * node.array)
            sent = node.messages(gradient)
            for parent, message in zip(node.parents, sent, strict=True):
                if message is not None:
                    arrived[parent] = arrive(arrived[parent], message) if parent in arrived else message.copy()
            yield node, gradient, sent

    return wrong


wrong_engine("the last message wins", "send_back", passes(lambda old, new: new.copy()))
wrong_engine("the first message wins", "send_back", passes(lambda old, new: old))
wrong_engine("messages averaged", "send_back", passes(lambda old, new: (old + new) / 2))
wrong_engine("parents in the order found", "oldest_first", lambda root: _as_found(root))
PLANTED["accumulate: overwrites"] = lambda: mock.patch.object(
    Node, "accumulate", lambda node, g: setattr(node, "grad", None) or RIGHT_ACCUMULATE(node, g)
)
PLANTED["accumulate: doubles"] = lambda: mock.patch.object(
    Node, "accumulate", lambda node, g: RIGHT_ACCUMULATE(node, 2 * g)
)


def _as_found(root: Any) -> Any:
    """Breadth first, each node once: a child may come after its parent."""
    found = [root]
    for node in found:
        found += [p for p, vjp in zip(node.parents, node.vjps, strict=True) if vjp and p not in found]
    return found[::-1]


def noticed(label: str) -> bool:
    """Plant one error and say whether the gradient test fails."""
    name = label.split(":")[0]
    with PLANTED[label]():
        for case in sorted(CASES, key=lambda case: case.primitive != name):  # the likeliest first
            try:
                check(case)
            except AssertionError:
                return True
    return False


if __name__ == "__main__":
    sys.modules["planted_errors"] = sys.modules["__main__"]  # what the next line imports adds to this table
    import layer_errors  # noqa: F401

    for case in CASES:
        check(case)  # nothing counts as noticed unless everything passes without an error
    missed = [label for label in PLANTED if not noticed(label)]
    print(f"{len(PLANTED) - len(missed)} of {len(PLANTED)} planted errors noticed by {len(CASES)} cases")
    for label in missed:
        print(f"  missed: {label}")
    sys.exit(bool(missed))
